/** Makes the table as the stack does, if it is not there yet. */
import {
  CreateTableCommand,
  DynamoDBClient,
  ResourceInUseException,
  type DynamoDBClientConfig,
} from '@aws-sdk/client-dynamodb';
import { INDEXES } from '../../../lib/aws/table.ts';

const NUMBERS: readonly string[] = ['createdAtMs', 'dueAtMs'];

export async function createTable(tableName: string, config: DynamoDBClientConfig): Promise<void> {
  const client = new DynamoDBClient(config);
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
            ProjectionType:
              name === INDEXES.due.name || name === INDEXES.openByProject.name ? 'KEYS_ONLY' : 'ALL',
          },
        })),
      }),
    );
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  } finally {
    client.destroy();
  }
}
