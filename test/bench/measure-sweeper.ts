/** One sweep over tables of different sizes on the embedded DynamoDB: its calls and its time must follow the due runs, nothing else. */
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { createTable } from '../../infra/local/stores/create-stores.ts';
import { startEmbeddedStores } from '../../infra/local/stores/embedded-stores.ts';
import { createDocumentTable, type Item } from '../../lib/aws/document-table.ts';
import { createDynamoRunStore } from '../../lib/aws/dynamo-run-store.ts';
import type { BotDeps } from '../../lib/bot/runs/bot-deps.ts';
import { sweepRuns } from '../../lib/bot/runs/sweep.ts';
import { aRun } from '../lib/bot/a-run.ts';
import { rounded } from './figures.ts';
import { startRelay } from './start-relay.ts';

export interface SweepRow {
  readonly ended: number;
  readonly open: number;
  readonly due: number;
  readonly dynamoDbCalls: number;
  readonly messages: number;
  readonly ms: number;
}

const TABLE = 'sweep';
/** The embedded server runs in this very process and may be busy for a while. */
const PATIENT = { connectionTimeout: 60_000 };
const NOW_MS = 1_800_000_000_000;
const BATCH = 25;
const SIDE_BY_SIDE = 8;
const HOUR_MS = 3_600_000;

export const SWEEP_SIZES = [
  { ended: 10, open: 10, due: 10 },
  { ended: 1_000, open: 10, due: 10 },
  { ended: 10_000, open: 10, due: 10 },
  { ended: 10, open: 1_000, due: 10 },
  { ended: 10, open: 10_000, due: 10 },
  { ended: 10, open: 1_000, due: 1_000 },
] as const;
/** Takes about a minute more. */
export const FULL_SWEEP_SIZES = [
  ...SWEEP_SIZES,
  { ended: 100_000, open: 10, due: 10 },
  { ended: 100_000, open: 10_000, due: 10 },
] as const;

export async function measureSweeper(
  sizes: readonly { ended: number; open: number; due: number }[],
): Promise<SweepRow[]> {
  const rows: SweepRow[] = [];
  for (const size of sizes) rows.push(await sweepOnce(size));
  return rows;
}

async function sweepOnce({
  ended,
  open,
  due,
}: {
  ended: number;
  open: number;
  due: number;
}): Promise<SweepRow> {
  const stores = await startEmbeddedStores(undefined);
  const relay = await startRelay({ delayMs: 0, target: stores.dynamoDbUrl });
  const config = {
    region: 'us-east-1',
    endpoint: stores.dynamoDbUrl,
    credentials: stores.credentials,
    requestHandler: PATIENT,
  };
  await createTable(TABLE, config);
  await fill(config, ended, open, due);
  const table = createDocumentTable(TABLE, { ...config, endpoint: relay.url });
  let messages = 0;
  const deps: Partial<BotDeps> = {
    runs: createDynamoRunStore(table, () => NOW_MS),
    runQueue: {
      send: () => {
        messages += 1;
        return Promise.resolve();
      },
    },
    nowMs: () => NOW_MS,
  };
  const startedAtMs = performance.now();
  const swept = await sweepRuns(deps as BotDeps, NOW_MS + HOUR_MS);
  const ms = rounded(performance.now() - startedAtMs, 0);
  if (swept.due !== due) throw new Error(`${swept.due} runs were swept, not ${due}`);
  const row = { ended, open, due, dynamoDbCalls: relay.calls.length, messages, ms };
  await relay.close();
  await stores.close();
  return row;
}

/** Writes the very items that the store would, many at a time. */
async function fill(config: DynamoDBClientConfig, ended: number, open: number, due: number) {
  const items = await itemsOf(ended, open, due);
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(config), {
    marshallOptions: { removeUndefinedValues: true },
  });
  const batches: Item[][] = [];
  for (let at = 0; at < items.length; at += BATCH) batches.push(items.slice(at, at + BATCH));
  const writeNext = async (): Promise<void> => {
    for (let batch = batches.pop(); batch; batch = batches.pop()) {
      const puts = batch.map((Item) => ({ PutRequest: { Item } }));
      await client.send(new BatchWriteCommand({ RequestItems: { [TABLE]: puts } }));
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, writeNext));
  client.destroy();
}

async function itemsOf(ended: number, open: number, due: number): Promise<Item[]> {
  const items: Item[] = [];
  const catcher = {
    put: (item: Item) => {
      items.push(item);
      return Promise.resolve(true);
    },
  } as unknown as Parameters<typeof createDynamoRunStore>[0];
  const store = createDynamoRunStore(catcher, () => NOW_MS);
  for (let at = 0; at < ended + open; at += 1) {
    const runKey = `pb-${String(at).padStart(26, '0')}`;
    const subject = { kind: 'pull-request', number: at, fromFork: false } as const;
    const isOpen = at < open;
    const dueAtMs = at < due ? NOW_MS - 60_000 - at : NOW_MS + HOUR_MS + at;
    await store.create(
      aRun({
        runKey,
        subject,
        createdAtMs: NOW_MS - at,
        ...(isOpen ? { dueAtMs } : { state: 'reported', endedAtMs: NOW_MS }),
      }),
    );
  }
  return items;
}
