/**
 * How often GitHub may be told that only the clock has moved on. It allows an installation 80 writes a minute and 500 an hour
 * (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api), and most of them are kept for what is news.
 */
import type { RunStore } from '../record/run-store.ts';
import { counterKeys } from '../record/table-keys.ts';

const WINDOWS = [
  { name: 'minute', lengthMs: 60_000, writes: 20 },
  { name: 'ten-minutes', lengthMs: 600_000, writes: 50 },
] as const;

/** Takes one write from the budget; false when it is used up, and then the next look tries again. */
export async function mayShowProgress(
  runs: Pick<RunStore, 'countUpTo'>,
  installationId: number,
  nowMs: number,
): Promise<boolean> {
  for (const { name, lengthMs, writes } of WINDOWS) {
    const window = Math.floor(nowMs / lengthMs);
    const counter = counterKeys.progress(installationId, name, window);
    if (!(await runs.countUpTo(counter, writes, (window + 2) * lengthMs))) return false;
  }
  return true;
}
