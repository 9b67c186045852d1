/** What people read: quiet when clean, the verdict first, what to do next, numbers as far as the noise lets them mean something. */
import { describe, expect, test } from '@jest/globals';
import { digitsFor, formatValue } from '../../../../../lib/bot/text/numbers.ts';
import { runSection } from '../../../../../lib/bot/reports/words/run-section.ts';
import { headlineOf } from '../../../../../lib/bot/reports/words/headline.ts';
import type { MetricRow } from '../../../../../lib/bot/record/report.ts';
import type { JobRun } from '../../../../../lib/bot/record/job-run.ts';
import { aReport, aRow, aRun, CREATED_AT_MS, MINUTE_MS } from '../../a-run.ts';

const NOW_MS = CREATED_AT_MS + 30 * MINUTE_MS;
const context = { prompt: '/perf-bot', nowMs: NOW_MS, durationsMs: [], maxTableChars: 20_000 };
const reported = (...rows: MetricRow[]): JobRun => aRun({ state: 'reported', report: aReport(rows) });
const slow = aRow({
  name: 'rt',
  title: 'Response time',
  unit: 'ms',
  verdict: 'worse',
  baseline: 100,
  value: 107.4,
  changePercent: 7.4,
  limitPercent: 2,
  direction: 'lower',
});

describe('the headline', () => {
  test.each<[string, JobRun, string]>([
    ['slower', reported(slow, aRow()), '🔴 slower - Response time up 7.4% in `smoke`'],
    ['larger', reported({ ...slow, unit: 'MiB' }), '🔴 larger - Response time up 7.4% in `smoke`'],
    ['only a warning', reported({ ...slow, policy: 'warn' }), '🟠 slower - Response time up 7.4% in `smoke`'],
    [
      'accepted',
      reported({ ...slow, acknowledged: { by: 'mia', reason: 'x' } }),
      '🟠 accepted - Response time up 7.4% in `smoke`',
    ],
    [
      'only for information',
      reported(aRow(), { ...slow, policy: 'info' }),
      '🟢 no slowdown found in `smoke`',
    ],
    [
      'one of several datasets',
      reported({ ...slow, dataset: 0 }, { ...slow, dataset: 1, changePercent: 9 }),
      '🔴 slower - Response time up 9.0% (in 2 datasets) in `smoke`',
    ],
    [
      'cannot tell',
      reported(aRow(), aRow({ title: 'p99', verdict: 'cannot-tell' })),
      '⚪ cannot tell - p99 undecided in `smoke`',
    ],
    [
      'from zero',
      reported(zero({ ...slow, baseline: 0 })),
      '🔴 slower - Response time up from zero in `smoke`',
    ],
    [
      'a fault of the lab',
      aRun({ state: 'failed', failure: { looksLike: 'lab', reason: 'x' } }),
      '❌ `smoke` did not finish - the lab broke down, not your change',
    ],
    ...(['code', 'lab'] as const).map((looksLike): [string, JobRun, string] => [
      `${looksLike}: failed with an upload at hand`,
      aRun({ state: 'failed', failure: { looksLike, reason: 'x' }, horreum: { testId: '1', runId: 2 } }),
      '❌ `smoke` failed after its upload - its numbers are not trusted',
    ]),
    [
      'a private upload',
      aRun({ state: 'results-missing', horreum: { testId: '1', runId: 2, refused: 'PRIVATE' } }),
      '❌ `smoke`: its results may not be shown here',
    ],
  ])('%s', (_, run, expected) => {
    const { icon, text } = headlineOf(run, NOW_MS);
    expect(`${icon} ${text}`).toBe(expected);
  });

  test('what the lab says beside a good end is shown, and a limit of its own is no fault of the code', () => {
    const { platformRun } = aRun({});
    const warned = {
      ...reported(aRow()),
      platformRun: { ...platformRun, warning: 'its exit handler failed' },
    };
    expect(runSection(warned, context)).toContain('> [!WARNING]\n> its exit handler failed');
    const failure = { looksLike: 'aborted', reason: 'Step exceeded its deadline', stage: 'measure' } as const;
    const late = runSection(aRun({ state: 'timed-out', failure }), context);
    expect(late).toContain('**Why** Step exceeded its deadline');
    expect(late).toContain('set in the job at the lab');
    expect(late).not.toContain('push a fix');
  });

  test('in plain text nothing is escaped', () => {
    const { plain } = headlineOf(reported({ ...slow, title: 'rt_p99 (ms) *' }), NOW_MS);
    expect(plain).toBe('slower - rt_p99 (ms) * up 7.4% in smoke');
  });
});

function zero({ changePercent: _none, ...row }: MetricRow): MetricRow {
  return row;
}

test('a clean result is two lines and folds', () => {
  const section = runSection(
    reported(
      aRow({ limitPercent: 2 }),
      aRow({ verdict: 'better', title: 'Start-up', changePercent: -3.1, limitPercent: 5 }),
    ),
    context,
  );
  const [heading, line, ...rest] = section.split('\n\n').filter((part) => part !== '');
  expect(heading).toBe('### 🟢 Perf Bot: no slowdown found in `smoke`');
  expect(line).toContain('2 metrics, none worse by more than its limit (±2.0% to ±5.0%)');
  expect(line).toContain('Best: Start-up 3.1% faster.');
  expect(section).not.toContain('> [!');
  expect(rest[0]).toMatch(/^<details><summary>All 2 metrics/);
});

test('a slower one says what to do, with a line to copy that the parser takes', () => {
  expect(runSection(reported(slow), context)).toContain('`/perf-bot ack rt "reason"`');
  const spaced = runSection(reported({ ...slow, name: 'my "odd" metric' }), context);
  expect(spaced).toContain('`/perf-bot ack \'my "odd" metric\' "reason"`');
});

describe('an undecided one', () => {
  const row = aRow({
    verdict: 'cannot-tell',
    undecided: 'noise',
    title: 'p99',
    runs: 24,
    limitPercent: 81,
    careAboutPercent: 5,
    why: 'Too far out to be called unchanged.',
  });

  test('says what the job sees and what was asked, in the headline too', () => {
    const run = reported(row);
    const seen = 'this job sees changes of 81.0% and more with 1 run; you asked for 5.0%';
    expect(runSection(run, context)).toContain(`**Why:** p99: ${seen}`);
    expect(headlineOf(run, NOW_MS).plain).toBe(`cannot tell - p99 undecided: ${seen} in smoke`);
    const assumed = reported({ ...row, careAboutPercent: 10, careAboutAssumed: true });
    expect(runSection(assumed, context)).toContain('10% is assumed to matter');
  });

  test.each([
    [
      { ofMain: 12, ofPullRequest: 2 },
      '2 more runs of this pull request, or 12 more runs of main, would decide it (p99); each `/perf-bot rerun` adds one',
    ],
    [
      { ofMain: 12, ofPullRequest: null },
      '12 more runs of main would decide it (p99); more runs of this pull request would not',
    ],
    [{ ofMain: null, ofPullRequest: 1 }, '1 more run of this pull request would decide it (p99)'],
    [
      { ofMain: null, ofPullRequest: null },
      'no number of runs up to 50 would decide it (p99): make the job steadier',
    ],
  ])('offers only what was simulated to work: %j', (moreRuns, next) => {
    expect(runSection(reported({ ...row, moreRuns }), context)).toContain(`**Next:** ${next}`);
  });

  test('quotes Horreum’s rule as Horreum’s', () => {
    const quoted = reported({
      ...aRow({
        title: 'p99',
        verdict: 'cannot-tell',
        undecided: 'too-few-runs',
        horreumSays: 'worse',
        unit: 'ms',
        why: 'Main has 2 usable runs.',
      }),
    });
    expect(headlineOf(quoted, NOW_MS).plain).toContain(
      'Horreum’s rule says slower, but how noisy p99 is isn’t known yet',
    );
    expect(runSection(quoted, context)).toContain('Horreum’s own rule, which knows no noise, says slower.');
  });
});

describe('numbers', () => {
  test.each<[number, string | undefined, number | undefined, string]>([
    [807_556, 'ns', undefined, '807.6 µs'],
    [2_080_123, 'ns', 25_000, '2.08 ms'],
    [41_203.7, 'req/s', 250, '41.20 k req/s'],
    [432_013_312, 'B', 1_300_000, '412.0 MiB'],
    [1180, undefined, undefined, '1,180'],
    [1234.5, undefined, 100, '1,230'],
    [0, 'ms', 1, '0 ns'],
    [Number.NaN, 'ms', undefined, 'NaN'],
    [Number.NEGATIVE_INFINITY, undefined, undefined, '−∞'],
    [71.4, '%', 1.5, '71.4 %'],
  ])('%p %s, scatters by %p: %s', (value, unit, spread, text) =>
    expect(formatValue(value, unit, digitsFor(value, spread))).toBe(text),
  );
});
