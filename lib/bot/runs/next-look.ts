/** When a run is looked at next: seconds at first, then less and less often. A hint always comes sooner. */
import { hasEnded, type JobRun } from '../record/job-run.ts';

const SECOND_MS = 1000;

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
