/** Intervals of a mixture of Student t distributions: several explanations of a history, each believed to a degree. */

/** One explanation of where the mean of the pull request's samples falls, if it changes nothing. */
export interface Component {
  /** How far it is believed; the weights of a mixture sum to 1. */
  readonly weight: number;
  readonly centre: number;
  /** The spread of the samples' mean about `centre`, our ignorance of the level included. */
  readonly scale: number;
  /** The same without that ignorance: only the noise of the samples. */
  readonly noise: number;
  /** The variance of the samples' mean, in units of the variance of a single shock. */
  readonly shocks: number;
  readonly freedom: number;
  /** Where the mean would fall at the level before a step. */
  readonly left?: { readonly centre: number; readonly scale: number };
}

/** What a model says of the mean of the next samples; shocks and ignorance of the level in units of the variance of one shock. */
export interface Prediction {
  readonly centre: number;
  readonly variance: number;
  readonly freedom: number;
  readonly shocks: number;
  readonly ignorance: number;
  /** The level before a step. */
  readonly left: { readonly centre: number; readonly ignorance: number } | undefined;
}

export function component(weight: number, from: Prediction): Component {
  const { centre, variance, freedom, shocks, ignorance, left } = from;
  return {
    weight,
    centre,
    scale: Math.sqrt(variance * (shocks + ignorance)),
    noise: Math.sqrt(variance * shocks),
    shocks,
    freedom,
    ...(left
      ? { left: { centre: left.centre, scale: Math.sqrt(variance * (shocks + left.ignorance)) } }
      : {}),
  };
}

/** The interval that leaves half of `level` on either side. */
export function interval(mixture: readonly Component[], level: number): [low: number, high: number] {
  const mirrored = mixture.map((part) => ({ ...part, centre: -part.centre }));
  return [-exceededBy(mirrored, level / 2), exceededBy(mixture, level / 2)];
}

/** The z with P(|Z| > z) = level, for a normal Z. */
export function normalPoint(level: number): number {
  return exceededBy([{ weight: 1, centre: 0, scale: 1, noise: 1, shocks: 1, freedom: 1e6 }], level / 2);
}

/** The value that the mixture exceeds with probability `tail`, by bisection. */
function exceededBy(mixture: readonly Component[], tail: number): number {
  let low = Math.min(...mixture.map(({ centre }) => centre));
  let high = low;
  for (let reach = 8; tailAbove(mixture, high) > tail && reach < 1e9; reach *= 4)
    high = Math.max(...mixture.map(({ centre, scale }) => centre + reach * scale));
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (tailAbove(mixture, middle) > tail) low = middle;
    else high = middle;
  }
  return high;
}

function tailAbove(mixture: readonly Component[], value: number): number {
  let sum = 0;
  for (const { weight, centre, scale, freedom } of mixture)
    sum += weight * studentTail((value - centre) / scale, freedom);
  return sum;
}

/** P(T > t), through Wallace's transformation of t to a normal deviate (good to a few percent of the tail from 2 degrees on). */
function studentTail(t: number, freedom: number): number {
  const z = ((8 * freedom + 1) / (8 * freedom + 3)) * Math.sqrt(freedom * Math.log1p((t * t) / freedom));
  return normalTail(t < 0 ? -z : z);
}

/** P(Z > z): Abramowitz and Stegun, formula 26.2.17. */
function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const series =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
}
