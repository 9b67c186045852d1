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

export function standardDeviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}

/** The median of |a − b| for two independent normal values of spread 1. */
const medianNormalStep = 0.954;

/** The spread of single runs about their level, from the steps between neighbours: a slow move of the level hardly counts. */
export function spreadOfSteps(values: readonly number[]): number {
  return median(values.slice(1).map((value, at) => Math.abs(value - values[at]!))) / medianNormalStep;
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
