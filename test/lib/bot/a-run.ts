/** A run as `createRun` makes it, and a report of some rows, for tests: anything may be said otherwise. */
import type { MetricRow, Report } from '../../../lib/bot/record/report.ts';
import { summarize } from '../../../lib/bot/reports/summarize.ts';
import type { JobRun } from '../../../lib/bot/record/job-run.ts';

export const CREATED_AT_MS = 1_800_000_000_000;
export const MINUTE_MS = 60_000;

export function aRun(more: Partial<JobRun> = {}): JobRun {
  const runKey = more.runKey ?? 'pb-abcdefghijklmnopqrstuvwxyz';
  return {
    runKey,
    version: 1,
    projectId: 'pabcdefghijklmno',
    repository: { id: 1, fullName: 'acme/shop', private: false },
    installationId: 2,
    subject: { kind: 'pull-request', number: 7, fromFork: false },
    jobId: 'smoke',
    platform: 'jenkins',
    headSha: '0123456789abcdef0123456789abcdef01234567',
    baseRef: 'main',
    parameters: { PERF_BOT_RUN: runKey },
    arguments: {},
    requestedBy: [{ id: 3, login: 'ana' }],
    automatic: false,
    trigger: { kind: 'comment', id: '4', commentId: 4, atMs: CREATED_AT_MS },
    claimKey: `1#7#${runKey}`,
    state: 'requested',
    history: [{ state: 'requested', atMs: CREATED_AT_MS }],
    createdAtMs: CREATED_AT_MS,
    deadlineAtMs: CREATED_AT_MS + 120 * MINUTE_MS,
    resultsTimeoutMs: 15 * MINUTE_MS,
    platformRun: { attempt: 1, requestedAtMs: CREATED_AT_MS, unknownStarts: 1, misses: 0 },
    horreum: { testId: '10' },
    published: {},
    lookNumber: 1,
    ...more,
  };
}

export function aRow(more: Partial<MetricRow> = {}): MetricRow {
  return {
    name: 'rt',
    title: 'rt',
    policy: 'gate',
    baseline: 100,
    value: 101,
    changePercent: 1,
    verdict: 'same',
    ...more,
  };
}

export function aReport(rows: readonly MetricRow[] = [aRow()]): Report {
  return summarize(rows, { datasets: 1, notes: [] });
}
