/** What a relayed call was about, in words that stay the same from run to run: `GetItem PROJECT#`, `POST /repos/*​/check-runs`. */
import type { RelayedCall } from './start-relay.ts';

/** Undefined: AWS' own work (a queue's polling), which no function of the bot does. */
export function nameCall({ target, method, path, requestText }: RelayedCall): string | undefined {
  if (target === undefined) return `${method} ${pathOf(path)}`;
  const operation = target.split('.').at(-1) ?? target;
  if (target.startsWith('AmazonSQS'))
    return operation === 'SendMessage' ? `SendMessage ${queueOf(requestText)}` : undefined;
  return `${operation} ${itemOf(requestText)}`;
}

function pathOf(path: string): string {
  return path
    .replace(/\?.*/, '')
    .replace(/^\/repos\/[^/]+\/[^/]+/, '/repos/*')
    .replace(/\/\d+(?=\/|$)/g, '/*')
    .replace(/\/[0-9a-f]{40}(?=\/|$)/g, '/*')
    .replace(/(collaborators)\/[^/]+/, '$1/*');
}

function queueOf(text: string): string {
  return (
    String((JSON.parse(text) as { QueueUrl?: string }).QueueUrl)
      .split('/')
      .at(-1) ?? ''
  );
}

interface DynamoCall {
  readonly Key?: { readonly pk?: { readonly S?: string } };
  readonly Item?: { readonly pk?: { readonly S?: string } };
  readonly IndexName?: string;
  readonly RequestItems?: Readonly<Record<string, { readonly Keys: readonly Required<DynamoCall>['Key'][] }>>;
}

function itemOf(text: string): string {
  const { Key, Item, IndexName, RequestItems = {} } = JSON.parse(text) as DynamoCall;
  const [firstOfMany] = Object.values(RequestItems).flatMap(({ Keys }) => Keys);
  const pk = (Key ?? Item ?? firstOfMany)?.pk?.S;
  return pk === undefined ? (IndexName ?? '?') : pk.replace(/#.*/s, '#');
}
