/** The verdict's figures on a small simulation of known truth: a method that got worse in any of them fails here. */
import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import type { Figures } from '../../../simulation/figures.ts';
import type { LessEvidence } from '../../../simulation/less-evidence.ts';

// The bounds lie a little outside of what this seed gives; they guard the method and are not the targets (docs/statistics.md has both).
// In a process of its own: jest's module sandbox makes arithmetic ten times slower.
const run = (options: string): unknown =>
  JSON.parse(
    execFileSync(process.execPath, ['test/simulation/run.ts', ...options.split(' ')], { encoding: 'utf8' }),
  );
const simulate = (options: string): Figures =>
  (run(`--json --runs 5,20,50 ${options}`) as { pooled: Figures }).pooled;

describe.each([
  ['the first kinds', '--replications 8 --seed 4', { falseAlarms: 1.2, report: 12, found: 62, told: 95 }],
  [
    'the real kinds',
    '--kinds real --replications 10 --seed 4',
    { falseAlarms: 1.6, report: 16, found: 48, told: 92 },
  ],
])('%s of noise', (_, options, bounds) => {
  const figures = simulate(options);

  test('few false alarms', () => {
    expect(figures.falseAlarms).toBeLessThanOrEqual(bounds.falseAlarms);
    expect(figures.falseAlarmsReport).toBeLessThanOrEqual(bounds.report);
  });

  test('effects are found, and what is stated as the limit is the limit', () => {
    expect(figures.found).toBeGreaterThanOrEqual(bounds.found);
    expect(figures.told).toBeGreaterThanOrEqual(bounds.told);
    expect(figures.wrongWay).toBeLessThanOrEqual(0.3);
  });

  test('green is a promise, and is given where it can be', () => {
    expect(figures.greenWrongly).toBeLessThanOrEqual(1);
    expect(figures.green).toBeGreaterThanOrEqual(97);
    expect(figures.undecidedInReach).toBeLessThanOrEqual(7);
  });
});

test('less evidence never says more: by more than two standard errors of 2,500 draws', () => {
  const { draws, all, fewerRuns, fewerSamples } = run(
    '--less-evidence --replications 100 --seed 5',
  ) as LessEvidence;
  expect(draws).toBeGreaterThanOrEqual(2000);
  for (const less of [fewerRuns, fewerSamples])
    for (const share of ['alarms', 'greenWrongly'] as const) {
      const standardError = Math.sqrt((all[share] * (100 - all[share]) * 2) / draws);
      expect(less[share]).toBeLessThanOrEqual(all[share] + 2 * standardError);
    }
});
