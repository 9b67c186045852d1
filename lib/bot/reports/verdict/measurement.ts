/** What the numbers say before anything is decided: main's newest level, how far the samples lie from it, and how much of that noise may be. */
import { newestLevelOf } from './newest-level.ts';
import type { NewestLevel } from './newest-level.ts';
import { noiseLimitOf, placeSeenBefore } from './noise-limit.ts';
import { robustLocation } from './robust.ts';
import { scaleFor } from './scale.ts';
import type { Scale } from './scale.ts';

/** Distances are on the scale of the metric. */
export interface Measurement {
  readonly scale: Scale;
  readonly history: readonly number[];
  readonly sample: readonly number[];
  readonly level: NewestLevel;
  readonly location: number;
  readonly change: number;
  readonly noise: number;
  /** Main has been as far out itself; `noise` then reaches past that place. */
  readonly isSeenBefore: boolean;
  /** In percent of the level; null where that is zero. */
  readonly percentOf: (difference: number) => number | null;
}

/** Two runs are the fewest that have a spread at all. */
export const fewestToMeasure = 2;

export function measure(input: {
  readonly history: readonly number[];
  readonly sample: readonly number[];
  readonly metrics: number;
}): Measurement {
  const scale = scaleFor([...input.history, ...input.sample]);
  const history = input.history.map(scale.of);
  const sample = input.sample.map(scale.of);
  const level = newestLevelOf(history);
  const location = robustLocation(sample, level.spread);
  const change = location - level.centre;
  const onePercent = scale.onePercent(level.centre);
  const own = noiseLimitOf({ history, sample, level, metrics: Math.max(1, input.metrics), onePercent });
  const before =
    Math.abs(change) > own ? placeSeenBefore(history, level, location, sample.length) : undefined;
  return {
    scale,
    history,
    sample,
    level,
    location,
    change,
    noise: Math.max(own, before ?? 0),
    isSeenBefore: before !== undefined,
    percentOf: (difference) => scale.percent(difference, level.centre),
  };
}
