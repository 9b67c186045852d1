/** One model of a history fitted by least squares: a level of a given shape, and noise in which a run remembers the one before. */
import type { Prediction } from './mixture.ts';

/** How the level moves: it stays, follows a line, or changes once, before run `from`. */
export interface Shape {
  readonly kind: 'steady' | 'drift' | 'step' | 'wander';
  readonly from: number;
}

export interface Fit {
  /** The logarithm of how likely the model makes the history: every value of its parameters counted, as far as it is believed. */
  readonly logEvidence: number;
  /** The level at a run of the history. */
  levelAt(run: number): number;
  /** Where the mean of the next samples falls, if they follow the history at once, and if they come much later. */
  predict(samples: readonly number[], after: 'at once' | 'later'): Prediction;
}

/** How large a step is, and a slope a run, in spreads of single runs: the spread of a normal belief about zero. */
export const stepSize = 10;
const slopeSize = 0.2;

/** `memory` is the correlation of neighbouring runs; `floor` the least spread that is believed. */
export function fitLevel(values: readonly number[], shape: Shape, memory: number, floor: number): Fit {
  const runs = values.length;
  const moves = shape.kind !== 'steady';
  // Least squares on value(t) − memory · value(t − 1), whose noise is independent; the first run counts for what it tells.
  const first = Math.sqrt(1 - memory * memory);
  const doubt = 1 / (shape.kind === 'step' ? stepSize : slopeSize) ** 2;
  let ones = 0;
  let cross = 0;
  let squares = moves ? doubt : 0;
  let onesByValue = 0;
  let movesByValue = 0;
  let valuesSquared = 0;
  for (let at = 0; at < runs; at++) {
    const one = at ? 1 - memory : first;
    const value = at ? values[at]! - memory * values[at - 1]! : first * values[0]!;
    ones += one * one;
    onesByValue += one * value;
    valuesSquared += value * value;
    if (!moves) continue;
    const move = at
      ? moved(shape, at, runs) - memory * moved(shape, at - 1, runs)
      : first * moved(shape, 0, runs);
    cross += one * move;
    squares += move * move;
    movesByValue += move * value;
  }
  const determinant = moves ? ones * squares - cross * cross : ones;
  const level = moves ? (squares * onesByValue - cross * movesByValue) / determinant : onesByValue / ones;
  const move = moves ? (ones * movesByValue - cross * onesByValue) / determinant : 0;
  const residual = Math.max(valuesSquared - level * onesByValue - move * movesByValue, runs * floor * floor);

  return {
    logEvidence:
      Math.log(first) -
      ((runs - 1) / 2) * Math.log(residual) -
      Math.log(determinant / (moves ? doubt : 1)) / 2,
    levelAt: (run) => level + move * (moves ? moved(shape, run, runs) : 0),
    predict(samples, after) {
      const { carried, shocks, within } = meanOfNext(samples.length, memory, after);
      const one = 1 - carried;
      const next = moves ? moved(shape, runs, runs) - carried * moved(shape, runs - 1, runs) : 0;
      const ignorance = moves
        ? (one * one * squares - 2 * one * next * cross + next * next * ones) / determinant
        : (one * one) / ones;
      return {
        centre: carried * values[runs - 1]! + one * level + next * move,
        ...spreadOf(residual, runs - 1, samples, within),
        shocks,
        ignorance,
        left:
          moves && shape.kind === 'step' ? { centre: level, ignorance: squares / determinant } : undefined,
      };
    },
  };
}

/** The variance of one shock, from what the model leaves of the history and from how the samples differ. */
export function spreadOf(
  residual: number,
  runsFreedom: number,
  samples: readonly number[],
  within: number,
): { variance: number; freedom: number } {
  const count = samples.length;
  if (count < 2) return { variance: residual / runsFreedom, freedom: runsFreedom };
  let sum = 0;
  for (const value of samples) sum += value;
  let squares = 0;
  for (const value of samples) squares += (value - sum / count) ** 2;
  const freedom = runsFreedom + count - 1;
  return { variance: (residual + squares / within) / freedom, freedom };
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
): { carried: number; shocks: number; within: number } {
  if (memory === 0) return { carried: 0, shocks: 1 / samples, within: 1 };
  let kept = 0;
  let shocks = 0;
  for (let at = 0; at < samples; at++) {
    kept += memory ** (at + 1) / samples;
    shocks += ((1 - memory ** (samples - at)) / (1 - memory) / samples) ** 2;
  }
  const stationary = shocks + (kept * kept) / (1 - memory * memory);
  const within = samples < 2 ? 1 : ((1 / (1 - memory * memory) - stationary) * samples) / (samples - 1);
  return after === 'at once' ? { carried: kept, shocks, within } : { carried: 0, shocks: stationary, within };
}
