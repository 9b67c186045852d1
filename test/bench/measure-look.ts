/** One look that brings no news, which is most of what the bot does while a long job runs. */
import { nextLookInMs } from '../../lib/bot/runs/next-look.ts';
import { takeRunMessage } from '../../lib/bot/runs/take-run-message.ts';
import { workerDeps } from '../../lib/wiring/workers.ts';
import { aRun } from '../lib/bot/a-run.ts';
import type { Units } from './consumed-units.ts';
import { median, rounded } from './figures.ts';
import { startMeteredWorld, USUAL_DELAYS_MS, type System } from './metered-world.ts';
import { forgetCalls, totals, unitsOf } from './tally-calls.ts';
import { until } from './until.ts';

export interface LookResults {
  readonly calls: Readonly<Record<System, number>>;
  readonly units: Units;
  readonly ms: number;
}

const LOOKS = 5;
/** The job is still at it when the last look is over. */
const SLOW_JOB = 0.2;

export async function measureLook(): Promise<LookResults> {
  const metered = await startMeteredWorld(USUAL_DELAYS_MS, { speed: SLOW_JOB });
  const { world, relays } = metered;
  try {
    world.addComment('ana', '/perf-bot run getting-started');
    await until('the job to run', () =>
      relays.jenkins.calls.some(({ path }) => /\/job\/[^/]+\/\d+\/api\/json/.test(path)),
    );
    await world.server.close(); // from here on nothing moves by itself
    const deps = await workerDeps(world.local.environment, 'run-worker').bot();
    const runKey = world.github.checkRuns()[0]?.externalId ?? '';
    const look = () => takeRunMessage(deps, { version: 1, kind: 'look', runKey }, Date.now());
    await look(); // may still bring news
    const took: number[] = [];
    for (let round = 0; round < LOOKS; round += 1) {
      forgetCalls(metered);
      const startedAtMs = performance.now();
      await look();
      took.push(performance.now() - startedAtMs);
    }
    return { calls: totals(metered), units: unitsOf(metered), ms: rounded(median(took), 0) };
  } finally {
    await metered.close();
  }
}

/** How many looks the schedule gives a job of this length that nobody hints about. */
export function looksWhileRunning(jobMinutes: number): number {
  const endMs = jobMinutes * 60_000;
  const run = aRun({
    createdAtMs: 0,
    deadlineAtMs: 2 * endMs,
    platformRun: {
      attempt: 1,
      requestedAtMs: 0,
      unknownStarts: 0,
      misses: 0,
      ref: { runId: '1' },
      startedAtMs: 0,
    },
  });
  let looks = 0;
  for (let nowMs = 0; nowMs < endMs; nowMs += nextLookInMs(run, nowMs) ?? endMs) looks += 1;
  return looks;
}
