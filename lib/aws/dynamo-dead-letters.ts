/** Keeps dead letters in DynamoDB until they are sent again. */
import type { DeadLetter, DeadLetterStore } from '../bot/operator/dead-letters.ts';
import type { DocumentTable } from './document-table.ts';
import { keys } from '../bot/record/table-keys.ts';
import { INDEXES } from './table.ts';

const DEAD_LIST = 'DEAD';

export function createDynamoDeadLetters(table: DocumentTable): DeadLetterStore {
  return {
    keep: (letter) =>
      table.put(
        {
          pk: keys.dead(letter.messageId),
          letter,
          listKey: DEAD_LIST,
          listSort: new Date(letter.diedAtMs).toISOString(),
        },
        { expression: 'attribute_not_exists(pk)' },
      ),
    async list(limit) {
      const items = await table.query({ index: INDEXES.byList, hash: DEAD_LIST, newestFirst: true, limit });
      return items.flatMap(({ letter }) => (letter ? [letter as DeadLetter] : []));
    },
    async get(messageId) {
      return (await table.get(keys.dead(messageId)))?.['letter'] as DeadLetter | undefined;
    },
    async remove(messageId) {
      await table.delete(keys.dead(messageId));
    },
  };
}
