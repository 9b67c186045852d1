/** Dead letters: replayed once as a fresh message, and none that can't be read is sent anywhere. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  queueOf,
  replayDeadLetter,
  takeDeadLetter,
  type DeadLetter,
  type DeadLetterStore,
} from '../../../../lib/bot/operator/dead-letters.ts';
import { createDynamoRunStore } from '../../../../lib/aws/dynamo-run-store.ts';
import type { BotDeps } from '../../../../lib/bot/runs/bot-deps.ts';
import type { CommandMessage, RunMessage } from '../../../../lib/bot/record/messages.ts';
import type { GitHub } from '../../../../lib/github/github.ts';
import { createLog } from '../../../../lib/log.ts';
import { startTable, type StartedTable } from '../../aws/started-table.ts';

let started: StartedTable;
beforeAll(async () => void (started = await startTable()));
afterAll(() => started.close());

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
  ['{"version":1,"deliveryId":"d","delivery":{"kind":"comment"}}', 'commands'],
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

/** The letters of one comment, over the real table, and what GitHub has of it; each of its answers takes a turn. */
function letterOf(commentId: number) {
  const { table, clock } = started;
  const comments: string[] = [];
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  const gitHub: Pick<GitHub, 'findComment' | 'createComment'> = {
    async findComment(_repository, _number, marker) {
      await turn();
      return comments.some((body) => body.includes(marker)) ? { id: 1, url: '' } : undefined;
    },
    async createComment(_repository, _number, body) {
      await turn();
      return { id: comments.push(body), url: '' };
    },
  };
  const runs = createDynamoRunStore(table, () => clock.nowMs);
  const deps = {
    runs,
    nowMs: () => clock.nowMs,
    gitHubOf: () => gitHub,
    log: createLog(() => undefined),
  } as unknown as BotDeps;
  const store = { keep: () => Promise.resolve(true) } as Partial<DeadLetterStore> as DeadLetterStore;
  const repository = { id: 1, fullName: 'acme/shop' };
  const body = JSON.stringify({
    delivery: { kind: 'comment', repository, number: 7, installationId: 1, comment: { id: commentId } },
  });
  const take = (messageId: string) =>
    takeDeadLetter(deps, store, { messageId, queue: 'commands', body, diedAtMs: clock.nowMs });
  return { clock, comments, runs, take };
}

test('several letters of one command, handled at the same moment, tell people once', async () => {
  const { comments, take } = letterOf(5);
  const outcomes = await Promise.allSettled(['m1', 'm2', 'm3'].map(take));
  expect(comments).toHaveLength(1);
  // Who came too late comes back, and finds what was written.
  for (const [index, { status }] of outcomes.entries())
    if (status === 'rejected') await take(`m${index + 1}`);
  expect(comments).toHaveLength(1);
});

test('who was killed before he wrote does not keep the others silent', async () => {
  const { clock, comments, runs, take } = letterOf(6);
  await runs.claim('dead#1#6', 'killed', clock.nowMs + 60_000);
  clock.nowMs += 180_000;
  await take('m1');
  expect(comments).toHaveLength(1);
});
