/**
 * What perfect knowledge of the noise could tell: the half width of the shortest interval that holds a metric without
 * effect in all but `level` of the cases. Nothing narrower keeps the false alarms at that level; a change of just this
 * size is found half of the time, so it is the least that can be told at all.
 */
import type { Random } from './random.ts';

export interface Band {
  readonly centre: number;
  readonly halfWidth: number;
}

/** The shortest interval that holds all but `level` of the draws. */
export function shortestBand(draws: number[], level: number): Band {
  const sorted = Float64Array.from(draws).sort();
  const span = Math.min(sorted.length - 1, Math.ceil((1 - level) * sorted.length));
  let best = 0;
  for (let from = 1; from + span < sorted.length; from++)
    if (sorted[from + span]! - sorted[from]! < sorted[best + span]! - sorted[best]!) best = from;
  return {
    centre: (sorted[best]! + sorted[best + span]!) / 2,
    halfWidth: (sorted[best + span]! - sorted[best]!) / 2,
  };
}

const tailPoints = new Map<number, number>();

/** The two-sided tail point of the normal distribution: z such that P(|Z| > z) = level. */
export function normalTailPoint(level: number): number {
  const point = tailPoints.get(level) ?? findTailPoint(level);
  tailPoints.set(level, point);
  return point;
}

function findTailPoint(level: number): number {
  let low = 0;
  let high = 10;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (tailBeyond(middle) > level) low = middle;
    else high = middle;
  }
  return low;
}

/** P(|Z| > z) by Simpson's rule from z to z + 12. */
function tailBeyond(z: number): number {
  const steps = 400;
  const width = 12 / steps;
  let sum = 0;
  for (let at = 0; at <= steps; at++)
    sum += (at === 0 || at === steps ? 1 : at % 2 ? 4 : 2) * Math.exp(-((z + at * width) ** 2) / 2);
  return (2 * sum * width) / 3 / Math.sqrt(2 * Math.PI);
}

/** For independent noise: the best of the mean, the median and a mean without the far values, each at the same level. */
export function bestBandOfIndependentNoise(
  noise: (random: Random) => number,
  random: Random,
  samples: number,
  level: number,
): Band {
  const draws = Array.from({ length: 60_000 }, () => Array.from({ length: samples }, () => noise(random)));
  return [mean, median, clippedMean]
    .map((location) => shortestBand(draws.map(location), level))
    .reduce((best, band) => (band.halfWidth < best.halfWidth ? band : best));
}

export function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** The mean of what lies within 2.5 of the median (the noise of a family has a core of about 1). */
function clippedMean(values: readonly number[]): number {
  const middle = median(values);
  return mean(values.filter((value) => Math.abs(value - middle) <= 2.5));
}
