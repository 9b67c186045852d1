/** The scale that a metric is judged on: logarithms where all values have one sign, so that a spread in percent stays one at any level. */

export interface Scale {
  readonly of: (value: number) => number;
  /** Back in the metric's own unit. */
  readonly back: (scaled: number) => number;
  /** A difference from `level` in percent of it; null where the level is zero. */
  readonly percent: (difference: number, level: number) => number | null;
  /** The difference that is about one percent of `level`. */
  readonly onePercent: (level: number) => number;
}

/** Ratios beyond e²⁰, some five hundred million, are all the same. */
const LARGEST = 20;
/** Far enough within the floating-point numbers that two of these have a difference. */
const FARTHEST = Number.MAX_VALUE / 4;
/** Of the largest value: a level nearer to zero is zero, and percents of it mean nothing. */
const NEXT_TO_ZERO = 1e-9;

export function scaleFor(values: readonly number[]): Scale {
  if (values.every((value) => value > 0) || values.every((value) => value < 0)) return logarithms(values[0]!);
  return plainNumbers(Math.max(...values.map(Math.abs)) || 1);
}

/** `one` is where the scale is zero: near the values, so that little is lost to rounding. */
function logarithms(one: number): Scale {
  const sign = Math.sign(one);
  return {
    of: (value) => sign * logarithmOfRatio(value, one),
    back: (scaled) => finite(one * Math.exp(sign * scaled)),
    percent: (difference) =>
      100 * sign * Math.expm1(sign * Math.max(-LARGEST, Math.min(LARGEST, difference))),
    onePercent: () => 0.01,
  };
}

/** The ratio itself may lie beyond the floating-point numbers. */
function logarithmOfRatio(value: number, one: number): number {
  const ratio = value / one;
  return ratio > 0 && ratio < Infinity
    ? Math.log(ratio)
    : Math.log(Math.abs(value)) - Math.log(Math.abs(one));
}

/** `unit` keeps the squares of 1e-300 and 1e300 within floating-point numbers. */
function plainNumbers(unit: number): Scale {
  const isZero = (level: number): boolean => Math.abs(level) < NEXT_TO_ZERO;
  return {
    of: (value) => value / unit,
    back: (scaled) => (isZero(scaled) ? 0 : finite(scaled * unit)),
    percent: (difference, level) => (isZero(level) ? null : (100 * difference) / Math.abs(level)),
    onePercent: (level) => Math.abs(level) / 100,
  };
}

const finite = (value: number): number => Math.max(-FARTHEST, Math.min(FARTHEST, value));
