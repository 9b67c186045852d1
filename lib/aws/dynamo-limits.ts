/** Keeps in DynamoDB until when an outside system wants no calls: one small item for each account there. */
import { keys } from '../bot/record/table-keys.ts';
import type { CallKind, LimitStore } from '../http/call-limits.ts';
import type { DocumentTable } from './document-table.ts';
import { TTL_ATTRIBUTE } from './table.ts';

const ATTRIBUTES: Readonly<Record<CallKind, string>> = { read: 'readFromMs', write: 'writeFromMs' };

export function createDynamoLimits(table: DocumentTable): LimitStore {
  return {
    async get(account) {
      const item = await table.get(keys.limit(account));
      return item && { read: Number(item[ATTRIBUTES.read] ?? 0), write: Number(item[ATTRIBUTES.write] ?? 0) };
    },
    async raise(account, kind, untilMs) {
      await table.update(
        keys.limit(account),
        {
          expression: 'SET #from = :until, #expires = :expires',
          names: { '#from': ATTRIBUTES[kind], '#expires': TTL_ATTRIBUTE },
          values: { ':until': untilMs, ':expires': Math.ceil(untilMs / 1000) + KEEP_SECONDS },
        },
        'attribute_not_exists(#from) OR #from < :until',
      );
    },
  };
}

/** The longest limit of GitHub's lasts an hour: the other kind's time is not lost with the item. */
const KEEP_SECONDS = 2 * 60 * 60;
