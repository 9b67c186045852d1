/** The advice of an undecided metric: the number of runs that it names does decide. */
import { describe, expect, test } from '@jest/globals';
import { judge } from '../../../../lib/bot/reports/verdict/judge.ts';
import type { Question } from '../../../../lib/bot/reports/verdict/judge.ts';
import { moreRunsToDecide } from '../../../../lib/bot/reports/verdict/more-runs.ts';
import type { MoreRuns } from '../../../../lib/bot/record/report.ts';
import { randomFrom } from '../../../simulation/random.ts';

const random = randomFrom(7);
const runsAt = (level: number, spread: number, count: number): number[] =>
  Array.from({ length: count }, () => level * (1 + spread * random.normal()));
const question = (history: number[], sample: number[], careAboutPercent: number): Question => ({
  ...{ history, sample, careAboutPercent, direction: 'lower', thresholdPercent: 0, metrics: 1 },
});

/** Over many labs of one noise: how often the named number of runs decides, of those that one is named for. */
function decidedShare(
  draw: () => { main: number[]; sample: number[] },
  spread: number,
  careAbout: number,
  of: keyof MoreRuns,
) {
  let [named, decided] = [0, 0];
  for (let lab = 0; lab < 40; lab++) {
    const { main, sample } = draw();
    const asked = question(main, sample, careAbout);
    const count = judge(asked).verdict === 'cannot-tell' ? moreRunsToDecide(asked)![of] : null;
    if (count === null) continue;
    named++;
    const more = runsAt(100, spread, count);
    const [history, all] = of === 'ofMain' ? [[...main, ...more], sample] : [main, [...sample, ...more]];
    if (judge(question(history, all, careAbout)).verdict !== 'cannot-tell') decided++;
  }
  expect(named).toBeGreaterThan(12);
  return decided / named;
}

describe('more runs', () => {
  test('of main decide where it has few, with the number that is named', () => {
    const draw = () => ({ main: runsAt(100, 0.008, 6), sample: runsAt(100, 0.008, 1) });
    expect(decidedShare(draw, 0.008, 6, 'ofMain')).toBeGreaterThanOrEqual(0.8);
  });

  test('of the pull request decide where one is too few', () => {
    const draw = () => ({ main: runsAt(100, 0.02, 30), sample: runsAt(100, 0.02, 1) });
    expect(decidedShare(draw, 0.02, 6, 'ofPullRequest')).toBeGreaterThanOrEqual(0.8);
    const { ofMain } = moreRunsToDecide(question(runsAt(100, 0.02, 30), [100], 5))!;
    expect(ofMain).toBeNull();
  });

  test('never decide what the noise hides, and are not guessed at without runs of main', () => {
    expect(moreRunsToDecide(question(runsAt(100, 0.2, 30), [100], 5))).toEqual({
      ofMain: null,
      ofPullRequest: null,
    });
    expect(moreRunsToDecide(question([100], [100], 5))).toBeUndefined();
  });

  test('are the same number each time', () => {
    const asked = question(runsAt(100, 0.02, 30), [100], 5);
    expect(moreRunsToDecide(asked)).toEqual(moreRunsToDecide(asked));
  });
});
