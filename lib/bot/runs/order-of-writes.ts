/** Who goes first when GitHub takes few writes: verdicts, then what is still running, then mentions, and 👀 last. */
import type { GitHub } from '../../github/github.ts';
import { spreadNumber } from '../record/run-key.ts';

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
