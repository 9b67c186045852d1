/** DynamoDB refuses for a while: what waits for it is tried again soon, not when the queue gives the message out again after minutes. */
import { afterAll, expect, test } from '@jest/globals';
import { runOnFirst } from './acts.ts';
import { closeEmbeddedTables } from './embedded-tables.ts';
import { nameOf } from './places.ts';
import { runCase } from './run-case.ts';
import { always, REFUSED } from './scenario.ts';

const OUTAGE_MS = 15_000;
/** The queues give a message out again only minutes later. */
const SOON_MS = 90_000;
const PATIENCE_MS = 60_000;

afterAll(closeEmbeddedTables);

test.each([
  ['command-worker', 'dynamodb GetItem REPOSITORY'],
  ['run-worker', 'dynamodb UpdateItem RUN'],
])(
  '%s waits for DynamoDB and goes on soon after',
  async (worker, struck) => {
    let firstAtMs: number | undefined;
    let heardAtMs: number | undefined;
    const outcome = await runCase({
      name: 'outage',
      acts: [runOnFirst],
      expected: { runs: [1, 0], ends: [['reported'], []] },
      prelude: (world) =>
        always(({ place, caller }) => {
          if (caller?.name !== worker || nameOf(place) !== struck) return false;
          const nowMs = world().clock.nowMs();
          firstAtMs ??= nowMs;
          if (nowMs >= firstAtMs + OUTAGE_MS) heardAtMs ??= nowMs;
          return heardAtMs === undefined;
        }, REFUSED),
    });
    expect(outcome.problems).toEqual([]);
    expect((heardAtMs ?? Infinity) - (firstAtMs ?? 0)).toBeLessThan(SOON_MS);
  },
  PATIENCE_MS,
);
