/** Makes the table as the stack does, if it is not there yet. */
import {
  CreateTableCommand,
  DynamoDBClient,
  ResourceInUseException,
  waitUntilTableExists,
  type DynamoDBClientConfig,
} from '@aws-sdk/client-dynamodb';
import { INDEXES } from '../../../lib/aws/table.ts';

/** A server of its own takes its time to make a table, and answers nothing before. */
const READY_WITHIN_SECONDS = 60;
/** The embedded one has it some milliseconds after it has said that it is being made. */
const ASKED_AGAIN_SECONDS = { minDelay: 0.01, maxDelay: 1 };

const NUMBERS: readonly string[] = ['createdAtMs', 'dueAtMs'];

export async function createTable(tableName: string, config: DynamoDBClientConfig): Promise<void> {
  const client = new DynamoDBClient(config);
  try {
    await createIfAbsent(client, tableName);
    await waitUntilTableExists(
      { client, ...ASKED_AGAIN_SECONDS, maxWaitTime: READY_WITHIN_SECONDS },
      { TableName: tableName },
    );
  } finally {
    client.destroy();
  }
}

async function createIfAbsent(client: DynamoDBClient, tableName: string): Promise<void> {
  const indexes = Object.values(INDEXES);
  const attributes = ['pk', ...new Set(indexes.flatMap(({ hash, range }) => [hash, range]))];
  try {
    await client.send(
      new CreateTableCommand({
        TableName: tableName,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: attributes.map((name) => ({
          AttributeName: name,
          AttributeType: NUMBERS.includes(name) ? 'N' : 'S',
        })),
        GlobalSecondaryIndexes: indexes.map(({ name, hash, range }) => ({
          IndexName: name,
          KeySchema: [
            { AttributeName: hash, KeyType: 'HASH' },
            { AttributeName: range, KeyType: 'RANGE' },
          ],
          Projection: {
            ProjectionType: name === INDEXES.byList.name ? 'ALL' : 'KEYS_ONLY',
          },
        })),
      }),
    );
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
}
