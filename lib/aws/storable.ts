/** A value as DynamoDB can hold it: numbers from outside may be none, or larger or smaller than it knows. */

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-data-types */
const LARGEST = 9.9e125;
const SMALLEST = 1e-130;

/** Copies plain data; a number that is none is left out (in a list: null), one out of range goes to its end. */
export function storable(value: unknown): unknown {
  if (typeof value === 'number') return storableNumber(value);
  if (Array.isArray(value)) return value.map((one) => storable(one) ?? null);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, storable(one)]));
}

function storableNumber(value: number): number | undefined {
  if (!Number.isFinite(value)) return undefined;
  if (Math.abs(value) > LARGEST) return Math.sign(value) * LARGEST;
  return Math.abs(value) < SMALLEST ? 0 : value;
}
