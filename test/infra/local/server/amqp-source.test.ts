/** GitHub's events over AMQP 1.0: what is queued, what is refused, and what a broken peer costs (nothing). */
import { createHmac } from 'node:crypto';
import { afterEach, expect, test } from '@jest/globals';
import rhea from 'rhea';
import type { CommandMessage } from '../../../../lib/bot/record/messages.ts';
import { createLog } from '../../../../lib/log.ts';
import { startAmqpSource } from '../../../../infra/local/server/amqp-source.ts';
import { QUEUE, startAmqpBroker } from './amqp-broker.ts';

const USER = { name: 'bridge', password: 'p@ss/w:rd' };
const SECRET = 'the-webhook-secret';
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function startBridge(options: { fails?: number; password?: string; queue?: string } = {}) {
  const broker = await startAmqpBroker(USER);
  const sent: CommandMessage[] = [];
  const lines: string[] = [];
  let fails = options.fails ?? 0;
  const source = startAmqpSource(
    {
      gitHubSecrets: () => Promise.resolve([SECRET]),
      commands: {
        send(message) {
          if (fails-- > 0) return Promise.reject(new Error('the queue is down'));
          sent.push(message);
          return Promise.resolve();
        },
      },
      prompt: '/perf-bot',
      nowMs: () => 1_700_000_000_000,
      log: createLog((line) => lines.push(line)),
      countForged: () => lines.push('forged'),
    },
    {
      url:
        options.password === undefined ? broker.url : broker.url.replace(/:[^:@]*@/, `:${options.password}@`),
      queue: options.queue ?? QUEUE,
      retryMs: 5,
    },
  );
  closers.push(
    () => broker.close(),
    () => source.close(),
  );
  return { broker, source, sent, lines };
}

const comment = (id: number, body = '/perf-bot run smoke') =>
  JSON.stringify({
    action: 'created',
    issue: { number: 7, pull_request: {} },
    comment: { id, body, user: { id: 2, login: 'ana', type: 'User' }, created_at: '2026-01-02T03:04:05Z' },
    repository: { id: 3, full_name: 'acme/webshop', private: true },
    installation: { id: 4 },
    sender: { id: 2, login: 'ana', type: 'User' },
  });
const signed = (body: string, secret = SECRET) =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

test('a comment as text, as bytes and in several pieces becomes the command that the webhook would queue', async () => {
  const { broker, sent } = await startBridge();
  broker.put({ body: comment(11) });
  broker.put({ body: rhea.message.data_section(Buffer.from(comment(12))) });
  const bytes = Buffer.from(comment(13, '/perf-bot run smöke'));
  broker.put({
    body: rhea.message.data_sections([bytes.subarray(0, 50), bytes.subarray(50, 51), bytes.subarray(51)]),
  });
  await until(() => broker.outcomes.length === 3);
  expect(broker.outcomes).toEqual(['accepted', 'accepted', 'accepted']);
  expect(sent.map(({ delivery }) => delivery.kind === 'comment' && delivery.comment.id)).toEqual([
    11, 12, 13,
  ]);
  expect(sent[2]?.delivery).toMatchObject({
    kind: 'comment',
    number: 7,
    comment: { body: '/perf-bot run smöke' },
    repository: { id: 3, fullName: 'acme/webshop' },
    installationId: 4,
  });
  expect(sent[0]).toMatchObject({ version: 1 });
});

test('the bridge may pass on GitHub’s headers; without them a message has the same name each time it comes', async () => {
  const { broker, sent } = await startBridge();
  broker.put({
    body: comment(11),
    application_properties: { 'X-GitHub-Event': 'issue_comment', 'X-GitHub-Delivery': 'guid-1' },
  });
  broker.put({ body: comment(12) });
  broker.put({ body: comment(12) });
  broker.put({ body: comment(13), application_properties: { 'X-GitHub-Event': 'star' } });
  await until(() => broker.outcomes.length === 4);
  expect(sent.map(({ deliveryId }) => deliveryId)).toEqual([
    'guid-1',
    expect.stringMatching(/^broker-[0-9a-f]{32}$/),
    sent[1]?.deliveryId,
  ]);
  expect(broker.outcomes).toEqual(['accepted', 'accepted', 'accepted', 'accepted']);
});

test('a signature that comes along is checked, in the spelling of JMS too', async () => {
  const { broker, sent, lines } = await startBridge();
  broker.put({ body: comment(11), application_properties: { 'X-Hub-Signature-256': signed(comment(11)) } });
  broker.put({
    body: comment(12),
    application_properties: { X_Hub_Signature_256: signed(comment(12), 'x') },
  });
  broker.put({ body: comment(13), application_properties: { 'x-hub-signature-256': 'nonsense' } });
  await until(() => broker.outcomes.length === 3);
  expect(broker.outcomes).toEqual(['accepted', 'rejected', 'rejected']);
  expect(sent.map(({ delivery }) => delivery.kind === 'comment' && delivery.comment.id)).toEqual([11]);
  expect(lines.filter((line) => line === 'forged')).toHaveLength(2);
});

test('what is no JSON is rejected for the broker’s dead letters; what holds no command is done with', async () => {
  const { broker, sent } = await startBridge();
  broker.put({ body: 'not JSON' });
  broker.put({ body: { a: 'map' } });
  broker.put({ body: comment(11, 'Looks good to me') });
  await until(() => broker.outcomes.length === 3);
  expect(broker.outcomes.sort()).toEqual(['accepted', 'rejected', 'rejected']);
  expect(sent).toEqual([]);
});

test('while our own queue does not answer, a message is given back and comes again', async () => {
  const { broker, sent } = await startBridge({ fails: 2 });
  broker.put({ body: comment(11) });
  await until(() => broker.outcomes.includes('accepted'));
  expect(broker.outcomes).toEqual(['released', 'released', 'accepted']);
  expect(sent).toHaveLength(1);
});

test('a broker that cuts the connection is connected to again, and what it still has is taken', async () => {
  const { broker, sent } = await startBridge();
  broker.put({ body: comment(11) });
  await until(() => broker.outcomes.length === 1);
  broker.cut();
  broker.put({ body: comment(12) });
  await until(() => sent.length === 2);
  expect(broker.connections()).toBe(2);
});

test('more messages than may be in hand at once all arrive, in order', async () => {
  const { broker, sent } = await startBridge();
  const ids = Array.from({ length: 40 }, (_, index) => 100 + index);
  for (const id of ids) broker.put({ body: comment(id) });
  await until(() => broker.outcomes.length === ids.length);
  expect(sent.map(({ delivery }) => delivery.kind === 'comment' && delivery.comment.id)).toEqual(ids);
});

test('a wrong password is said, without the password, and nothing is taken', async () => {
  const { broker, lines, sent } = await startBridge({ password: 'wrong-password' });
  broker.put({ body: comment(11) });
  await until(() => lines.filter((line) => line.includes('trying again')).length >= 2);
  expect(lines.join('\n')).not.toContain('wrong-password');
  expect(sent).toEqual([]);
});

test('a queue that is not there is said', async () => {
  const { lines } = await startBridge({ queue: 'elsewhere' });
  await until(() => lines.some((line) => line.includes('amqp:not-found')));
  expect(lines.join('\n')).toContain('elsewhere');
});
