/** Many runs of one job that end at once: each finds its own upload, and Horreum is not asked by everybody about everybody's. */
import { afterAll, expect, test } from '@jest/globals';
import { closeEmbeddedTables } from './embedded-tables.ts';
import { JOB } from './outside.ts';
import { playScene } from './play-scene.ts';
import { startWorld } from './world.ts';

const RUNS = 40;
/** Of one run alone there are some 12. */
const MOST_CALLS_EACH = 20;
const PATIENCE_MS = 300_000;

afterAll(closeEmbeddedTables);

test(
  `${RUNS} pull requests measured at once: every run gets its results`,
  async () => {
    const world = await startWorld({ executors: RUNS });
    try {
      const { repository } = world.pulls[0];
      const pulls = Array.from({ length: RUNS }, (_, index) =>
        world.github.openPullRequest(repository, {
          author: 'ana',
          headRef: `b${index}`,
          title: `b${index}`,
        }),
      );
      const act = () => {
        for (const pull of pulls) world.github.addComment(pull, 'ana', `/perf-bot run ${JOB}`);
      };
      const pace = { batches: 10, workMs: 250 };
      expect(await playScene(world, [{ when: () => true, act }], pace)).toBe(true);
      const runs = (await Promise.all(pulls.map((pull) => world.runsOf(pull)))).flat();
      expect(runs.map(({ state }) => state)).toEqual(runs.map(() => 'reported'));
      expect(runs).toHaveLength(RUNS);
      const calls = world.seen.filter(({ place }) => place.system === 'horreum').length;
      expect(calls).toBeLessThanOrEqual(RUNS * MOST_CALLS_EACH);
    } finally {
      await world.close();
    }
  },
  PATIENCE_MS,
);
