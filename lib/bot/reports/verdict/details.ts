/** The numbers that a verdict was decided from, in the metric's own unit and in percent of the baseline. */
import type { Baseline, Pattern } from './baseline.ts';
import type { Measured } from './doubts.ts';
import type { Limits } from './limits.ts';

export interface Details {
  readonly runs: number;
  readonly samples: number;
  /** What the history looks like most. */
  readonly pattern: Pattern;
  /** The level that the change is measured from. */
  readonly baseline: number;
  /** The spread of single runs about their level. */
  readonly spread: number;
  readonly spreadPercent: number | null;
  /** The robust location of the samples. */
  readonly measured: number;
  readonly change: number;
  readonly changePercent: number | null;
  /** 95 % interval of the change. */
  readonly changeInterval: Range;
  readonly changeIntervalPercent: Range | null;
  /** The larger of the threshold and what the noise supports. */
  readonly limit: number;
  readonly limitPercent: number | null;
  readonly limitFrom: 'threshold' | 'noise';
  readonly noiseLimit: number;
  readonly noiseLimitPercent: number | null;
  /** The false alarms that the noise limit lets through, in percent of metrics without effect. */
  readonly levelPercent: number;
}

export type Range = readonly [low: number, high: number];

/** Below this part of the largest value of the history a difference is shown as none. */
const shownAsNone = 1e-10;

/** `unit` turns the scaled values back into the metric's own; percents are null where the baseline is zero. */
export function describe(baseline: Baseline, limits: Limits, measured: Measured, unit: number): Details {
  const shown = (value: number): number => (Math.abs(value) < shownAsNone ? 0 : value);
  const own = (value: number): number => shown(value) * unit;
  const percent = (value: number): number | null =>
    limits.centre === 0 ? null : (shown(value) / Math.abs(limits.centre)) * 100;
  const low = measured.change - limits.uncertainty;
  const high = measured.change + limits.uncertainty;
  const [lowPercent, highPercent] = [percent(low), percent(high)];
  return {
    runs: baseline.history.length,
    samples: measured.sample.length,
    pattern: baseline.pattern,
    baseline: limits.centre * unit,
    spread: own(baseline.spread),
    spreadPercent: percent(baseline.spread),
    measured: measured.location * unit,
    change: own(measured.change),
    changePercent: percent(measured.change),
    changeInterval: [own(low), own(high)],
    changeIntervalPercent: lowPercent === null || highPercent === null ? null : [lowPercent, highPercent],
    limit: own(limits.limit),
    limitPercent: percent(limits.limit),
    limitFrom: limits.threshold > limits.noiseLimit ? 'threshold' : 'noise',
    noiseLimit: own(limits.noiseLimit),
    noiseLimitPercent: percent(limits.noiseLimit),
    levelPercent: limits.level * 100,
  };
}
