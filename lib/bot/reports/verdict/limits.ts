/** How far a pull request may lie from the baseline: the limit, and how near it must lie to be called unchanged. */
import type { Baseline } from './baseline.ts';
import type { Effect } from './unchanged.ts';
import { interval, normalPoint } from './mixture.ts';

export interface Limits {
  /** The level that a change is measured from. */
  readonly centre: number;
  /** Beyond it a change is called one: the larger of the threshold and what the noise supports. */
  readonly limit: number;
  readonly noiseLimit: number;
  readonly threshold: number;
  /** Up to it a change is unchanged by the threshold alone. */
  readonly unchanged: number;
  /** Twice the least that could be told: what "unchanged" must exclude. */
  readonly effect: Effect;
  /** Half the width of the 95 % interval of a change. */
  readonly uncertainty: number;
  /** The part of all metrics without effect that the noise limit lets through. */
  readonly level: number;
}

/** The false alarms that a metric may have, and a report: perfect knowledge of the noise would use them to the full. */
const alarmsOfAMetric = 0.01;
const alarmsOfAReport = 0.05;
/** The part that goes to the noise; the rest is left for what no history shows. */
const levelOfAMetric = 0.0095;
const levelOfAReport = 0.025;
/** Tails heavier than was thought show in one or two samples; the location of three or more hides them. */
const shareForFewSamples = 0.85;
/** Among machine states the models are fewer and their limit has less to spare. */
const shareForStates = 0.4;
/** Within a threshold: the part of quiet metrics that may lie out of reach of it. */
const quietOutside = 0.035;
/** Below three quarters of a grid step two readings are the same. */
const gridSteps = 0.75;

/** Of the largest value of the history: a level nearer to zero is zero, and percents of it mean nothing. */
const nextToZero = 1e-9;

export function limitsOf(
  { mixture, grid, states }: Baseline,
  input: { readonly samples: number; readonly thresholdPercent: number; readonly metrics: number },
): Limits {
  const share = (input.samples < 3 ? shareForFewSamples : 1) * (states ? shareForStates : 1);
  const level = share * Math.min(levelOfAMetric, levelOfAReport / input.metrics);
  const [low, high] = interval(mixture, level);
  const middle = (low + high) / 2;
  const centre = Math.abs(middle) < nextToZero ? 0 : middle;
  const noiseLimit = Math.max((high - low) / 2, gridSteps * grid);
  const threshold = (input.thresholdPercent / 100) * Math.abs(centre);

  const quiet = halfWidth(mixture, quietOutside);
  return {
    centre,
    limit: Math.max(noiseLimit, threshold),
    noiseLimit,
    threshold,
    unchanged: threshold - quiet,
    effect: {
      inNoise: 2 * normalPoint(Math.min(alarmsOfAMetric, alarmsOfAReport / input.metrics)),
      states: states ? rangeOf(states.levels.map(({ centre: at }) => at)) : 0,
      least: 2 * threshold,
    },
    uncertainty: halfWidth(mixture, 0.05),
    level,
  };
}

const halfWidth = (mixture: Baseline['mixture'], level: number): number => {
  const [low, high] = interval(mixture, level);
  return (high - low) / 2;
};

const rangeOf = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);
