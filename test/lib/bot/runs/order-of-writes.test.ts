/** After a limit of GitHub's the first writes are the verdicts', and not everybody comes back at the same moment. */
import { expect, test } from '@jest/globals';
import { mustWaitMs, type WriteKind } from '../../../../lib/bot/runs/write-budget.ts';

const FROM_MS = 1_000_000;
const gitHub = { writesFromMs: () => Promise.resolve(FROM_MS) };
const ORDER: readonly WriteKind[] = ['verdict', 'status', 'mention', 'reaction'];

test('each kind lets those before it go first', async () => {
  const atMs = [0, 5_000, 10_000, 30_000].map((laterMs) => FROM_MS + laterMs);
  const mayGo = await Promise.all(
    atMs.map(async (nowMs) => {
      const waits = await Promise.all(ORDER.map((kind) => mustWaitMs(gitHub, kind, nowMs, 'pb-a')));
      return ORDER.filter((_, index) => waits[index] === 0);
    }),
  );
  expect(mayGo).toEqual([ORDER.slice(0, 1), ORDER.slice(0, 2), ORDER.slice(0, 3), ORDER]);
});

test('while the limit lasts nobody goes, and everybody is told to come back after it, spread out', async () => {
  const waits = await Promise.all(
    Array.from({ length: 200 }, (_, run) => mustWaitMs(gitHub, 'verdict', FROM_MS - 60_000, `pb-${run}`)),
  );
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(60_000);
  expect(Math.max(...waits)).toBeLessThan(75_000);
  const seconds = new Set(waits.map((waitMs) => Math.floor(waitMs / 1_000)));
  expect(seconds.size).toBeGreaterThan(10);
});

test('where no limit is known nothing waits', async () => {
  const free = { writesFromMs: () => Promise.resolve(0) };
  for (const kind of ORDER) expect(await mustWaitMs(free, kind, FROM_MS, 'pb-a')).toBe(0);
});
