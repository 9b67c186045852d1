/** Text out of JSON: a number counts, all else is the stand-by. */

export function asText(value: unknown, standBy = ''): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : standBy;
}
