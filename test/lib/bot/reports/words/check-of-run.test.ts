/** The check run's conclusion: never a false red, never a false green. */
import { describe, expect, test } from '@jest/globals';
import { checkOfRun, conclusionOf } from '../../../../../lib/bot/reports/words/check-of-run.ts';
import type { MetricRow } from '../../../../../lib/bot/record/report.ts';
import type { FailureClass, JobRun } from '../../../../../lib/bot/record/job-run.ts';
import { aReport, aRow, aRun, CREATED_AT_MS } from '../../a-run.ts';

const reported = (...rows: MetricRow[]): JobRun => aRun({ state: 'reported', report: aReport(rows) });
const worse = aRow({ verdict: 'worse' });
const accepted = { by: 'mia', reason: 'agreed' };

describe('of a report', () => {
  test.each<[string, JobRun, string]>([
    ['nothing worse', reported(aRow(), aRow({ verdict: 'better' })), 'success'],
    ['a gating metric worse', reported(worse), 'failure'],
    ['a warning metric worse', reported(aRow(), aRow({ verdict: 'worse', policy: 'warn' })), 'neutral'],
    [
      'worse, but only for information',
      reported(aRow(), aRow({ verdict: 'worse', policy: 'info' })),
      'success',
    ],
    ['worse and accepted', reported({ ...worse, acknowledged: accepted }), 'neutral'],
    ['one accepted, one not', reported({ ...worse, acknowledged: accepted }, worse), 'failure'],
    ['cannot tell', reported(aRow(), aRow({ verdict: 'cannot-tell' })), 'neutral'],
    ['changed', reported(aRow({ verdict: 'changed' })), 'neutral'],
    ['nothing compared', reported(aRow({ verdict: 'info', policy: 'info' })), 'neutral'],
    ['no rows at all', reported(), 'neutral'],
  ])('%s', (_, run, conclusion) => expect(conclusionOf(run, undefined)).toBe(conclusion));

  test('a project may want red for what can’t be told, also beside a mere warning', () => {
    const strict = { check: { failOnCannotTell: true } };
    expect(conclusionOf(reported(aRow({ verdict: 'cannot-tell' })), strict)).toBe('failure');
    expect(conclusionOf(reported(), strict)).toBe('failure');
    expect(
      conclusionOf(
        reported(aRow({ verdict: 'worse', policy: 'warn' }), aRow({ verdict: 'cannot-tell' })),
        strict,
      ),
    ).toBe('failure');
    expect(conclusionOf(reported(aRow(), aRow({ verdict: 'cannot-tell', policy: 'warn' })), strict)).toBe(
      'neutral',
    );
  });
});

describe('of an end without a report', () => {
  test.each<[FailureClass, string]>([
    ['code', 'failure'],
    ['unstable', 'failure'],
    ['lab', 'neutral'],
    ['bot', 'neutral'],
    ['configuration', 'action_required'],
  ])('failed, looks like %s', (looksLike, conclusion) =>
    expect(conclusionOf(aRun({ state: 'failed', failure: { looksLike, reason: 'x' } }), undefined)).toBe(
      conclusion,
    ),
  );

  test('timed out, cancelled, no results', () => {
    expect(conclusionOf(aRun({ state: 'timed-out' }), undefined)).toBe('timed_out');
    expect(conclusionOf(aRun({ state: 'cancelled' }), undefined)).toBe('cancelled');
    const missing = aRun({ state: 'results-missing' });
    expect(conclusionOf(missing, undefined)).toBe('neutral');
    expect(conclusionOf(missing, { check: { failOnMissingResults: true } })).toBe('failure');
  });
});

test('only a completed check has buttons, and those that make sense', () => {
  const labels = (run: JobRun) =>
    checkOfRun(run, undefined, { prompt: '/perf-bot', nowMs: CREATED_AT_MS, durationsMs: [] }).actions?.map(
      ({ label }) => label,
    );
  expect(labels(aRun({ state: 'running' }))).toBeUndefined();
  expect(labels(reported(worse))).toEqual(['Run again', 'Acknowledge', 'Re-check']);
  expect(labels(reported(aRow()))).toEqual(['Run again', 'Re-check']);
  expect(labels(aRun({ state: 'results-missing' }))).toEqual(['Run again', 'Re-check']);
  expect(labels(aRun({ state: 'failed' }))).toEqual(['Run again']);
});

test('rows that the comment has no room for are in the check’s text', () => {
  const rows = Array.from({ length: 400 }, (_, index) =>
    aRow({ name: `m${index}`, title: `Metric number ${index}`, verdict: 'worse' }),
  );
  const { text = '' } = checkOfRun(reported(...rows), undefined, {
    prompt: '/perf-bot',
    nowMs: CREATED_AT_MS,
    durationsMs: [],
  });
  expect(text.match(/Metric number \d+/g)).toHaveLength(400);
});
