/** Says what a job can see: main's spread in one metric, and the limit that 1, 3 or 5 runs of a pull request would have. */
import { isUsable, judge } from './judge.ts';
import type { Question } from './judge.ts';

export interface NoiseOfMain {
  /** Usable runs of main. */
  readonly runs: number;
  /** Of single runs, in percent of main's newest level; null where that is zero. */
  readonly spreadPercent: number | null;
  /** What the noise hides, in percent, by the number of runs of the pull request. */
  readonly limitPercent: Readonly<Record<(typeof RUNS_SHOWN)[number], number | null>>;
  readonly careAboutPercent: number;
  /** Nobody asked for it. */
  readonly careAboutAssumed: boolean;
  /** The least number of runs that see such a change; null where no number up to 50 does. */
  readonly runsToSee: number | null;
}

export const RUNS_SHOWN = [1, 3, 5] as const;
const MOST_RUNS = 50;

/** Undefined where main has too few runs for its noise to be known. */
export function noiseOfMain(question: Omit<Question, 'sample'>): NoiseOfMain | undefined {
  const newest = question.history.filter(isUsable).at(-1);
  if (newest === undefined) return undefined;
  const details = judge({ ...question, sample: [newest] }).details;
  if (!details) return undefined;
  const limitAt = (runs: number): number | null =>
    judge({ ...question, sample: Array.from({ length: runs }, () => details.baseline) }).details
      ?.noiseLimitPercent ?? null;
  const sees = (runs: number) => (limitAt(runs) ?? Infinity) <= details.careAboutPercent;
  const numbers = Array.from({ length: MOST_RUNS }, (_, index) => index + 1);
  return {
    runs: details.runs,
    spreadPercent: details.spreadPercent,
    limitPercent: { 1: limitAt(1), 3: limitAt(3), 5: limitAt(5) },
    careAboutPercent: details.careAboutPercent,
    careAboutAssumed: details.careAboutAssumed,
    runsToSee: numbers.find(sees) ?? null,
  };
}
