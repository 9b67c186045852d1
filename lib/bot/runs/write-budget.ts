/** Says when GitHub may be written to: who goes first after a limit, and how much is left for progress. */
import type { GitHub } from '../../github/github.ts';
import { spreadNumber } from '../record/run-key.ts';
import type { RunStore } from '../record/run-store.ts';
import { counterKeys } from '../record/table-keys.ts';

/** How long after the end of a limit each kind of write lets the others go first. */
const LETS_OTHERS_FIRST_MS = { verdict: 0, status: 5_000, mention: 10_000, reaction: 30_000 } as const;
export type WriteKind = keyof typeof LETS_OTHERS_FIRST_MS;

/** So that those who waited for the same moment do not all come at once. */
const SPREAD_MS = 15_000;

/** How long such a write has to wait; 0: not at all. `name` decides when, within the spread, its owner comes back. */
export async function mustWaitMs(
  gitHub: Pick<GitHub, 'writesFromMs'>,
  kind: WriteKind,
  nowMs: number,
  name: string,
): Promise<number> {
  const fromMs = await gitHub.writesFromMs();
  const waitMs = fromMs + LETS_OTHERS_FIRST_MS[kind] - nowMs;
  return waitMs <= 0 ? 0 : waitMs + Math.floor(((spreadNumber(name) % 1_000) / 1_000) * SPREAD_MS);
}

/**
 * GitHub allows an installation 80 writes a minute and 500 an hour
 * (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api), and most of them are kept for news.
 */
const PROGRESS_WINDOWS = [
  { name: 'minute', lengthMs: 60_000, writes: 20 },
  { name: 'ten-minutes', lengthMs: 600_000, writes: 50 },
] as const;

/** Takes one write from the budget for progress; false when it is used up, and then the next look tries again. */
export async function mayShowProgress(
  runs: Pick<RunStore, 'countUpTo'>,
  installationId: number,
  nowMs: number,
): Promise<boolean> {
  for (const { name, lengthMs, writes } of PROGRESS_WINDOWS) {
    const window = Math.floor(nowMs / lengthMs);
    const counter = counterKeys.progress(installationId, name, window);
    if (!(await runs.countUpTo(counter, writes, (window + 2) * lengthMs))) return false;
  }
  return true;
}
