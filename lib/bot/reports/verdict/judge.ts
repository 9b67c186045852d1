/** The statistical verdict on one metric: better, worse, the same, or "cannot tell" (docs/statistics.md). */
import { boundsOf, isBeyond, isUnchanged } from './bounds.ts';
import { describe } from './details.ts';
import type { Details } from './details.ts';
import { measure } from './measurement.ts';
import { explain, type Reason, type Verdict } from './why.ts';

export type { Reason, Verdict };

export interface Question {
  /** Comparable runs of main, oldest first; null where a value is missing (NaN and Infinity count as missing). */
  readonly history: readonly (number | null)[];
  /** The runs of the pull request. */
  readonly sample: readonly (number | null)[];
  /** Which is better. */
  readonly direction: 'lower' | 'higher';
  /** A change within it never counts. */
  readonly thresholdPercent: number;
  /** The change that the project wants to be told of; without it the threshold, and where there is none 10 %, which is then assumed. */
  readonly careAboutPercent?: number | undefined;
  /** How many metrics the report has: the more, the surer each alarm must be. */
  readonly metrics: number;
}

export interface Judgement {
  readonly verdict: Verdict;
  /** A change beyond it, either way, is called one; null where there are too few data, or where the baseline is zero. */
  readonly limitPercent: number | null;
  /** One plain sentence with the numbers used. */
  readonly why: string;
  /** Undefined unless the verdict is "cannot-tell". */
  readonly reason?: Reason;
  /** What it was decided from; null where there are too few data. */
  readonly details: Details | null;
}

/** With fewer usable runs the spread of a history is not known, and nothing is judged. */
export const fewestRuns = 4;
/** So many equal runs show that a metric hardly ever moves. */
const ENOUGH_EQUAL_RUNS = 12;
/** Older runs say nothing of the newest level. */
const MOST_RUNS = 40;

export function judge(question: Question): Judgement {
  const history = question.history.filter(isUsable).slice(-MOST_RUNS);
  const sample = question.sample.filter(isUsable);
  if (sample.length === 0) return undecidable('no-value', explain.noValue());
  if (history.length < fewestRuns)
    return undecidable('too-few-runs', explain.tooFew(history.length, fewestRuns));
  const isMoved = sample.some((value) => value !== history[0]);
  const isConstant = history.every((value) => value === history[0]);
  if (isConstant && isMoved && history.length < ENOUGH_EQUAL_RUNS && sample.length < 3)
    return undecidable('too-few-runs', explain.fewEqual(history.length));
  return judgeUsable({ ...question, history, sample });
}

export const isUsable = (value: number | null): value is number =>
  typeof value === 'number' && Number.isFinite(value);

function undecidable(reason: Reason, why: string): Judgement {
  return { verdict: 'cannot-tell', limitPercent: null, why, reason, details: null };
}

type Usable = Omit<Question, 'history' | 'sample'> & {
  readonly history: number[];
  readonly sample: number[];
};

function judgeUsable(question: Usable): Judgement {
  const measurement = measure(question);
  const bounds = boundsOf(question, measurement);
  const details = describe(measurement, bounds);
  const answer = (verdict: Verdict, reason?: Reason): Judgement => ({
    verdict,
    limitPercent: bounds.limitPercent,
    why: explain.decided(verdict, details, reason),
    ...(reason && { reason }),
    details,
  });
  if (isBeyond(measurement, bounds)) {
    const isUp = measurement.change > 0;
    return answer(isUp === (question.direction === 'higher') ? 'better' : 'worse');
  }
  if (measurement.isSeenBefore) return answer('cannot-tell', 'seen-before');
  if (isUnchanged(bounds)) return answer('same');
  return answer('cannot-tell', bounds.noisePercent! > bounds.careAbout.percent ? 'noise' : 'too-near');
}
