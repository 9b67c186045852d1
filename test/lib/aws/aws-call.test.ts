/** One JSON call to AWS over a real socket: what is repeated, what is not, and what an error says. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { AwsError, createAwsCall, credentialsFromEnvironment } from '../../../lib/aws/aws-call.ts';
import { signRequest } from '../../../lib/aws/sign-request.ts';
import { createSqsQueue } from '../../../lib/aws/sqs-queue.ts';
import { startRawServer, type RawServer } from '../http/raw-server.ts';

const NOW_MS = 1_800_000_000_000;
const CREDENTIALS = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI-SECRET',
  sessionToken: 'session-SECRET',
};
type Answer = { status: number; body?: string } | 'break off' | 'reset';

let server: RawServer;
const started: RawServer[] = [];
afterEach(() => Promise.all(started.splice(0).map((one) => one.close())));

/** Answers the calls one after another, the last one for ever. */
async function awsThatAnswers(...answers: Answer[]) {
  server = await startRawServer((response, _call, index) => {
    const answer = answers[Math.min(index, answers.length - 1)] ?? { status: 200 };
    if (answer === 'reset') return response.destroy();
    if (answer === 'break off') {
      response.writeHead(200, { 'content-length': '100' }).write('{');
      return setImmediate(() => response.destroy());
    }
    return response.writeHead(answer.status).end(answer.body ?? '{}');
  });
  started.push(server);
  return createAwsCall({
    service: 'sqs',
    region: 'eu-west-1',
    endpoint: server.url,
    credentials: () => CREDENTIALS,
    nowMs: () => NOW_MS,
  });
}
const failed = (type: string, status: number): Answer => ({
  status,
  body: JSON.stringify({ __type: type, message: 'm' }),
});
const OK: Answer = { status: 200, body: '{"MessageId":"m1"}' };

describe('a call', () => {
  test('carries operation, JSON and a signature over exactly what is sent', async () => {
    const call = await awsThatAnswers(OK);
    expect(await call('AmazonSQS.SendMessage', { MessageBody: 'ü 🏎' })).toEqual({ MessageId: 'm1' });
    const [sent] = server.calls;
    expect(sent).toMatchObject({
      method: 'POST',
      path: '/',
      body: '{"MessageBody":"ü 🏎"}',
      headers: {
        'x-amz-target': 'AmazonSQS.SendMessage',
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-security-token': 'session-SECRET',
      },
    });
    const expected = await signRequest(
      {
        host: new URL(server.url).host,
        path: '/',
        headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessage' },
        body: sent?.body ?? '',
        region: 'eu-west-1',
        service: 'sqs',
      },
      CREDENTIALS,
      NOW_MS,
    );
    expect(sent?.headers['authorization']).toBe(expected['authorization']);
  });

  test.each<[string, Answer]>([
    ['a reset connection', 'reset'],
    ['an answer that breaks off', 'break off'],
    ['a 500', failed('InternalFailure', 500)],
    ['a 503 without a body', { status: 503, body: '' }],
    ['too many requests', { status: 429, body: '<html>' }],
    ['throttling', failed('com.amazonaws.sqs#ThrottlingException', 400)],
    ['RequestThrottled', failed('com.amazonaws.sqs#RequestThrottled', 400)],
  ])('is made once more after %s', async (_name, first) => {
    const call = await awsThatAnswers(first, OK);
    expect(await call('AmazonSQS.SendMessage', {})).toEqual({ MessageId: 'm1' });
    expect(server.calls).toHaveLength(2);
  });

  test('is not made a third time', async () => {
    const call = await awsThatAnswers('reset', { status: 500 }, OK);
    await expect(call('AmazonSQS.SendMessage', {})).rejects.toMatchObject({
      retryable: true,
      status: 500,
      code: 'Http500',
    });
    expect(server.calls).toHaveLength(2);
  });

  test.each([
    ['com.amazonaws.sqs#QueueDoesNotExist', 400, 'QueueDoesNotExist'],
    ['AccessDeniedException', 400, 'AccessDeniedException'],
    ['com.amazon.coral.service#ExpiredTokenException', 403, 'ExpiredTokenException'],
  ])('%s is said once and for all', async (type, status, code) => {
    const call = await awsThatAnswers(failed(type, status), OK);
    const error: unknown = await call('AmazonSQS.SendMessage', { MessageBody: 'BODY-SECRET' }).catch(
      (caught: unknown) => caught,
    );
    expect(error).toBeInstanceOf(AwsError);
    expect(error).toMatchObject({
      retryable: false,
      status,
      code,
      message: `AWS answered ${status} ${code} to AmazonSQS.SendMessage`,
    });
    expect(server.calls).toHaveLength(1);
  });

  test.each(['[]', 'null', '"x"', 'no json', ''])('an answer of %j is an empty one', async (body) => {
    const call = await awsThatAnswers({ status: 200, body });
    expect(Object.keys(await call('AmazonSQS.SendMessage', {}))).toEqual([]);
  });
});

test('a queue sends whole seconds within what SQS takes', async () => {
  const queue = createSqsQueue<{ n: number }>(await awsThatAnswers(OK), 'http://sqs/1/runs');
  for (const seconds of [undefined, 0, -5, 1.2, 899.5, 5000]) await queue.send({ n: 1 }, seconds);
  const delays = server.calls.map(({ body }) => (JSON.parse(body) as { DelaySeconds?: number }).DelaySeconds);
  expect(delays).toEqual([undefined, undefined, undefined, 2, 900, 900]);
  expect(JSON.parse(server.calls[0]?.body ?? '')).toEqual({
    QueueUrl: 'http://sqs/1/runs',
    MessageBody: '{"n":1}',
  });
});

test('a message of any characters is one that SQS takes, and arrives as it was', async () => {
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html; the local stand-in takes no pairs either
  const taken = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd]*$/;
  const queue = createSqsQueue<{ text: string }>(await awsThatAnswers(OK), 'http://sqs/1/runs');
  const units = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit)).join('');
  for (const text of ['Nice work 😀 team', '\ud83d alone \ude00', '\ufffe\uffff\u0000\u007f\u0085', units]) {
    await queue.send({ text });
    const { MessageBody } = JSON.parse(server.calls.at(-1)?.body ?? '') as { MessageBody: string };
    expect(taken.test(MessageBody)).toBe(true);
    expect((JSON.parse(MessageBody) as { text: string }).text === text).toBe(true);
  }
});

test('the longest comment, of nothing but emoji, is within what SQS takes', async () => {
  const queue = createSqsQueue<{ text: string }>(await awsThatAnswers(OK), 'http://sqs/1/runs');
  await queue.send({ text: '😀'.repeat(65_536) });
  const { MessageBody } = JSON.parse(server.calls[0]?.body ?? '') as { MessageBody: string };
  expect(Buffer.byteLength(MessageBody)).toBeLessThan(1_048_576 - 100_000);
});

test('a queue that does not answer is an error, never a message that is lost in silence', async () => {
  const queue = createSqsQueue(await awsThatAnswers('reset'), 'http://sqs/1/runs');
  await expect(queue.send({})).rejects.toMatchObject({
    retryable: true,
    message: 'no answer: AmazonSQS.SendMessage',
  });
});

test('Lambda’s credentials are read at each call', () => {
  const environment: Record<string, string> = {
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
    AWS_SESSION_TOKEN: 'c',
  };
  expect(credentialsFromEnvironment(environment)).toEqual({
    accessKeyId: 'a',
    secretAccessKey: 'b',
    sessionToken: 'c',
  });
  expect(credentialsFromEnvironment({}).sessionToken).toBeUndefined();
});
