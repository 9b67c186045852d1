/** The embedded stores let nobody in who was not told the access key, are reached over loopback only, and queue as SQS does. */
import { createServer } from 'node:http';
import { createConnection } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ListTablesCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createQueues } from '../../../../infra/local/stores/create-stores.ts';
import { createEmbeddedQueues } from '../../../../infra/local/stores/embedded-queues.ts';
import { startEmbeddedStores, type EmbeddedStores } from '../../../../infra/local/stores/embedded-stores.ts';
import { createStoreCredentials, openDoor } from '../../../../infra/local/stores/loopback-door.ts';
import { createAwsCall } from '../../../../lib/aws/aws-call.ts';

const callerOf = (endpoint: string, credentials: EmbeddedStores['credentials']) =>
  createAwsCall({
    service: 'sqs',
    region: 'us-east-1',
    endpoint,
    credentials: () => credentials,
    nowMs: Date.now,
  });

describe('the door of each store', () => {
  let stores: EmbeddedStores;
  beforeAll(async () => {
    stores = await startEmbeddedStores(undefined);
  });
  afterAll(() => stores.close());

  test.each([['another key', { accessKeyId: 'local', secretAccessKey: 'local' }]])(
    'refuses %s',
    async (_, wrong) => {
      await expect(
        callerOf(stores.sqsUrl, wrong)('AmazonSQS.GetQueueUrl', { QueueName: 'x' }),
      ).rejects.toMatchObject({
        code: 'UnrecognizedClientException',
      });
      const client = new DynamoDBClient({
        region: 'us-east-1',
        endpoint: stores.dynamoDbUrl,
        credentials: wrong,
      });
      await expect(client.send(new ListTablesCommand({}))).rejects.toThrow('token');
      client.destroy();
    },
  );

  test('refuses a form that any web page can post, and whatever names no key', async () => {
    for (const url of [stores.sqsUrl, stores.dynamoDbUrl]) {
      const body = new URLSearchParams({ Action: 'Publish', TopicArn: 'x', Message: '{}' });
      expect((await fetch(url, { method: 'POST', body })).status).toBe(403);
      expect((await fetch(url)).status).toBe(403);
    }
  });

  test('lets in who was told the key', async () => {
    const queues = await createQueues(callerOf(stores.sqsUrl, stores.credentials));
    expect(queues.runs).toMatch(/\/perf-bot-runs$/);
  });

  test('answers on no other address of this machine', async () => {
    const others = Object.values(networkInterfaces())
      .flatMap((found) => found ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4')
      .map(({ address }) => address);
    for (const url of [stores.sqsUrl, stores.dynamoDbUrl]) {
      expect(new URL(url).hostname).toBe('127.0.0.1');
      for (const host of others) expect(await connects(host, Number(new URL(url).port))).toBe(false);
    }
  });
});

function connects(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

test('a door that closes waits for answers that are under way, though their callers have gone', async () => {
  const credentials = createStoreCredentials();
  const came = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  let isAnswered = false;
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      came.resolve();
      void goOn.promise.then(() => {
        isAnswered = true;
        response.end();
      });
    });
  });
  const door = await openDoor(server, credentials, { finishesAnswers: true });
  const answer = callerOf(door.url, credentials)('AmazonSQS.ListQueues', {}).catch(() => 'gone');
  await came.promise;
  const closed = door.close().then(() => isAnswered);
  expect(await answer).toBe('gone');
  goOn.resolve();
  expect(await closed).toBe(true);
});

test('a folder that everybody could read is closed to others', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'perf-bot-'));
  const { chmod } = await import('node:fs/promises');
  await chmod(folder, 0o755);
  const stores = await startEmbeddedStores(folder);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  await stores.close();
  await rm(folder, { recursive: true });
});

describe('the queues', () => {
  const clock = { nowMs: 1_800_000_000_000 };
  const credentials = createStoreCredentials();
  const start = async (path: string) => {
    const queues = createEmbeddedQueues(path, () => clock.nowMs);
    const door = await openDoor(queues.server, credentials);
    const call = callerOf(door.url, credentials);
    return { call, urls: await createQueues(call), stop: async () => (await door.close(), queues.close()) };
  };
  type Started = Awaited<ReturnType<typeof start>>;
  const receive = async ({ call }: Started, QueueUrl: string, WaitTimeSeconds = 0) =>
    ((await call('AmazonSQS.ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds }))[
      'Messages'
    ] ?? []) as { Body: string; ReceiptHandle: string; Attributes: Record<string, string> }[];
  const send = ({ call }: Started, QueueUrl: string, MessageBody: string, DelaySeconds = 0) =>
    call('AmazonSQS.SendMessage', { QueueUrl, MessageBody, DelaySeconds });

  test('a message is hidden while somebody has it, comes again, and is buried at last', async () => {
    const started = await start(':memory:');
    const { runs, deadRuns } = started.urls;
    await send(started, runs, 'hello');
    for (let receives = 1; receives <= 5; receives += 1) {
      expect(await receive(started, runs)).toMatchObject([
        { Body: 'hello', Attributes: { ApproximateReceiveCount: String(receives) } },
      ]);
      expect(await receive(started, runs)).toEqual([]);
      clock.nowMs += 45_000;
    }
    expect(await receive(started, runs)).toEqual([]);
    expect(await receive(started, deadRuns)).toMatchObject([{ Body: 'hello' }]);
    await started.stop();
  });

  test('a delayed message comes when its time has come, a deleted one never again', async () => {
    const started = await start(':memory:');
    const { runs } = started.urls;
    await send(started, runs, 'later', 900);
    expect(await receive(started, runs)).toEqual([]);
    const counts = await started.call('AmazonSQS.GetQueueAttributes', {
      QueueUrl: runs,
      AttributeNames: ['All'],
    });
    expect(counts['Attributes']).toMatchObject({
      ApproximateNumberOfMessagesDelayed: '1',
      ApproximateNumberOfMessages: '0',
    });
    clock.nowMs += 900_000;
    const [message] = await receive(started, runs);
    await started.call('AmazonSQS.DeleteMessage', { QueueUrl: runs, ReceiptHandle: message?.ReceiptHandle });
    clock.nowMs += 900_000;
    expect(await receive(started, runs)).toEqual([]);
    await started.stop();
  });

  test('who waits gets a message as soon as one is sent', async () => {
    const started = await start(':memory:');
    const waiting = receive(started, started.urls.commands, 20);
    await send(started, started.urls.commands, 'at once');
    expect(await waiting).toMatchObject([{ Body: 'at once' }]);
    await started.stop();
  });

  test('a restart keeps what was sent and frees what was in hand', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'perf-bot-'));
    const first = await start(join(folder, 'queues.db'));
    await send(first, first.urls.runs, 'kept');
    expect(await receive(first, first.urls.runs)).toHaveLength(1);
    await first.stop();
    const second = await start(join(folder, 'queues.db'));
    expect(await receive(second, second.urls.runs)).toMatchObject([{ Body: 'kept' }]);
    await second.stop();
    await rm(folder, { recursive: true });
  });

  test('refuses what AWS refuses: other operations, unknown queues, forbidden characters, too much', async () => {
    const started = await start(':memory:');
    const { runs } = started.urls;
    const refused = (promise: Promise<unknown>, code: string) =>
      expect(promise).rejects.toMatchObject({ code });
    await refused(started.call('AmazonSQS.PurgeQueue', { QueueUrl: runs }), 'InvalidAction');
    await refused(send(started, `${runs}-other`, 'x'), 'QueueDoesNotExist');
    await refused(send(started, runs, 'a\u0000b'), 'InvalidMessageContents');
    await refused(send(started, runs, 'a'.repeat(1_048_577)), 'InvalidParameterValue');
    await refused(send(started, runs, 'x', 901), 'InvalidParameterValue');
    await send(started, runs, '🐢');
    await started.stop();
  });
});
