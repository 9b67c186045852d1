/** Sends the runs that are due to be looked at, every minute; now and then finds GitHub's lost deliveries. */
import { findLostCommands } from '../lib/bot/commands/find-lost-commands.ts';
import { sweepRuns } from '../lib/bot/runs/sweep.ts';
import { lambdaEnvironment, onLambda } from '../lib/wiring/lambda-environment.ts';
import { sweeperDeps, type SweeperDeps } from '../lib/wiring/workers.ts';

/** Half of the function's time-out: a great backlog is left to the next sweep. */
const SWEEP_FOR_MS = 30_000;

export function createHandler({ bot, countMetric }: SweeperDeps) {
  return async (_event: unknown): Promise<void> => {
    const deps = await bot();
    const [swept] = await Promise.all([sweepRuns(deps, deps.nowMs() + SWEEP_FOR_MS), findLostCommands(deps)]);
    countMetric('DueRuns', swept.due);
    countMetric('OldestOverdueSeconds', Math.round(swept.oldestOverdueMs / 1000));
    if (swept.due > 0) deps.log.info('swept', { due: swept.due, oldestOverdueMs: swept.oldestOverdueMs });
  };
}

export const handler = onLambda(() => createHandler(sweeperDeps(lambdaEnvironment())));
