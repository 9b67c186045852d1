/** One metric's verdict in one word: times get slower, sizes larger. */
import { isSize, isSpeed } from './numbers.ts';
import type { MetricRow } from './report.ts';

/** What a worse metric is, in one word. */
export function worseWord(row: MetricRow): string {
  if (isSize(row.unit)) return row.direction === 'higher' ? 'smaller' : 'larger';
  return isSpeed(row.unit) ? 'slower' : 'worse';
}

export function betterWord(row: MetricRow): string {
  if (isSize(row.unit)) return row.direction === 'higher' ? 'larger' : 'smaller';
  return isSpeed(row.unit) ? 'faster' : 'better';
}

export function verdictWord(row: MetricRow): string {
  switch (row.verdict) {
    case 'worse':
      return worseWord(row);
    case 'better':
      return betterWord(row);
    case 'changed':
      return 'changed';
    case 'same':
      return 'unchanged';
    case 'cannot-tell':
      return 'cannot tell';
    case 'info':
      return 'only shown';
  }
}
