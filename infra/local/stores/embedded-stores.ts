/** Embeds DynamoDB and SQS: servers on loopback, in memory or in a folder that outlives a restart. */
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import dynalite from 'dynalite';
import { createEmbeddedQueues } from './embedded-queues.ts';
import { createStoreCredentials, openDoor, type StoreCredentials } from './loopback-door.ts';

export interface EmbeddedStores {
  readonly dynamoDbUrl: string;
  readonly sqsUrl: string;
  /** Made at this start; both stores refuse any other. */
  readonly credentials: StoreCredentials;
  close(): Promise<void>;
}

/** `dataDir` undefined keeps everything in memory. */
export async function startEmbeddedStores(dataDir: string | undefined): Promise<EmbeddedStores> {
  const credentials = createStoreCredentials();
  if (dataDir !== undefined) await makePrivate(dataDir);
  const database = dynalite({
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
    ...(dataDir === undefined ? {} : { path: join(dataDir, 'dynamodb') }),
  });
  const queues = createEmbeddedQueues(dataDir === undefined ? ':memory:' : join(dataDir, 'queues.db'));
  const [dynamoDb, sqs] = await Promise.all([
    openDoor(database, credentials, { finishesAnswers: true }),
    openDoor(queues.server, credentials),
  ]);
  return {
    dynamoDbUrl: dynamoDb.url,
    sqsUrl: sqs.url,
    credentials,
    async close() {
      await Promise.all([dynamoDb.close(), sqs.close()]);
      queues.close();
    },
  };
}

/** Table and queues hold what people wrote: only the owner may read them, also in a folder that was there before. */
async function makePrivate(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
}
