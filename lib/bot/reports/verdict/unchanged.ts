/** Whether a sample looks like no effect rather than like one worth telling: how likely either makes it, under all models of the history. */
import type { Component } from './mixture.ts';

export interface Effect {
  /** In spreads of the samples' mean, as perfect knowledge would have it. */
  readonly inNoise: number;
  /** How far machine states lie apart: as much more. */
  readonly states: number;
  /** In the metric's unit; the larger of the two counts. */
  readonly least: number;
}

/** "Unchanged" holds while the effect explains the sample less than this many times as well as no effect. */
const atMost = 0.24;

/** An effect may as well be of another size: so much goes to any, evenly. */
const broad = 0.05;

export function looksUnchanged(mixture: readonly Component[], value: number, effect: Effect): boolean {
  let none = 0;
  let some = 0;
  for (const { weight, centre, scale, noise, freedom } of mixture) {
    const away = value - centre;
    for (const { factor, share } of believedSpreads(freedom)) {
      const spread = scale * factor;
      const size = Math.max(effect.states + effect.inNoise * noise * factor, effect.least);
      const part = (weight * share) / spread;
      none += part * Math.exp(-((away / spread) ** 2) / 2);
      some +=
        (broad * weight * share) / size +
        (1 - broad) *
          (part / 2) *
          (Math.exp(-(((away - size) / spread) ** 2) / 2) + Math.exp(-(((away + size) / spread) ** 2) / 2));
    }
  }
  return some <= atMost * none;
}

interface BelievedSpread {
  /** The true spread over the estimated one. */
  readonly factor: number;
  readonly share: number;
}

const known = new Map<number, BelievedSpread[]>();

/** What the true spread may be, after an estimate of so many degrees of freedom (Wilson and Hilferty's normal form of chi-squared). */
function believedSpreads(freedom: number): BelievedSpread[] {
  const found = known.get(freedom);
  if (found) return found;
  const points = [-2.4, -1.6, -0.8, 0, 0.8, 1.6, 2.4];
  const total = points.reduce((sum, z) => sum + Math.exp((-z * z) / 2), 0);
  const wide = 2 / (9 * freedom);
  const spreads = points.map((z) => ({
    factor: Math.max(1 - wide + z * Math.sqrt(wide), 0.1) ** -1.5,
    share: Math.exp((-z * z) / 2) / total,
  }));
  known.set(freedom, spreads);
  return spreads;
}
