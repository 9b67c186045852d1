/** The ladder of baselines: the nearest rung with enough results is taken, and it is said why. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { chooseBaseline } from '../../../../lib/bot/reports/choose-baseline.ts';

const sha = (index: number): string => String(index).padStart(40, 'a');
const runs = Array.from({ length: 10 }, (_, index) => ({ runId: 100 + index, commit: sha(index) }));

describe('the rungs', () => {
  test('main up to the merge base, where that has results', () => {
    const chosen = chooseBaseline({ runs, fewest: 4, mergeBase: sha(7) });
    expect(chosen).toMatchObject({ rung: 'merge-base', runs: 8 });
    expect(chosen.words).toContain(sha(7).slice(0, 7));
    expect(chosen.why).toContain('branched off');
  });

  test('the last of several runs of one commit, and labels that hold only its beginning', () => {
    const abbreviated = runs.map((run) => ({ ...run, commit: `beef${String(run.runId)}` }));
    const twice = [...abbreviated, { runId: 200, commit: 'beef107' }];
    expect(chooseBaseline({ runs: twice, fewest: 4, mergeBase: `beef107${'0'.repeat(33)}` })).toMatchObject({
      rung: 'merge-base',
      runs: 11,
    });
  });

  test('else the nearest ancestor, with how far it is', () => {
    const ancestor = { commit: sha(5), commitsAway: 3 };
    const chosen = chooseBaseline({ runs, fewest: 4, mergeBase: 'f'.repeat(40), ancestor });
    expect(chosen).toMatchObject({ rung: 'ancestor', runs: 6 });
    expect(chosen.words).toContain('3 commits before the merge base');
    expect(chosen.why).toBe('the merge base fffffff has no results');
  });

  test('else the latest main', () => {
    const latest = chooseBaseline({ runs, fewest: 4 });
    expect(latest).toMatchObject({ rung: 'latest-main', runs: 10 });
    expect(latest.why).toContain('no label names the commits of main');
  });

  test('a rung with too few runs up to it is passed over, and that is said', () => {
    const chosen = chooseBaseline({ runs, fewest: 4, mergeBase: sha(1) });
    expect(chosen).toMatchObject({ rung: 'latest-main', runs: 10 });
    expect(chosen.why).toContain('has only 2 comparable runs');
  });

  test('with too few runs in all there is none', () => {
    expect(chooseBaseline({ runs: runs.slice(0, 1), fewest: 4, mergeBase: sha(0) })).toMatchObject({
      rung: 'none',
      why: 'there is 1 comparable run of main, and with fewer than 4 their spread is not known',
    });
  });
});

test('never more runs than there are, never fewer than are needed', () => {
  const anyRuns = fc.array(
    fc.record({
      runId: fc.integer({ min: 1, max: 50 }),
      commit: fc.constantFrom(...runs.map(({ commit }) => commit)),
    }),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(anyRuns, fc.constantFrom(...runs.map(({ commit }) => commit)), (some, mergeBase) => {
      const chosen = chooseBaseline({ runs: some, fewest: 4, mergeBase });
      if (chosen.rung === 'none') expect(some.length).toBeLessThan(4);
      else expect(chosen.runs >= 4 && chosen.runs <= some.length).toBe(true);
    }),
  );
});
