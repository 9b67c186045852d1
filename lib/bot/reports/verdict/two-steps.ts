/** A history whose level stepped twice: for each place of the last step, all places of the one before together. */
import { spreadOf, stepSize } from './level-fit.ts';
import type { Fit } from './level-fit.ts';

/** Each level lasts so many runs at least. */
const shortest = 2;

export interface LastStep {
  readonly from: number;
  readonly fit: Fit;
}

export function fitTwoSteps(values: readonly number[], floor: number): LastStep[] {
  const runs = values.length;
  const sums = [0];
  const squares = [0];
  for (let at = 0; at < runs; at++) {
    sums.push(sums[at]! + values[at]!);
    squares.push(squares[at]! + values[at]! ** 2);
  }
  const within = (from: number, to: number): number =>
    squares[to]! - squares[from]! - (sums[to]! - sums[from]!) ** 2 / (to - from);
  const levelOf = (from: number, to: number): number => (sums[to]! - sums[from]!) / (to - from);
  const pairs = ((runs - 3 * shortest + 1) * (runs - 3 * shortest + 2)) / 2;
  const fits: LastStep[] = [];
  for (let last = 2 * shortest; last <= runs - shortest; last++) {
    const logs: number[] = [];
    let best = { residual: Infinity, first: shortest };
    for (let first = shortest; first <= last - shortest; first++) {
      const left = within(0, first) + within(first, last) + within(last, runs);
      const residual = Math.max(left, runs * floor * floor);
      if (residual < best.residual) best = { residual, first };
      logs.push(
        -((runs - 1) / 2) * Math.log(residual) - Math.log(first * (last - first) * (runs - last)) / 2,
      );
    }
    const { residual, first } = best;
    const most = Math.max(...logs);
    const sum = logs.reduce((all, one) => all + Math.exp(one - most), 0);
    fits.push({
      from: last,
      fit: {
        logEvidence: most + Math.log(sum / pairs) - 2 * Math.log(stepSize),
        levelAt: (run) =>
          run >= last ? levelOf(last, runs) : run >= first ? levelOf(first, last) : levelOf(0, first),
        predict: (samples) => ({
          centre: levelOf(last, runs),
          ...spreadOf(residual, runs - 1, samples, 1),
          shocks: 1 / samples.length,
          ignorance: 1 / (runs - last),
          left: { centre: levelOf(first, last), ignorance: 1 / (last - first) },
        }),
      },
    });
  }
  return fits;
}
