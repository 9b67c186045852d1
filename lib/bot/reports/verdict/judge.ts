/** The statistical verdict on one metric: better, worse, the same, or "cannot tell" (docs/statistics.md). */
import { baselineOf } from './baseline.ts';
import { describe } from './details.ts';
import type { Details } from './details.ts';
import { doubtAbout } from './doubts.ts';
import { limitsOf } from './limits.ts';
import { robustLocation } from './robust.ts';
import { besideState, isInside } from './states-verdict.ts';
import { looksUnchanged } from './unchanged.ts';
import { explain } from './why.ts';

export interface Question {
  /** Comparable runs of main, oldest first; null where a value is missing (NaN and Infinity count as missing). */
  readonly history: readonly (number | null)[];
  /** The runs of the pull request. */
  readonly sample: readonly (number | null)[];
  /** Which is better. */
  readonly direction: 'lower' | 'higher';
  readonly thresholdPercent: number;
  /** How many metrics the report has: the more, the surer each alarm must be. */
  readonly metrics: number;
}

export type Verdict = 'better' | 'worse' | 'same' | 'cannot-tell';

export interface Judgement {
  readonly verdict: Verdict;
  /** Null where there are too few data, or where the baseline is zero and percent mean nothing. */
  readonly limitPercent: number | null;
  /** One plain sentence with the numbers used. */
  readonly why: string;
  /** What it was decided from; null where there are too few data. */
  readonly details: Details | null;
}

/** With fewer usable runs the spread of a history is not known, and nothing is judged. */
export const fewestRuns = 4;
/** Older runs say nothing more, and the work grows with the square of their number. */
const mostRuns = 100;

export function judge(question: Question): Judgement {
  const history = question.history.filter(isUsable).slice(-mostRuns);
  const sample = question.sample.filter(isUsable);
  if (history.length < fewestRuns || sample.length === 0) {
    const why = explain.tooFew(history.length, sample.length, fewestRuns);
    return { verdict: 'cannot-tell', limitPercent: null, why, details: null };
  }
  // Scaled to about 1, so that neither 1e-300 nor 1e300 leaves the range of floating-point numbers when squared.
  const unit = Math.max(largest(history), largest(sample) * 1e-100) || 1;
  return judgeScaled(
    {
      ...question,
      history: history.map((value) => value / unit),
      sample: sample.map((value) => value / unit),
    },
    unit,
  );
}

const largest = (values: readonly number[]): number => Math.max(...values.map(Math.abs));

const isUsable = (value: number | null): value is number =>
  typeof value === 'number' && Number.isFinite(value);

type Scaled = Omit<Question, 'history' | 'sample'> & {
  readonly history: number[];
  readonly sample: number[];
};

function judgeScaled(
  { history, sample, direction, thresholdPercent, metrics }: Scaled,
  unit: number,
): Judgement {
  const baseline = baselineOf(history, sample);
  const limits = limitsOf(baseline, {
    samples: sample.length,
    thresholdPercent: thresholdPercent > 0 ? thresholdPercent : 0,
    metrics: metrics > 1 ? metrics : 1,
  });
  const location = robustLocation(sample, baseline.spread);
  const change = location - limits.centre;
  const details = describe(baseline, limits, { sample, location, change }, unit);
  const answer = (verdict: Verdict, doubt?: string): Judgement => ({
    verdict,
    limitPercent: details.limitPercent,
    why: explain.decided(verdict, details, doubt),
    details,
  });

  if (Math.abs(change) > limits.limit) {
    const doubt = doubtAbout(baseline, limits, { sample, location, change });
    if (doubt) return answer('cannot-tell', doubt);
    return answer(change > 0 === (direction === 'higher') ? 'better' : 'worse');
  }
  const same =
    Math.abs(change) <= limits.unchanged ||
    looksUnchanged(
      baseline.mixture,
      baseline.states ? besideState(baseline.states, sample) : location,
      limits.effect,
    );
  if (same) return answer('same');
  if (baseline.states && isInside(baseline.states, location))
    return answer('cannot-tell', 'it lies between the levels that runs on main alternate between');
  return answer('cannot-tell');
}
