/** The bounds that a change is compared with, in percent of main's level: the limit, and the change that the project cares about. */
import type { Measurement } from './measurement.ts';

export interface CareAbout {
  readonly percent: number;
  /** Nobody asked for it: it bounds "same", and never "worse". */
  readonly assumed: boolean;
}

/** Percents are null where the level is zero. */
export interface Bounds {
  readonly careAbout: CareAbout;
  /** What main's noise hides. */
  readonly noisePercent: number | null;
  /** The largest of that, the threshold, and what the project asked to be told of. */
  readonly limitPercent: number | null;
  /** Where the true change may lie. */
  readonly intervalPercent: readonly [low: number, high: number] | null;
}

interface Asked {
  readonly thresholdPercent: number;
  readonly careAboutPercent?: number | undefined;
}

const ASSUMED_CARE_ABOUT_PERCENT = 10;
/** The interval of the change, in noise limits to either side. */
const INTERVAL = 0.9;

function careAboutOf({ careAboutPercent, thresholdPercent }: Asked): CareAbout {
  const asked = careAboutPercent ?? thresholdPercent;
  return asked > 0
    ? { percent: asked, assumed: false }
    : { percent: ASSUMED_CARE_ABOUT_PERCENT, assumed: true };
}

export function boundsOf(asked: Asked, { percentOf, change, noise }: Measurement): Bounds {
  const careAbout = careAboutOf(asked);
  const noisePercent = percentOf(noise);
  const low = percentOf(change - INTERVAL * noise);
  const high = percentOf(change + INTERVAL * noise);
  const least = Math.max(asked.thresholdPercent, careAbout.assumed ? 0 : careAbout.percent);
  return {
    careAbout,
    noisePercent,
    limitPercent: noisePercent === null ? null : Math.max(noisePercent, least),
    intervalPercent: low === null || high === null ? null : [low, high],
  };
}

/** Where percents mean nothing the noise alone decides. */
export function isBeyond({ change, noise, percentOf }: Measurement, { limitPercent }: Bounds): boolean {
  const percent = percentOf(change);
  if (percent === null || limitPercent === null) return Math.abs(change) > noise;
  return Math.abs(percent) > limitPercent;
}

/** No change of what the project cares about, either way: the job would show it, and the interval excludes it. */
export function isUnchanged({ careAbout, noisePercent, intervalPercent }: Bounds): boolean {
  if (noisePercent === null || intervalPercent === null) return true;
  return (
    noisePercent <= careAbout.percent && intervalPercent.every((end) => Math.abs(end) <= careAbout.percent)
  );
}
