/** What somebody sees in ten seconds: words and colours that agree, commands that work as they stand, nothing said twice. */
import { describe, expect, test } from '@jest/globals';
import { checkOfRun } from '../../../../../lib/bot/reports/words/check-of-run.ts';
import { failedCard } from '../../../../../lib/bot/reports/words/failure-card.ts';
import { shown } from '../../../../../lib/bot/reports/judge-row.ts';
import { metricCharts } from '../../../../../lib/bot/reports/words/charts.ts';
import { metricTables } from '../../../../../lib/bot/reports/words/metric-table.ts';
import { splitWords } from '../../../../../lib/bot/grammar/split-words.ts';
import { verdictWord } from '../../../../../lib/bot/reports/words/metric-words.ts';
import type { MetricRow } from '../../../../../lib/bot/record/report.ts';
import { runSection } from '../../../../../lib/bot/reports/words/run-section.ts';
import { statusComment } from '../../../../../lib/bot/reports/words/status-comment.ts';
import { headlineOf } from '../../../../../lib/bot/reports/words/headline.ts';
import type { JobRun } from '../../../../../lib/bot/record/job-run.ts';
import { aReport, aRow, aRun, CREATED_AT_MS, MINUTE_MS } from '../../a-run.ts';

const NOW_MS = CREATED_AT_MS + 34 * MINUTE_MS;
const context = { prompt: '/perf-bot', nowMs: NOW_MS, durationsMs: [], maxTableChars: 20_000 };
const reported = (rows: readonly MetricRow[], more: Partial<JobRun> = {}): JobRun =>
  aRun({ state: 'reported', report: aReport(rows), ...more });
const worse = aRow({ verdict: 'worse', direction: 'lower', changePercent: 9, limitPercent: 2 });
const key = (index: number) => `pb-${String.fromCharCode(97 + index).repeat(26)}`;

test('a metric that only warns has the colour of its headline', () => {
  const run = reported([{ ...worse, policy: 'warn' }]);
  expect(headlineOf(run, NOW_MS).icon).toBe('🟠');
  expect(runSection(run, context)).toMatch(/^\| 🟠\s\*\*rt/m);
});

test.each([
  ['errors', undefined, 'worse'],
  ['gc_failures', undefined, 'worse'],
  ['cache.misses', undefined, 'worse'],
  ['CacheMisses', '', 'worse'],
  ['mean_response_time', undefined, 'slower'],
  ['permission_check', undefined, 'slower'],
  ['errors', 'errors/s', 'worse'],
  ['errors', 'ms', 'slower'],
  ['max_rss', 'MiB', 'larger'],
])('a worse %s in %s is %s', (name, unit, word) => {
  const { unit: _unit, ...row } = worse;
  expect(verdictWord({ ...row, name, title: name, ...(unit === undefined ? {} : { unit }) })).toBe(word);
});

test('how long an aborted run took is told once: from where it began', () => {
  const run = aRun({
    state: 'cancelled',
    endedAtMs: NOW_MS,
    failure: { looksLike: 'aborted', reason: 'aborted by admin', stage: 'measure' },
    platformRun: {
      attempt: 1,
      requestedAtMs: CREATED_AT_MS,
      unknownStarts: 1,
      misses: 0,
      startedAtMs: NOW_MS - 4 * MINUTE_MS,
      endedAtMs: NOW_MS - MINUTE_MS,
    },
  });
  const section = runSection(run, context);
  expect(section).toContain('was aborted at the lab after 3 min');
  expect(section).not.toContain('34 min');
});

test('a stop that the lab never confirmed is not told as done', () => {
  for (const [state, why] of [
    ['cancelled', 'person'],
    ['timed-out', 'deadline'],
  ] as const) {
    const said = (unconfirmed?: true) =>
      runSection(
        aRun({
          state,
          platformRun: { ...aRun().platformRun, ref: { url: 'https://lab.test/1' } },
          cancelRequested: { by: 'bo', atMs: 1, why, ...(unconfirmed ? { unconfirmed } : {}) },
        }),
        context,
      );
    expect(said(true)).toMatch(/not confirmed the stop: the job may still be running/);
    expect(said(true)).not.toContain('was told to stop');
    expect(said()).not.toContain('may still be running');
  }
});

test('a run that is about to end is not full, and has no zero seconds left', () => {
  const shown = (elapsedMs: number) =>
    runSection(
      aRun({
        state: 'running',
        platformRun: {
          attempt: 1,
          requestedAtMs: CREATED_AT_MS,
          unknownStarts: 1,
          misses: 0,
          startedAtMs: NOW_MS - elapsedMs,
          estimatedDurationMs: 10 * MINUTE_MS,
        },
      }),
      context,
    );
  expect(shown(10 * MINUTE_MS - 300)).toContain('▓▓▓▓▓▓▓▓▓░');
  expect(shown(10 * MINUTE_MS - 300)).not.toContain('left');
  expect(shown(20 * MINUTE_MS)).toContain('▓▓▓▓▓▓▓▓▓░');
  expect(shown(5 * MINUTE_MS)).toMatch(/▓▓▓▓▓░░░░░.*about 5 min left/);
});

describe('a second attempt that failed', () => {
  const card = (looksLike: 'lab' | 'code') =>
    failedCard(
      aRun({
        state: 'failed',
        failure: { looksLike, reason: 'the job failed' },
        earlierFailure: { looksLike: 'lab', reason: 'disk full' },
      }),
      { prompt: '/perf-bot', maxLogChars: 1000, usual: '' },
    );
  test('in the same way says so', () =>
    expect(card('lab')).toContain('once automatically, with the same end'));
  test('in another way does not claim it was the same', () => {
    expect(card('code')).toContain('**Retried** once automatically, after a fault of the lab');
  });
});

describe('the check run', () => {
  const check = (rows: readonly MetricRow[]) => checkOfRun(reported(rows), undefined, context);

  test('does not say in its text what its summary says already', () => {
    const { summary, text } = check([worse, aRow()]);
    expect(summary).toMatch(/\*\*rt\*\*/);
    expect(text).toBeUndefined();
  });

  test('holds there all rows when the summary has no room for them, and the summary says so', () => {
    const rows = Array.from({ length: 300 }, (_, index) => ({
      ...worse,
      name: `m${index}`,
      title: `m${index}.`,
    }));
    const { summary, text = '' } = check(rows);
    expect(summary).toMatch(/\d+ more rows have no room here/);
    expect(text.match(/\*\*m\d+\.\*\*/g)).toHaveLength(300);
  });
});

test('the pictures show each metric once before another dataset of the same', () => {
  const rows = ['first', 'second'].flatMap((name) =>
    Array.from({ length: 8 }, (_, dataset) => ({ ...worse, name, title: name, dataset, history: [1, 2, 3] })),
  );
  const drawn = metricCharts(aReport(rows), true);
  const titles = [...drawn.matchAll(/<summary>(\w+), dataset (\d+)/g)].map(([, title]) => title);
  expect(titles.slice(0, 2).sort()).toEqual(['first', 'second']);
  expect(titles).toHaveLength(6);
});

test('a headline does not count rows that the record had no room for as if there were none', () => {
  const rows = Array.from({ length: 700 }, (_, index) => ({
    ...worse,
    name: `m${index}`,
    title: `m${index}`,
  }));
  const { plain } = headlineOf(reported(rows), NOW_MS);
  expect(plain).toMatch(/and at least 598 more in smoke$/);
  expect(headlineOf(reported(rows.slice(0, 5)), NOW_MS).plain).toMatch(/ and 3 more in smoke$/);
});

test('a table of other runs names them', () => {
  const { markdown } = metricTables(aReport([worse, aRow({ verdict: 'info', policy: 'info' })]), 9000, {
    baseTitle: 'Run 3',
    valueTitle: 'Run 21',
  });
  expect(markdown).toContain('| Metric | Run 3 | Run 21 |');
  expect(markdown).toContain('| Value | Run 21 |');
  expect(markdown).not.toContain('This PR');
});

describe('commands', () => {
  const runs = [
    reported([worse], { runKey: key(0), jobId: 'a' }),
    aRun({ state: 'results-missing', runKey: key(1), jobId: 'b' }),
    aRun({ state: 'running', runKey: key(2), jobId: 'c' }),
  ];
  const comment = (shown: readonly JobRun[]) =>
    statusComment(shown, {
      prompt: '/perf-bot',
      nowMs: NOW_MS,
      durationsOf: () => [],
      behindOf: () => undefined,
    });

  test('beside several jobs name the run that they are for', () => {
    const said = comment(runs);
    for (const command of ['rerun pb-aaaaaaaa', 'recheck pb-bbbbbbbb', 'cancel pb-cccccccc'])
      expect(said).toContain(`\`/perf-bot ${command}\``);
    expect(said).not.toMatch(/`\/perf-bot (rerun|recheck|cancel)`/);
  });

  test('of a single job are as short as they can be', () => {
    expect(comment(runs.slice(0, 1))).toContain('`/perf-bot rerun`');
  });

  test.each(['p99', 'p99 of all', 'p99 of "all"', "ana's own", 'rt_99.9%', 'a,b=c', '-x', '“p99”'])(
    'are parsed as they were meant for the metric %s',
    (name) => {
      const section = runSection(reported([{ ...worse, name }]), context);
      const ack = /`\/perf-bot (ack .*?)`/.exec(section)?.[1] ?? '';
      expect(splitWords(ack)).toMatchObject({ words: ['ack', name, 'reason'], pairs: [] });
      expect(splitWords(/`\/perf-bot (explain .*?)`/.exec(section)?.[1] ?? '').words).toEqual([
        'explain',
        name,
      ]);
    },
  );
});

describe('numbers of one row', () => {
  const cells = (baseline: number, value: number, unit: string) =>
    (
      /^\| .*/m.exec(
        metricTables(aReport([{ ...worse, baseline, value, unit }]), 9000).markdown.split('\n')[2] ?? '',
      )?.[0] ?? ''
    )
      .split(' | ')
      .slice(1, 3)
      .map((cell) => cell.replaceAll('\u00a0', ' '));

  test.each<[number, number, string, string[]]>([
    [761_000, 1_022_716, 'ns', ['761 µs', '1,023 µs']],
    [2_000_000, 900_000, 'ns', ['2 ms', '0.9 ms']],
    [1000, 1100, 'KiB', ['1,000 KiB', '1,100 KiB']],
    [9_900, 10_100, 'req/s', ['9,900 req/s', '10,100 req/s']],
    // Too far apart for one unit.
    [5, 4e9, 'ns', ['5 ns', '4 s']],
    [0, 1_500, 'ns', ['0 ns', '1.5 µs']],
  ])(
    '%d and %d %s have one unit, so that they can be compared at a glance',
    (baseline, value, unit, expected) => {
      expect(cells(baseline, value, unit)).toEqual(expected);
    },
  );
});

test('a text that is empty is said to be', () => {
  expect(shown('  ')).toEqual({ text: '(empty)' });
});
