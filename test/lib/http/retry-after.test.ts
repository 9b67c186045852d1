/** How long GitHub's refusals are believed to ask to wait. */
import { expect, test } from '@jest/globals';
import { waitAskedForMs } from '../../../lib/http/retry-after.ts';

const NOW_MS = Date.parse('2026-01-01T00:00:00Z');
const MINUTE_MS = 60_000;

const waitFor = (headers: Record<string, string>, status = 403, text = '') =>
  waitAskedForMs({ status, headers, text }, NOW_MS);
const untilReset = (reset: string) =>
  waitFor({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset }) ?? Number.NaN;

test('until the reset that it names, and no longer than any limit lasts', () => {
  expect(untilReset(String(NOW_MS / 1000 + 600))).toBe(10 * MINUTE_MS);
  expect(untilReset(String(NOW_MS / 1000 - 600))).toBe(1_000);
  for (const reset of ['253402300799', '1e999', '9'.repeat(400)])
    expect(untilReset(reset)).toBe(61 * MINUTE_MS);
});

test('a reset that is no time is none', () => {
  for (const reset of ['soon', 'NaN', '']) expect(untilReset(reset)).toBe(MINUTE_MS);
  expect(waitFor({ 'x-ratelimit-remaining': '0' })).toBe(MINUTE_MS);
  expect(untilReset('-5')).toBe(1_000);
});

test('Retry-After comes first, a missing permission is no limit', () => {
  expect(waitFor({ 'retry-after': 'Fri, 31 Dec 9999 23:59:59 GMT' }, 429)).toBe(61 * MINUTE_MS);
  expect(waitFor({}, 429)).toBe(MINUTE_MS);
  expect(waitFor({}, 403, 'Resource not accessible by integration')).toBeUndefined();
  expect(waitFor({ 'retry-after': '9' }, 500)).toBeUndefined();
});
