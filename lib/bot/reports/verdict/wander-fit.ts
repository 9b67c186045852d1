/** A history whose level wanders: each run it moves by a random step, small beside the noise (a local level, followed by a Kalman filter). */
import { spreadOf } from './level-fit.ts';
import type { Fit } from './level-fit.ts';

/** `step` is the spread of a move of the level, in spreads of single runs about it. */
export function fitWander(values: readonly number[], step: number, floor: number): Fit {
  const runs = values.length;
  const moving = step * step;
  let level = values[0]!;
  const levels = [level];
  let ignorance = 1;
  let residual = 0;
  let logs = 0;
  for (let at = 1; at < runs; at++) {
    const before = ignorance + moving;
    const surprise = values[at]! - level;
    residual += (surprise * surprise) / (before + 1);
    logs += Math.log(before + 1);
    level += (surprise * before) / (before + 1);
    ignorance = before / (before + 1);
    levels.push(level);
  }
  residual = Math.max(residual, runs * floor * floor);
  return {
    logEvidence: -((runs - 1) / 2) * Math.log(residual) - logs / 2,
    levelAt: (run) => levels[run]!,
    predict: (samples) => ({
      centre: level,
      ...spreadOf(residual, runs - 1, samples, 1),
      shocks: 1 / samples.length,
      ignorance: ignorance + moving,
      left: undefined,
    }),
  };
}
