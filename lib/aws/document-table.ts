/** Reads and writes one DynamoDB table: get, conditional put, conditional update, one query. Nothing scans. */
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  type DynamoDBClientConfig,
} from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { dynamoFailure } from './dynamo-failure.ts';

export type Item = Record<string, unknown>;

export interface Condition {
  readonly expression: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, unknown>>;
}

export interface DocumentTable {
  get(pk: string): Promise<Item | undefined>;
  /** Those that are there, in the order of their keys. */
  getAll(pks: readonly string[]): Promise<Item[]>;
  /** False if the condition does not hold. */
  put(item: Item, condition: Condition): Promise<boolean>;
  /** The item after the update; undefined if the condition does not hold. */
  update(pk: string, update: Condition, condition: string): Promise<Item | undefined>;
  delete(pk: string, condition?: Condition): Promise<boolean>;
  query(input: QueryInput): Promise<Item[]>;
}

export interface QueryInput {
  readonly index: { readonly name: string; readonly hash: string; readonly range: string };
  readonly hash: string;
  readonly rangeUpTo?: number;
  readonly newestFirst: boolean;
  readonly limit: number;
}

/** Between attempts the SDK sleeps, which a function must not do for long: what still fails is put off. */
const MOST_ATTEMPTS = 3;
/** The SDK waits without end by default; a connection that hangs would hold a function until Lambda ends it. */
const IMPATIENT = { connectionTimeout: 3_000, requestTimeout: 5_000, throwOnRequestTimeout: true };

export function createDocumentTable(tableName: string, config: DynamoDBClientConfig): DocumentTable {
  const client = DynamoDBDocumentClient.from(createClient(config), {
    marshallOptions: { removeUndefinedValues: true, allowImpreciseNumbers: true },
    unmarshallOptions: { wrapNumbers: Number },
  });
  return {
    async get(pk) {
      const { Item } = await client.send(
        new GetCommand({ TableName: tableName, Key: { pk }, ConsistentRead: true }),
      );
      return Item;
    },
    getAll: (pks) => readAll(client, tableName, pks),
    put: (item, condition) =>
      ifHolds(() => client.send(new PutCommand({ TableName: tableName, Item: item, ...written(condition) }))),
    async update(pk, { expression, names, values }, condition) {
      let attributes: Item | undefined;
      const held = await ifHolds(async () => {
        const answer = await client.send(
          new UpdateCommand({
            TableName: tableName,
            Key: { pk },
            UpdateExpression: expression,
            ConditionExpression: condition,
            ExpressionAttributeNames: names,
            ExpressionAttributeValues: values,
            ReturnValues: 'ALL_NEW',
          }),
        );
        attributes = answer.Attributes;
      });
      return held ? attributes : undefined;
    },
    delete: (pk, condition) =>
      ifHolds(() =>
        client.send(
          new DeleteCommand({ TableName: tableName, Key: { pk }, ...(condition ? written(condition) : {}) }),
        ),
      ),
    query: (input) => queryAll(client, tableName, input),
  };
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const MOST_KEYS = 100;

/** What did not fit into an answer (16 MB) is asked for again; where nothing does, DynamoDB answers with an error. */
async function readAll(
  client: DynamoDBDocumentClient,
  tableName: string,
  pks: readonly string[],
): Promise<Item[]> {
  const found = new Map<unknown, Item>();
  let left: Record<string, unknown>[] = pks.map((pk) => ({ pk }));
  while (left.length > 0) {
    const asked = { Keys: left.slice(0, MOST_KEYS), ConsistentRead: true };
    const answer = await client.send(new BatchGetCommand({ RequestItems: { [tableName]: asked } }));
    for (const item of answer.Responses?.[tableName] ?? []) found.set(item['pk'], item);
    left = [...(answer.UnprocessedKeys?.[tableName]?.Keys ?? []), ...left.slice(MOST_KEYS)];
  }
  return pks.flatMap((pk): Item[] => [found.get(pk)].filter((item) => item !== undefined));
}

function createClient(config: DynamoDBClientConfig): DynamoDBClient {
  const client = new DynamoDBClient({ maxAttempts: MOST_ATTEMPTS, requestHandler: IMPATIENT, ...config });
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (call) => {
        try {
          return await next(call);
        } catch (error) {
          throw dynamoFailure(error, commandName.replace('Command', ''));
        }
      },
    { step: 'initialize', priority: 'high', name: 'dynamoFailure' },
  );
  return client;
}

function written({ expression, names, values }: Condition) {
  return {
    ConditionExpression: expression,
    ...(names ? { ExpressionAttributeNames: names } : {}),
    ...(values ? { ExpressionAttributeValues: values } : {}),
  };
}

async function ifHolds(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/** Reads pages until `limit` items are there or the partition ends: a page may be short because of its size. */
async function queryAll(
  client: DynamoDBDocumentClient,
  tableName: string,
  { index, hash, rangeUpTo, newestFirst, limit }: QueryInput,
): Promise<Item[]> {
  const items: Item[] = [];
  let from: Item | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: tableName,
        IndexName: index.name,
        KeyConditionExpression:
          rangeUpTo === undefined ? '#hash = :hash' : '#hash = :hash AND #range <= :range',
        ExpressionAttributeNames: {
          '#hash': index.hash,
          ...(rangeUpTo === undefined ? {} : { '#range': index.range }),
        },
        ExpressionAttributeValues: {
          ':hash': hash,
          ...(rangeUpTo === undefined ? {} : { ':range': rangeUpTo }),
        },
        ScanIndexForward: !newestFirst,
        Limit: limit - items.length,
        ExclusiveStartKey: from,
      }),
    );
    items.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from !== undefined && items.length < limit);
  return items;
}
