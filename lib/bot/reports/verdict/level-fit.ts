/** One model of a history fitted by least squares: a level of a given shape, and noise in which a run remembers the one before. */
import type { Component } from './mixture.ts';

/** How the level moves: it stays, follows a line, or changes once, before run `from`. */
export interface Shape {
  readonly kind: 'steady' | 'drift' | 'step';
  readonly from: number;
}

export interface Fit {
  /** The logarithm of how well the model explains the history, its number of parameters charged for. */
  readonly logEvidence: number;
  /** Where the mean of the next samples falls, if they follow the history at once, and if they come much later. */
  predict(samples: number, after: 'at once' | 'later'): Omit<Component, 'weight'>;
}

/** `memory` is the correlation of neighbouring runs; `floor` the least spread that is believed. */
export function fitLevel(values: readonly number[], shape: Shape, memory: number, floor: number): Fit {
  const runs = values.length;
  const parameters = shape.kind === 'steady' ? 1 : 2;
  // Least squares on value(t) − memory · value(t − 1), whose noise is independent; the first run counts for what it tells.
  const first = Math.sqrt(1 - memory * memory);
  let ones = 0;
  let cross = 0;
  let moves = 0;
  let onesByValue = 0;
  let movesByValue = 0;
  let valuesSquared = 0;
  for (let at = 0; at < runs; at++) {
    const one = at ? 1 - memory : first;
    const move = at
      ? moved(shape, at, runs) - memory * moved(shape, at - 1, runs)
      : first * moved(shape, 0, runs);
    const value = at ? values[at]! - memory * values[at - 1]! : first * values[0]!;
    ones += one * one;
    cross += one * move;
    moves += move * move;
    onesByValue += one * value;
    movesByValue += move * value;
    valuesSquared += value * value;
  }
  const determinant = parameters === 2 ? ones * moves - cross * cross : ones;
  const level =
    parameters === 2 ? (moves * onesByValue - cross * movesByValue) / determinant : onesByValue / ones;
  const move = parameters === 2 ? (ones * movesByValue - cross * onesByValue) / determinant : 0;
  const residual = Math.max(valuesSquared - level * onesByValue - move * movesByValue, runs * floor * floor);
  const freedom = runs - parameters;

  return {
    logEvidence: Math.log(first) - ((runs - 1) / 2) * Math.log(residual) - parameters * Math.log(runs),
    predict(samples, after) {
      const { carried, shocks } = meanOfNext(samples, memory, after);
      const one = 1 - carried;
      const next = moved(shape, runs, runs) - carried * moved(shape, runs - 1, runs);
      const ignorance =
        parameters === 2
          ? (one * one * moves - 2 * one * next * cross + next * next * ones) / determinant
          : (one * one) / ones;
      const variance = residual / freedom;
      return {
        centre: carried * values[runs - 1]! + one * level + next * move,
        scale: Math.sqrt(variance * (shocks + ignorance)),
        noise: Math.sqrt(variance * shocks),
        freedom,
      };
    },
  };
}

function moved({ kind, from }: Shape, at: number, runs: number): number {
  if (kind === 'drift') return at - (runs - 1) / 2;
  return kind === 'step' && at >= from ? 1 : 0;
}

/** How much of the last run's deviation the mean of the next samples keeps, and its variance in units of one fresh shock. */
function meanOfNext(
  samples: number,
  memory: number,
  after: 'at once' | 'later',
): { carried: number; shocks: number } {
  let kept = 0;
  let shocks = 0;
  for (let at = 0; at < samples; at++) {
    kept += memory ** (at + 1) / samples;
    shocks += ((1 - memory ** (samples - at)) / (1 - memory) / samples) ** 2;
  }
  if (after === 'at once') return { carried: kept, shocks };
  return { carried: 0, shocks: shocks + (kept * kept) / (1 - memory * memory) };
}
