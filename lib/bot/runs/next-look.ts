/** Arranges when a run is looked at next: seconds later at first, then less and less often. A hint always comes sooner. */
import { hasEnded, type JobRun } from '../record/job-run.ts';
import { LONGEST_DELAY_SECONDS } from '../record/messages.ts';
import type { BotDeps } from './bot-deps.ts';
import { saveRun } from './hold-run.ts';

const SECOND_MS = 1000;
const LEAST_WAIT_MS = SECOND_MS;
/** A run that is still open this long after its deadline is stuck, and the operator is alarmed. */
const STUCK_AFTER_MS = 10 * 60_000;
/** When the sweeper makes up for a look that got lost. */
const SWEEPER_MARGIN_MS = 60_000;

/** Writes the record, gives the lease back and arranges the next look. */
export async function arrangeNextLook(
  deps: BotDeps,
  run: JobRun,
  retryAfterMs: number | undefined,
): Promise<JobRun> {
  const nowMs = deps.nowMs();
  const naturalMs = nextLookInMs(run, nowMs);
  const inMs = naturalMs === undefined ? undefined : whenBoth(run, naturalMs, retryAfterMs);
  const isNear = inMs !== undefined && hasOwnMessage(deps, inMs, retryAfterMs);
  const { leaseUntilMs: _lease, dueAtMs: _due, ...rest } = run;
  if (!hasEnded(run) && nowMs > run.deadlineAtMs + run.resultsTimeoutMs + STUCK_AFTER_MS)
    deps.countMetric('RunsPastDeadline', 1);
  const lookNumber = run.lookNumber + 1;
  const next: JobRun = {
    ...rest,
    lookNumber,
    ...(inMs === undefined ? {} : { dueAtMs: nowMs + inMs + (isNear ? SWEEPER_MARGIN_MS : 0) }),
  };
  const saved = await saveRun(deps.runs, next);
  if (isNear) {
    await deps.runQueue.send(
      { version: 1, kind: 'look', runKey: run.runKey, lookNumber },
      Math.max(1, Math.ceil(inMs / 1000)),
    );
  }
  if (run.published.settled) await deps.runs.releaseClaim(run.claimKey, run.runKey);
  return saved;
}

/** Lab and Horreum are looked at as usual while GitHub has to wait; a run that has ended waits for GitHub only. */
function whenBoth(run: JobRun, naturalMs: number, retryAfterMs = 0): number {
  if (hasEnded(run)) return Math.max(naturalMs, retryAfterMs);
  return retryAfterMs > 0 ? Math.min(naturalMs, Math.max(retryAfterMs, LEAST_WAIT_MS)) : naturalMs;
}

/**
 * A near look has its own message, so the sweeper only steps in when that got lost. So has one that waits for GitHub: the sweeper
 * would wake all of them at once.
 */
function hasOwnMessage({ settings }: BotDeps, inMs: number, retryAfterMs: number | undefined): boolean {
  return (
    inMs <= settings.sweepIntervalMs || (retryAfterMs !== undefined && inMs <= LONGEST_DELAY_SECONDS * 1000)
  );
}

/** Milliseconds until the next look; undefined when nothing is left to do. */
export function nextLookInMs(run: JobRun, nowMs: number): number | undefined {
  if (hasEnded(run)) return run.published.settled === true ? undefined : 5 * SECOND_MS;
  const { platformRun, horreum, cancelRequested } = run;
  if (cancelRequested) return 3 * SECOND_MS;
  if (!platformRun.ref) return platformRun.unknownStarts > 0 ? 6 * SECOND_MS : 10 * SECOND_MS;
  if (horreum?.readyAtMs !== undefined) return 2 * SECOND_MS;
  if (horreum?.foundAtMs !== undefined) return between(1, (nowMs - horreum.foundAtMs) / 2, 30);
  const candidate = horreum?.candidates?.at(-1);
  if (candidate) return between(1, (nowMs - candidate.sinceMs) / 2, 30);
  if (platformRun.endedAtMs !== undefined) return between(1, (nowMs - platformRun.endedAtMs) / 3, 60);
  const sinceMs = platformRun.startedAtMs ?? run.createdAtMs;
  return untilDeadline(run, nowMs, between(2, (nowMs - sinceMs) / 10, 60));
}

function untilDeadline(run: JobRun, nowMs: number, waitMs: number): number {
  return Math.max(SECOND_MS, Math.min(waitMs, run.deadlineAtMs - nowMs));
}

function between(minimumSeconds: number, valueMs: number, maximumSeconds: number): number {
  return Math.min(maximumSeconds * SECOND_MS, Math.max(minimumSeconds * SECOND_MS, valueMs));
}
