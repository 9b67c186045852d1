/** Makes the table and the queues as the stack does, where they are not there yet. */
import {
  CreateTableCommand,
  DynamoDBClient,
  ResourceInUseException,
  waitUntilTableExists,
  type DynamoDBClientConfig,
} from '@aws-sdk/client-dynamodb';
import { AwsError, type AwsCall } from '../../../lib/aws/aws-call.ts';
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

export interface QueueUrls {
  readonly commands: string;
  readonly runs: string;
  readonly deadCommands: string;
  readonly deadRuns: string;
}

/** Shorter than on AWS, so that a restart in the middle of a message is made good within a minute. */
const VISIBILITY_SECONDS = 45;
const MAX_RECEIVES = 5;

export async function createQueues(call: AwsCall): Promise<QueueUrls> {
  const deadCommands = await create(call, 'perf-bot-commands-dead', {});
  const deadRuns = await create(call, 'perf-bot-runs-dead', {});
  return {
    deadCommands,
    deadRuns,
    commands: await create(call, 'perf-bot-commands', await redrive(call, deadCommands)),
    runs: await create(call, 'perf-bot-runs', await redrive(call, deadRuns)),
  };
}

async function redrive(call: AwsCall, deadUrl: string): Promise<Record<string, string>> {
  const answer = await call('AmazonSQS.GetQueueAttributes', {
    QueueUrl: deadUrl,
    AttributeNames: ['QueueArn'],
  });
  const arn = (answer['Attributes'] as Record<string, string> | undefined)?.['QueueArn'] ?? '';
  return {
    VisibilityTimeout: String(VISIBILITY_SECONDS),
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: MAX_RECEIVES }),
  };
}

async function create(call: AwsCall, name: string, attributes: Record<string, string>): Promise<string> {
  try {
    return urlOf(await call('AmazonSQS.CreateQueue', { QueueName: name, Attributes: attributes }));
  } catch (error) {
    if (!(error instanceof AwsError) || !/Exist/.test(error.code)) throw error;
    return urlOf(await call('AmazonSQS.GetQueueUrl', { QueueName: name }));
  }
}

function urlOf(answer: Record<string, unknown>): string {
  return typeof answer['QueueUrl'] === 'string' ? answer['QueueUrl'] : '';
}
