/** Dead letters: replayed once as a fresh message, and none that can't be read is sent anywhere. */
import { expect, test } from '@jest/globals';
import {
  queueOf,
  replayDeadLetter,
  takeDeadLetter,
  type DeadLetter,
  type DeadLetterStore,
} from '../../../lib/bot/dead-letters.ts';
import type { BotDeps } from '../../../lib/bot/bot-deps.ts';
import type { CommandMessage, RunMessage } from '../../../lib/bot/messages.ts';

function dead(queue: DeadLetter['queue'], body: string) {
  const letters = new Map([['m1', { messageId: 'm1', queue, body, diedAtMs: 0 }]]);
  const store: DeadLetterStore = {
    keep: () => Promise.resolve(false),
    list: () => Promise.resolve([...letters.values()]),
    get: (messageId) => Promise.resolve(letters.get(messageId)),
    remove: (messageId) => Promise.resolve(void letters.delete(messageId)),
  };
  const sent: [string, unknown][] = [];
  const queues = {
    commandQueue: {
      send: (message: CommandMessage) => Promise.resolve(void sent.push(['commands', message])),
    },
    runQueue: { send: (message: RunMessage) => Promise.resolve(void sent.push(['runs', message])) },
  };
  return { letters, sent, replay: (messageId = 'm1') => replayDeadLetter(queues, store, messageId) };
}

test.each(['commands', 'runs'] as const)(
  'a letter of [%s] goes back to its queue as if it were new',
  async (queue) => {
    const { sent, letters, replay } = dead(queue, '{"version":1,"kind":"look","postponed":12}');
    expect(await replay()).toBe(true);
    expect(sent).toEqual([[queue, { version: 1, kind: 'look' }]]);
    expect(letters.size).toBe(0);
    expect(await replay()).toBe(false);
  },
);

test.each(['{broken', 'null', '5', '"text"'])('%j is kept and sent nowhere', async (body) => {
  const { sent, letters, replay } = dead('runs', body);
  expect([await replay(), sent, letters.size]).toEqual([false, [], 1]);
});

test('a letter that nobody knows is none', async () => {
  expect(await dead('runs', '{}').replay('m2')).toBe(false);
});

test.each([
  ['{"version":1,"deliveryId":"d","receivedAtMs":0,"delivery":{"kind":"comment"}}', 'commands'],
  ['{"version":1,"kind":"look","runKey":"pb-aaaaaaaaaaaaaaaaaaaaaaaaaa"}', 'runs'],
  ['{"version":1,"kind":"horreum","projectId":"p","testId":"1","event":"run/new"}', 'runs'],
  ['{broken', 'runs'],
])('%s is of [%s]', (body, queue) => {
  expect(queueOf(body)).toBe(queue);
});

test.each([
  ['{"kind":"horreum","event":"\\ud83d\\ude00 \\uffff"}', '{"kind":"horreum","event":"😀 \uffff"}'],
  ['{broken', '{broken'],
])('%s is kept as short as it can be', async (body, keptBody) => {
  const kept: string[] = [];
  const keep = (letter: DeadLetter) => Promise.resolve(kept.push(letter.body) > 0);
  const letter: DeadLetter = { messageId: 'm1', queue: 'runs', body, diedAtMs: 0 };
  await takeDeadLetter({} as BotDeps, { keep } as Partial<DeadLetterStore> as DeadLetterStore, letter);
  expect(kept).toEqual([keptBody]);
});
