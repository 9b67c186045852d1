/** The run store on a real embedded DynamoDB: the contract, and that nothing ever scans. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createDynamoRunStore } from '../../../lib/aws/dynamo-run-store.ts';
import type { RunStore } from '../../../lib/bot/record/run-store.ts';
import { runStoreContract } from './run-store-contract.ts';
import { startTable, type StartedTable } from './started-table.ts';

let started: StartedTable;
let store: RunStore;
beforeAll(async () => {
  started = await startTable();
  store = createDynamoRunStore(started.table, () => started.clock.nowMs);
});
afterAll(async () => {
  expect(new Set(started.operations)).toEqual(
    new Set(['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query']),
  );
  await started.close();
});

runStoreContract(() => ({ store, clock: started.clock }));

test('a claim that is given back while it is asked for is never thought to be held', async () => {
  const untilMs = started.clock.nowMs + 60_000;
  await store.claim('raced', 'a', untilMs);
  started.before('GetItem', async () => {
    await store.releaseClaim('raced', 'a');
    expect(await store.claim('raced', 'c', untilMs)).toBe('c');
    await store.releaseClaim('raced', 'c');
  });
  expect(await store.claim('raced', 'b', untilMs)).toBe('b');
  expect(await store.claim('raced', 'd', untilMs)).toBe('b');
});
