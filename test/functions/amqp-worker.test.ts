/** The function behind Amazon MQ: its event as AWS documents it, batches, and what a broken queue means for them. */
import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { createHandler, type ActiveMqEvent } from '../../functions/amqp-worker.ts';
import type { CommandMessage } from '../../lib/bot/record/messages.ts';
import { createLog } from '../../lib/log.ts';

const SECRETS = ['new-secret', 'old-secret'];

function worker(options: { secrets?: string[]; queueIsDown?: boolean } = {}) {
  const sent: CommandMessage[] = [];
  const lines: string[] = [];
  const handle = createHandler({
    gitHubSecrets: () => Promise.resolve(options.secrets ?? SECRETS),
    commands: {
      send(message) {
        if (options.queueIsDown) return Promise.reject(new Error('the queue is down'));
        sent.push(message);
        return Promise.resolve();
      },
    },
    prompt: '/perf-bot',
    nowMs: () => 1_700_000_000_000,
    log: createLog((line) => lines.push(line)),
    countForged: () => lines.push('forged'),
  });
  return { handle, sent, lines };
}

const comment = (id: number) =>
  JSON.stringify({
    action: 'created',
    issue: { number: 7, pull_request: {} },
    comment: { id, body: '/perf-bot list', user: { id: 2, login: 'ana', type: 'User' } },
    repository: { id: 3, full_name: 'acme/webshop', private: false },
    installation: { id: 4 },
  });

function event(
  ...messages: { body: string; properties?: Record<string, string> | null; type?: string }[]
): ActiveMqEvent {
  return {
    eventSource: 'aws:mq',
    eventSourceArn: 'arn:aws:mq:us-east-2:111122223333:broker:test:b-9bcfa592-423a-4942-879d-eb284b418fc8',
    messages: messages.map(({ body, properties = {}, type = 'jms/text-message' }, index) => ({
      messageID: `ID:b-9bcfa592-1.mq.us-east-2.amazonaws.com-37557-${index}`,
      messageType: type,
      data: Buffer.from(body).toString('base64'),
      properties,
    })),
  };
}

test('queues what the webhook would queue, from text and bytes, unsigned', async () => {
  const { handle, sent } = worker();
  await handle(
    event({ body: comment(1) }, { body: comment(2), type: 'jms/bytes-message', properties: null }),
  );
  expect(sent.map(({ delivery }) => delivery.kind === 'comment' && delivery.comment.id)).toEqual([1, 2]);
});

test('checks a signature that the bridge passed on, by either secret', async () => {
  const { handle, sent, lines } = worker();
  const sign = (body: string, secret: string) => ({
    'X-Hub-Signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  });
  await handle(
    event(
      { body: comment(1), properties: sign(comment(1), 'new-secret') },
      { body: comment(2), properties: sign(comment(2), 'old-secret') },
      { body: comment(3), properties: sign(comment(2), 'new-secret') },
    ),
  );
  expect(sent).toHaveLength(2);
  expect(lines).toContain('forged');
});

test('what can never be taken does not hold up the rest, and nothing of it is logged', async () => {
  const { handle, sent, lines } = worker();
  await handle(event({ body: 'not JSON: hunter2' }, { body: '{}' }, { body: comment(3) }));
  expect(sent).toHaveLength(1);
  expect(lines.join('\n')).not.toContain('hunter2');
});

test('fails as a whole when the queue does not answer or the secret is not set: the broker keeps the batch', async () => {
  await expect(worker({ queueIsDown: true }).handle(event({ body: comment(1) }))).rejects.toThrow(
    'the queue is down',
  );
  const signature = { 'X-Hub-Signature-256': `sha256=${'0'.repeat(64)}` };
  await expect(
    worker({ secrets: [] }).handle(event({ body: comment(1), properties: signature })),
  ).rejects.toThrow('the webhook secret is not set');
});
