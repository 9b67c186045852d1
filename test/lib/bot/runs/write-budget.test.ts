/** Progress is told within a budget; what is left of GitHub's limits is for news. */
import { expect, test } from '@jest/globals';
import { mayShowProgress } from '../../../../lib/bot/runs/write-budget.ts';

function counters() {
  const used = new Map<string, number>();
  return {
    countUpTo: (key: string, limit: number) => {
      const count = used.get(key) ?? 0;
      if (count >= limit) return Promise.resolve(false);
      used.set(key, count + 1);
      return Promise.resolve(true);
    },
  };
}

test('an installation tells progress far less often than GitHub allows writes, a minute and an hour', async () => {
  const runs = counters();
  let [inMinute, inHour] = [0, 0];
  for (let atMs = 0; atMs < 3_600_000; atMs += 500) {
    if (!(await mayShowProgress(runs, 1, atMs))) continue;
    inHour += 1;
    if (atMs < 60_000) inMinute += 1;
  }
  expect(inMinute).toBeGreaterThan(0);
  expect(inMinute).toBeLessThanOrEqual(40);
  expect(inHour).toBeLessThanOrEqual(350);
  expect(await mayShowProgress(runs, 2, 3_599_999)).toBe(true);
});

test('every ten minutes it begins anew', async () => {
  const runs = counters();
  while (await mayShowProgress(runs, 1, 0));
  expect(await mayShowProgress(runs, 1, 30_000)).toBe(false);
  expect(await mayShowProgress(runs, 1, 600_000)).toBe(true);
});
