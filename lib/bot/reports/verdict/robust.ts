/** Locations and spreads that a few wild values do not move. */

export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

export function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** The median of |z| for a normal z of spread 1, and of |a − b| for two of them. */
const MEDIAN_OF_ONE = 0.6745;
const MEDIAN_OF_STEP = 0.954;

/** The spread of single runs about their level, from the steps between neighbours: a move of the level hardly counts. */
export function spreadOfSteps(values: readonly number[]): number {
  return median(values.slice(1).map((value, at) => Math.abs(value - values[at]!))) / MEDIAN_OF_STEP;
}

/** A residual counts for at most this many robust spreads. */
const FARTHEST_COUNTED = 3;

/** The root mean square of residuals about zero, wild ones drawn in; at least `floor`. */
export function spreadAboutZero(residuals: readonly number[], floor: number): number {
  const core = Math.max(median(residuals.map(Math.abs)) / MEDIAN_OF_ONE, floor);
  const squares = residuals.map((one) => Math.min(Math.abs(one), FARTHEST_COUNTED * core) ** 2);
  return Math.max(Math.sqrt(mean(squares)), 0.9 * core);
}

/** Huber's location: a mean in which a value farther than 1.5 spreads pulls no harder than one at 1.5. */
export function robustLocation(values: readonly number[], spread: number): number {
  if (values.length < 3) return mean(values);
  const reach = 1.5 * spread;
  let location = median(values);
  for (let round = 0; round < 8; round++)
    location += mean(values.map((value) => Math.max(-reach, Math.min(reach, value - location))));
  return location;
}

/** The mean of each `count` neighbours. */
export function rollingMeans(values: readonly number[], count: number): number[] {
  const means: number[] = [];
  for (let at = 0; at + count <= values.length; at++) means.push(mean(values.slice(at, at + count)));
  return means;
}
