/** What a report is held against, read from a Horreum and asked of GitHub no more often than needed. */
import { afterAll, describe, expect, test } from '@jest/globals';
import { startHorreumStandIn } from '../../../../infra/local/horreum/horreum-stand-in.ts';
import { createHorreumDatastore } from '../../../../lib/horreum/horreum-datastore.ts';
import { createOutsideCall } from '../../../../lib/http/outside-call.ts';
import { UpstreamError } from '../../../../lib/http/upstream-error.ts';
import type { Json } from '../../../../lib/horreum/datastore.ts';
import { readHistory, type MeasuredCommit } from '../../../../lib/bot/runs/read-history.ts';
import { comparableRuns } from '../../../../lib/bot/reports/main-history.ts';
import type { JobDef } from '../../../../lib/bot/projects/project-config.ts';
import { aJob } from '../a-project.ts';

const horreum = await startHorreumStandIn();
afterAll(() => horreum.close());
const { testId } = horreum.seedSampleProject();
horreum.seedBaseline({ testId, runs: 12, repoFullName: 'acme/shop', jobId: 'smoke' });
const datastore = createHorreumDatastore({
  call: createOutsideCall(),
  nowMs: () => Date.now(),
  baseUrl: horreum.url,
  apiKey: horreum.apiKey,
});
const variables = [{ id: 1, name: 'mean', labels: ['gs.mean_response_time'] }];

const question = (labels: Readonly<Record<string, Json>>, job: Partial<JobDef> = {}) => ({
  testId,
  runId: 999,
  job: aJob(job),
  datasets: [{ id: 1, ordinal: 0, view: {}, labels, experiments: [] }],
  variables,
});
const OWN = { 'pb.pull_request_number': '7', 'gs.mean_response_time': 1 };

test('the comparable runs of main, oldest first, from one request', async () => {
  const before = horreum.calls.length;
  const answer = await readHistory({ datastore }, question(OWN));
  expect(horreum.calls.length - before).toBe(1);
  if (!('history' in answer)) throw new Error(answer.noHistory);
  expect(answer.history.runs).toHaveLength(12);
  expect(
    answer.history.runs.every(({ datasets }) => typeof datasets[0]?.['gs.mean_response_time'] === 'number'),
  ).toBe(true);
  expect(answer.history.baseline).toMatchObject({ rung: 'latest-main', runs: 12 });
});

test('main by its label’s value; an unlike environment is not comparable', async () => {
  const history = { branchLabel: 'gs.app_commit', environmentLabels: ['gs.phase'] };
  const read = async (labels: Readonly<Record<string, Json>>, measured: MeasuredCommit = {}) => {
    const answer = await readHistory(
      { datastore, ...measured },
      question({ ...OWN, ...labels }, { history }),
    );
    return 'history' in answer ? answer.history.runs.length : answer.noHistory;
  };
  expect(await read({ 'gs.phase': 'hello' }, { baseRef: 'main' })).toBe(12);
  expect(await read({ 'gs.phase': 'hello' }, { baseRef: 'release-1' })).toBe(0);
  expect(await read({ 'gs.phase': 'other' }, { baseRef: 'main' })).toBe(0);
});

test('where nothing tells which runs are main’s there is no history', async () => {
  expect(await readHistory({ datastore }, question({ 'gs.mean_response_time': 1 }))).toEqual({
    noHistory: expect.stringContaining('Which runs are main’s can’t be told'),
  });
});

test('a Horreum that can’t be asked costs the history, not the report', async () => {
  const broken = {
    ...datastore,
    testLabelValues: () => Promise.reject(new UpstreamError('Horreum answered 503', { retryable: true })),
  };
  expect(await readHistory({ datastore: broken }, question(OWN))).toEqual({
    noHistory: expect.stringContaining('Horreum answered 503'),
  });
});

describe('where the pull request branched off', () => {
  const sha = (index: number): string => index.toString(16).padStart(40, 'c');
  /** Main's commits 0 to 11 have results at the even ones. */
  const runs = [0, 2, 4, 6, 8, 10].map((index) => ({
    runId: index,
    datasetId: index,
    startMs: index,
    values: { commit: sha(index), 'pb.pull_request_number': '', rt: 1 },
  }));
  const withCommits = { ...datastore, testLabelValues: () => Promise.resolve([...runs].reverse()) };
  const ask = async (mergeBase: number) => {
    const asked: string[] = [];
    const compare = (base: string, head: string) => {
      asked.push(`${base}…${head}`);
      const [from, to] = [base, head].map((one) => parseInt(one.replace(/^c+/, '') || '0', 16));
      if (head === 'head')
        return Promise.resolve({
          status: 'diverged' as const,
          aheadBy: 1,
          mergeBaseSha: sha(mergeBase),
        });
      const distance = (to ?? 0) - (from ?? 0);
      return Promise.resolve({
        status:
          distance > 0 ? ('ahead' as const) : distance < 0 ? ('behind' as const) : ('identical' as const),
        aheadBy: Math.max(0, distance),
        mergeBaseSha: sha(0),
      });
    };
    const answer = await readHistory(
      { datastore: withCommits, compare, baseSha: 'base', headSha: 'head' },
      question({ 'pb.pull_request_number': '7', rt: 1 }, { history: { commitLabel: 'commit' } }),
    );
    if (!('history' in answer)) throw new Error(answer.noHistory);
    return { asked, baseline: answer.history.baseline };
  };

  test('the merge base has results: one question', async () => {
    const { asked, baseline } = await ask(8);
    expect(baseline).toMatchObject({ rung: 'merge-base', runs: 5 });
    expect(asked).toHaveLength(1);
  });

  test('it has none: the nearest ancestor is found by halves', async () => {
    const { asked, baseline } = await ask(9);
    expect(baseline).toMatchObject({ rung: 'ancestor', runs: 5 });
    expect(baseline.words).toContain('1 commit before the merge base');
    expect(asked.length).toBeLessThanOrEqual(5);
  });

  test('without commit labels GitHub is not asked', async () => {
    const compare = () => Promise.reject(new Error('nobody should ask'));
    await readHistory({ datastore, compare, baseSha: 'a', headSha: 'b' }, question(OWN));
  });

  test('a rewritten base is no reason to fail', async () => {
    const compare = () => Promise.reject(new UpstreamError('no such commit', { retryable: false }));
    const answer = await readHistory(
      { datastore: withCommits, compare, baseSha: 'a', headSha: 'b' },
      question({ 'pb.pull_request_number': '7', rt: 1 }, { history: { commitLabel: 'commit' } }),
    );
    expect(answer).toMatchObject({ history: { baseline: { rung: 'latest-main' } } });
  });
});

test('an upload with another number of datasets is not comparable', () => {
  const dataset = (runId: number, datasetId: number) => ({
    runId,
    datasetId,
    startMs: 0,
    values: { a: datasetId },
  });
  const all = [dataset(3, 31), dataset(2, 22), dataset(2, 21), dataset(1, 12), dataset(1, 11)];
  expect(comparableRuns(all, undefined, [{}, {}])).toEqual([
    { runId: 1, datasets: [{ a: 11 }, { a: 12 }] },
    { runId: 2, datasets: [{ a: 21 }, { a: 22 }] },
  ]);
});
