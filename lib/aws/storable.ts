/** A value as DynamoDB can hold it: numbers from outside may be none, or larger or smaller than it knows, and texts larger than an item. */

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-data-types */
const LARGEST = 9.9e125;
const SMALLEST = 1e-130;
/** Whoever writes a text bounds it; what was forgotten must not cost the whole record, which may be 400 KB. */
const LONGEST_TEXT = 32_768;

/** Copies plain data; a number that is none is left out (in a list: null), one out of range goes to its end, an endless text is cut. */
export function storable(value: unknown): unknown {
  if (typeof value === 'number') return storableNumber(value);
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map((one) => storable(one) ?? null);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, storable(one)]));
}

function storableNumber(value: number): number | undefined {
  if (!Number.isFinite(value)) return undefined;
  if (Math.abs(value) > LARGEST) return Math.sign(value) * LARGEST;
  return Math.abs(value) < SMALLEST ? 0 : value;
}

/** Never half a character. */
function storableText(text: string): string {
  return text.length <= LONGEST_TEXT ? text : text.slice(0, LONGEST_TEXT).replace(/[\ud800-\udbff]$/, '');
}
