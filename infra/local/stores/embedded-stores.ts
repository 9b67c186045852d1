/** The embedded DynamoDB and SQS: real servers on loopback, in memory or in a folder that outlives a restart. */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import dynalite from 'dynalite';
import { startFauxqs } from 'fauxqs';

export interface EmbeddedStores {
  readonly dynamoDbUrl: string;
  readonly sqsUrl: string;
  close(): Promise<void>;
}

/** `dataDir` undefined keeps everything in memory. */
export async function startEmbeddedStores(dataDir: string | undefined): Promise<EmbeddedStores> {
  if (dataDir !== undefined) await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const [dynamoDb, sqs] = await Promise.all([startDynamoDb(dataDir), startSqs(dataDir)]);
  return {
    dynamoDbUrl: dynamoDb.url,
    sqsUrl: sqs.url,
    async close() {
      await Promise.all([dynamoDb.close(), sqs.close()]);
    },
  };
}

async function startDynamoDb(dataDir: string | undefined) {
  const server = dynalite({
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
    ...(dataDir === undefined ? {} : { path: join(dataDir, 'dynamodb') }),
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function startSqs(dataDir: string | undefined) {
  const folder = dataDir === undefined ? undefined : join(dataDir, 'sqs');
  if (folder !== undefined) {
    await mkdir(folder, { recursive: true });
    freeMessages(folder);
  }
  const server = await startFauxqs({
    port: 0,
    logger: false,
    ...(folder === undefined ? {} : { dataDir: folder }),
  });
  return { url: server.address, close: () => server.stop() };
}

/** Before the queues are opened. `folder` is theirs alone, so nobody else can have a message in hand. */
export function freeMessages(folder: string): void {
  const path = join(folder, 'fauxqs.db');
  if (!existsSync(path)) return;
  const database = new DatabaseSync(path);
  try {
    database.exec('UPDATE sqs_messages SET visibility_deadline = 1 WHERE receipt_handle IS NOT NULL');
  } catch {
    // Kept in another way than this version of the queues does: they come back by themselves, only later.
  } finally {
    database.close();
  }
}
