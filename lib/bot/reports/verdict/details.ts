/** The numbers that a verdict was decided from, in the metric's own unit and in percent of main's level. */
import type { Bounds } from './bounds.ts';
import type { Measurement } from './measurement.ts';

/** Percents are null where the level is zero. */
export interface Details {
  /** Usable runs of main. */
  readonly runs: number;
  /** How many of them, the newest, are at the level that the change is measured from. */
  readonly levelRuns: number;
  /** Whether main was at another level before those. */
  readonly hasStepped: boolean;
  readonly samples: number;
  /** The level that the change is measured from. */
  readonly baseline: number;
  /** Of single runs about their level. */
  readonly spread: number;
  readonly spreadPercent: number | null;
  /** The robust location of the samples. */
  readonly measured: number;
  readonly change: number;
  readonly changePercent: number | null;
  /** Where the true change may lie. */
  readonly changeIntervalPercent: Range | null;
  /** A change beyond it, either way, is called one. */
  readonly limit: number;
  readonly limitPercent: number | null;
  readonly limitFrom: 'noise' | 'asked';
  /** What main's noise alone hides. */
  readonly noiseLimitPercent: number | null;
  readonly careAboutPercent: number;
  /** Nobody asked for it: the 10 % that stand where a project says nothing. */
  readonly careAboutAssumed: boolean;
}

export type Range = readonly [low: number, high: number];

/** Below this part of the level, in percent, a difference is shown as none. */
const SHOWN_AS_NONE = 1e-8;

export function describe(measurement: Measurement, bounds: Bounds): Details {
  const { scale, level, history, sample, location, change, noise } = measurement;
  const percentOf = (difference: number): number | null => {
    const percent = measurement.percentOf(difference);
    return percent !== null && Math.abs(percent) < SHOWN_AS_NONE ? 0 : percent;
  };
  const baseline = scale.back(level.centre);
  const inUnit = (difference: number): number => Math.abs(scale.back(level.centre + difference) - baseline);
  const changePercent = percentOf(change);
  const { noisePercent, limitPercent, careAbout } = bounds;
  return {
    runs: history.length,
    levelRuns: level.runs,
    hasStepped: level.hasStepped,
    samples: sample.length,
    baseline,
    spread: inUnit(level.spread),
    spreadPercent: percentOf(level.spread),
    measured: scale.back(location),
    change: changePercent === 0 ? 0 : scale.back(location) - baseline,
    changePercent,
    changeIntervalPercent: bounds.intervalPercent,
    limit: limitPercent === null ? inUnit(noise) : (limitPercent / 100) * Math.abs(baseline),
    limitPercent,
    limitFrom: limitPercent !== null && limitPercent > noisePercent! ? 'asked' : 'noise',
    noiseLimitPercent: noisePercent,
    careAboutPercent: careAbout.percent,
    careAboutAssumed: careAbout.assumed,
  };
}
