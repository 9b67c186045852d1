/** A comment is acted on once, however often and late its delivery comes; another comment with the same words is another wish. */
import { afterAll, describe, expect, test } from '@jest/globals';
import { cancelOn, isOver, run, runOnFirst } from './acts.ts';
import { closeEmbeddedTables } from './embedded-tables.ts';
import { runCase } from './run-case.ts';
import type { Scenario } from './scenario.ts';
import { SCENARIOS } from './scenarios.ts';

const PATIENCE_MS = 60_000;
const MINUTE_MS = 60_000;
/** A delivery that comes when the run has long ended, and one that comes while it is just ending. */
const LATE_MS = [20 * MINUTE_MS, 45 * MINUTE_MS, 4_000, 5_000, 6_000, 7_000];

afterAll(closeEmbeddedTables);

const twoWant = SCENARIOS.find(({ name }) => name === 'two people want the same') as Scenario;
const commandsAgain = (lateMs: readonly number[]) => ({
  aws: { copies: (queue: string) => (queue === 'commands' ? [0, ...lateMs] : [0]) },
});

describe('delivered again', () => {
  test(
    'a command that joined a run starts none when that run has ended',
    async () => {
      const outcome = await runCase(twoWant, [], commandsAgain(LATE_MS));
      expect(outcome.problems).toEqual([]);
    },
    PATIENCE_MS,
  );

  test(
    'a command whose own run was cancelled does not start another',
    async () => {
      const scenario: Scenario = {
        name: 'cancelled',
        acts: [runOnFirst, cancelOn(0)],
        expected: { runs: [1, 0], ends: [['cancelled', 'reported'], []] },
      };
      expect((await runCase(scenario, [], commandsAgain(LATE_MS))).problems).toEqual([]);
    },
    PATIENCE_MS,
  );
});

test(
  'the same words in a second comment, after the first run has ended, are a second wish',
  async () => {
    const scenario: Scenario = {
      name: 'twice',
      acts: [runOnFirst, { when: (world) => isOver(world, 0), act: (world) => run(world, 0, 'ana') }],
      expected: { runs: [2, 0], ends: [['reported'], []] },
    };
    expect((await runCase(scenario, [], commandsAgain(LATE_MS))).problems).toEqual([]);
  },
  PATIENCE_MS,
);
