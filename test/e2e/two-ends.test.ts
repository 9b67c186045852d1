/** Two jobs of one pull request end in the same moment: the status comment ends up with both ends, in whichever order it was written. */
import { expect, test } from '@jest/globals';
import type { LocalWorld } from '../../infra/local/scene/local-world.ts';
import type { BotDeps } from '../../lib/bot/runs/bot-deps.ts';
import { hasEnded } from '../../lib/bot/record/job-run.ts';
import { reconcileRun } from '../../lib/bot/runs/reconcile.ts';
import type { RunStore } from '../../lib/bot/record/run-store.ts';
import { workerDeps } from '../../lib/wiring/workers.ts';
import { inWorld } from './in-world.ts';
import { until } from './until.ts';

const endless = {
  file: { datastoreConfig: undefined },
  body: () => (run: { wait(ms: number): Promise<void> }) =>
    run.wait(86_400_000).then(() => 'failed' as const),
};

test('the other run is looked at between the drawing of an end and its record', () =>
  inWorld(
    {
      jobs: [
        { id: 'first', ...endless },
        { id: 'second', ...endless },
      ],
    },
    async (world, pull) => {
      pull.write('ana', '/perf-bot run first\n/perf-bot run second');
      const [first, second] = await Promise.all(
        ['first', 'second'].map((job) =>
          until(`${job} runs`, () =>
            pull.check(job)?.status === 'in_progress' ? pull.check(job)?.externalId : undefined,
          ),
        ),
      );
      const deps = await afterTheJobs(world);
      await endOf(deps, first ?? '', async () => endOf(deps, second ?? ''));
      expect(pull.verdicts().map(({ job, ended }) => [job, ended])).toEqual(
        expect.arrayContaining([
          ['first', true],
          ['second', true],
        ]),
      );
    },
  ));

/** A worker that finds all jobs failed. */
async function afterTheJobs({ local }: LocalWorld): Promise<BotDeps> {
  const deps = await workerDeps(local.environment, 'run-worker').bot();
  return {
    ...deps,
    executorOf: async (project, job) => ({
      ...(await deps.executorOf(project, job)),
      getJobStatus: async (_, ref) => ({ phase: 'failed', ref }),
      logTail: async () => undefined,
    }),
  };
}

/** Looks until the run has ended; `before` comes in front of the writing that ends its record. */
async function endOf(deps: BotDeps, runKey: string, before?: () => Promise<void>): Promise<void> {
  let isOver = false;
  const runs: RunStore = {
    ...deps.runs,
    async save(run) {
      if (run.runKey === runKey && hasEnded(run) && !isOver) {
        isOver = true;
        await before?.();
      }
      return deps.runs.save(run);
    },
  };
  await until(`${runKey} has ended`, async () => {
    await reconcileRun({ ...deps, runs }, runKey, {});
    const run = await deps.runs.get(runKey);
    return run !== undefined && hasEnded(run) && run.published.settled;
  });
}
