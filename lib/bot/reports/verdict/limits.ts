/** How far a pull request may lie from the baseline: the limit, and how near it must lie to be called unchanged. */
import type { Baseline } from './baseline.ts';
import { interval, normalPoint } from './mixture.ts';

export interface Limits {
  /** The level that a change is measured from. */
  readonly centre: number;
  /** Beyond it a change is called one: the larger of the threshold and what the noise supports. */
  readonly limit: number;
  readonly noiseLimit: number;
  readonly threshold: number;
  /** Up to it a metric is called unchanged. */
  readonly unchanged: number;
  /** Half the width of the 95 % interval of a change. */
  readonly uncertainty: number;
  /** The part of all metrics without effect that the noise limit lets through. */
  readonly level: number;
}

const levelOfAMetric = 0.01;
/** Of the 5 % false alarms allowed a report, 2.2 % go to the noise; the rest is left for what no history shows. */
const levelOfAReport = 0.022;
/** Tails heavier than the normal show in one or two samples; the location of three or more hides them. */
const shareForFewSamples = 0.6;
/** The part of quiet metrics that may fall outside of "unchanged". */
const quietOutside = 0.035;
/** "Unchanged" must exclude twice the least change that could be told, but for this part on both sides together. */
const changedInside = 0.06;
/** … and is never narrower than this part of what quiet metrics need. */
const narrowest = 0.3;
/** Below three quarters of a grid step two readings are the same. */
const gridSteps = 0.75;

/** Of the largest value of the history: a level nearer to zero is zero, and percents of it mean nothing. */
const nextToZero = 1e-9;

export function limitsOf(
  { mixture, grid }: Baseline,
  input: { readonly samples: number; readonly thresholdPercent: number; readonly metrics: number },
): Limits {
  const few = input.samples < 3 ? shareForFewSamples : 1;
  const level = few * Math.min(levelOfAMetric, levelOfAReport / input.metrics);
  const [low, high] = interval(mixture, level);
  const middle = (low + high) / 2;
  const centre = Math.abs(middle) < nextToZero ? 0 : middle;
  const noiseLimit = Math.max((high - low) / 2, gridSteps * grid);
  const threshold = (input.thresholdPercent / 100) * Math.abs(centre);

  const quiet = halfWidth(mixture, quietOutside);
  const leastTellable = Math.max(normalPoint(level) * meanNoise(mixture), threshold);
  const excluding = 2 * leastTellable - halfWidth(mixture, changedInside);
  const withinNoise = Math.max(narrowest * quiet, Math.min(quiet, excluding));
  return {
    centre,
    limit: Math.max(noiseLimit, threshold),
    noiseLimit,
    threshold,
    unchanged: Math.max(withinNoise, threshold - quiet),
    uncertainty: halfWidth(mixture, 0.05),
    level,
  };
}

const halfWidth = (mixture: Baseline['mixture'], level: number): number => {
  const [low, high] = interval(mixture, level);
  return (high - low) / 2;
};

const meanNoise = (mixture: Baseline['mixture']): number =>
  mixture.reduce((sum, { weight, noise }) => sum + weight * noise, 0);
