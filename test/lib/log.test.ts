/** Log lines: one JSON object each, with nothing secret in it. */
import { expect, test } from '@jest/globals';
import { UpstreamError } from '../../lib/http/upstream-error.ts';
import { countMetric, createLog, LOG_LEVELS, type LogLevel } from '../../lib/log.ts';

function logged(level: LogLevel = 'info') {
  const lines: string[] = [];
  return { lines, log: createLog((line) => lines.push(line), level, { function: 'f' }) };
}

test('a line has its level, sentence and fields, and those of its log', () => {
  const { lines, log } = logged();
  log.with({ runKey: 'pb-1' }).info('run moved', { from: 'queued' });
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    level: 'info',
    message: 'run moved',
    function: 'f',
    runKey: 'pb-1',
    from: 'queued',
  });
});

test('only levels from the chosen one on are written', () => {
  const { lines, log } = logged('warn');
  for (const level of LOG_LEVELS) log[level]('x');
  expect(lines.map((line) => (JSON.parse(line) as { level: string }).level)).toEqual(['warn', 'error']);
});

test('what is named like a secret is struck out, at any depth', () => {
  const { lines, log } = logged();
  log.warn('x', {
    token: 'S3CRET',
    apiKey: 'S3CRET',
    deep: [
      {
        Authorization: 'S3CRET',
        privateKey: 'S3CRET',
        'x-hub-signature-256': 'S3CRET',
        setCookie: 'S3CRET',
        dbPassword: 'S3CRET',
      },
    ],
    runKey: 'pb-1',
    tokenKind: 'url',
  });
  expect(lines[0]).not.toContain('S3CRET');
  expect(lines[0]).toContain('"runKey":"pb-1","tokenKind":"url"');
});

test('an error says what it is and what caused it, and stays on its line', () => {
  const { lines, log } = logged();
  log.error('x', {
    error: new UpstreamError('no answer:\nGET lab', { retryable: true, cause: new TypeError('reset') }),
  });
  expect(lines[0]?.split('\n')).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    error: { name: 'UpstreamError', message: 'no answer:\nGET lab', cause: 'TypeError: reset' },
  });
});

test('a metric is a line that CloudWatch reads', () => {
  const lines: string[] = [];
  countMetric((line) => lines.push(line), 'DueRuns', 3, 5);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    DueRuns: 3,
    _aws: { Timestamp: 5, CloudWatchMetrics: [{ Namespace: 'PerfBot', Metrics: [{ Name: 'DueRuns' }] }] },
  });
});
