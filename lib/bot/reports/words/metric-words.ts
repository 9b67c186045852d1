/** One metric's verdict in one word: times get slower, sizes larger, errors worse. */
import { isSize, isSpeed, isTime } from '../../text/numbers.ts';
import type { MetricRow } from '../../record/report.ts';

/** What a worse metric is, in one word. */
export function worseWord(row: MetricRow): string {
  if (isSize(row.unit)) return row.direction === 'higher' ? 'smaller' : 'larger';
  return isOfSpeed(row) ? 'slower' : 'worse';
}

export function betterWord(row: MetricRow): string {
  if (isSize(row.unit)) return row.direction === 'higher' ? 'larger' : 'smaller';
  return isOfSpeed(row) ? 'faster' : 'better';
}

/** More of these is not slower, whatever they are counted in. */
const COUNTED =
  /(?<![a-z])(errors?|failures?|failed|faults?|miss(es)?|drops?|dropped|loss|lost|retr(y|ies)|rejected|rejections?|exceptions?|crash(es)?)(?![a-z])/i;

function isOfSpeed({ name, title, unit }: MetricRow): boolean {
  if (isTime(unit)) return true;
  const spaced = `${name} ${title}`.replace(/([a-z])([A-Z])/g, '$1 $2');
  return isSpeed(unit) && !COUNTED.test(spaced);
}

/** Horreum's own verdict in the metric's words. */
export function horreumWord(row: MetricRow): string {
  if (row.horreumSays === 'worse') return worseWord(row);
  return row.horreumSays === 'better' ? betterWord(row) : 'unchanged';
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
