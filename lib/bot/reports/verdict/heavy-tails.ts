/** Whether single runs fall far from their level more often than normal noise does: normal against Student's t with 3 degrees of freedom. */
import type { Component } from './mixture.ts';

export interface HeavyTails {
  /** How far heavy tails are believed. */
  readonly weight: number;
  /** The scale of the t distribution of single runs. */
  readonly scale: number;
}

/** Belief in heavy tails before anything is seen. */
const belief = 0.07;
const freedomOfHeavyTails = 3;
/** How much farther its 1 % point lies than that of a normal distribution, in their scales: what can be told is as much larger. */
const farther = 2.2;

/** `residuals` are what the likeliest model leaves of the history. */
export function heavyTails(residuals: readonly number[], floor: number): HeavyTails {
  const runs = residuals.length;
  let squares = 0;
  for (const one of residuals) squares += one * one;
  const variance = squares / runs;
  if (variance <= floor * floor) return { weight: 0, scale: floor };
  let scale2 = variance;
  for (let round = 0; round < 12; round++) {
    let sum = 0;
    for (const one of residuals) sum += (one * one) / (freedomOfHeavyTails + (one * one) / scale2);
    scale2 = Math.max(((freedomOfHeavyTails + 1) * sum) / runs, floor * floor);
  }
  let likelier = runs * (Math.log(2 / (Math.PI * Math.sqrt(3))) + (1 + Math.log(2 * Math.PI)) / 2);
  likelier += (runs / 2) * Math.log(variance / scale2);
  for (const one of residuals) likelier -= 2 * Math.log1p((one * one) / (freedomOfHeavyTails * scale2));
  const odds = (belief / (1 - belief)) * Math.exp(Math.min(likelier, 50));
  return { weight: odds / (1 + odds), scale: Math.sqrt(scale2) };
}

/** The same prediction, if the noise has heavy tails. */
export function withHeavyTails<Part extends Component>(part: Part, { weight, scale }: HeavyTails): Part[] {
  const wider = (scale * Math.sqrt(part.shocks)) / part.noise;
  return [
    { ...part, weight: part.weight * (1 - weight) },
    {
      ...part,
      weight: part.weight * weight,
      scale: part.scale * wider,
      noise: part.noise * wider * farther,
      freedom: freedomOfHeavyTails,
    },
  ];
}
