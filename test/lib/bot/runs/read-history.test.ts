/** What a report is compared with, read from a Horreum and asked of GitHub no more often than needed. */
import { afterAll, describe, expect, test } from '@jest/globals';
import type { Datastore, Json } from '../../../../lib/horreum/datastore.ts';
import { createPublicDatastore } from '../../../../lib/horreum/public-datastore.ts';
import { UpstreamError } from '../../../../lib/http/upstream-error.ts';
import {
  readHistory,
  type HistoryQuestion,
  type MeasuredRun,
} from '../../../../lib/bot/runs/read-history.ts';
import type { HistoryFound } from '../../../../lib/bot/reports/build-report.ts';
import type { JobDef } from '../../../../lib/bot/projects/project-config.ts';
import { aJob } from '../a-project.ts';
import { startFilledHorreum, type FilledHorreum, type FilledUpload, type Filling } from './filled-horreum.ts';

type Labels = Readonly<Record<string, Json>>;

const started: FilledHorreum[] = [];
afterAll(() => Promise.all(started.map(({ standIn }) => standIn.close())));

interface Asked extends Filling {
  /** Before this run's. */
  readonly uploads: readonly FilledUpload[];
  readonly own: readonly Labels[];
  readonly ownAccess?: FilledUpload['access'];
  readonly job?: Partial<JobDef>;
  readonly measured?: MeasuredRun;
  /** Of a public repository. */
  readonly isPublic?: boolean;
}

const METRICS = ['rt', 'mem'];

async function prepare({ uploads, own, ownAccess, job = {}, isPublic, ...filling }: Asked) {
  const horreum = await startFilledHorreum(filling);
  started.push(horreum);
  const runIds = uploads.map((upload) => horreum.upload(upload));
  const runId = horreum.upload({ datasets: own, ...(ownAccess ? { access: ownAccess } : {}) });
  const datastore = isPublic ? createPublicDatastore(horreum.datastore, []) : horreum.datastore;
  await datastore.getRun(runId);
  const labels = (await datastore.getLabelValues(runId)) ?? [];
  const question: HistoryQuestion = {
    testId: horreum.testId,
    runId,
    startMs: labels[0]?.startMs ?? 0,
    job: aJob(job),
    datasets: labels.map(({ datasetId: id, values }, ordinal) => {
      return { id, ordinal, view: {}, labels: values, profiles: [], experiments: [] };
    }),
    metricLabels: METRICS,
  };
  horreum.calls();
  return { horreum, datastore, question, runIds };
}

async function read(asked: Asked): Promise<HistoryFound> {
  const { datastore, question } = await prepare(asked);
  return readHistory({ datastore, ...asked.measured }, question);
}

const runsIn = (found: HistoryFound) =>
  'history' in found ? found.history.runs.map(({ datasets }) => datasets.map((one) => one['rt'])) : found;

const ofMain = (count: number, more: Labels = {}, first = 0): FilledUpload[] =>
  Array.from({ length: count }, (_, index) => ({
    datasets: [{ 'pb.pull_request_number': '', rt: first + index, ...more }],
  }));
const ofPull = (count: number, more: Labels = {}): FilledUpload[] =>
  Array.from({ length: count }, (_, index) => ({
    datasets: [{ 'pb.pull_request_number': String(index + 1), rt: 500, ...more }],
  }));
const OWN = { 'pb.pull_request_number': '7', rt: 1 };

const plain = await prepare({ uploads: ofMain(12), own: [OWN] });

test('the comparable runs of main, oldest first, from four requests at most', async () => {
  plain.horreum.calls();
  const answer = await readHistory({ datastore: plain.datastore }, plain.question);
  expect(plain.horreum.calls()).toHaveLength(4);
  expect(runsIn(answer)).toEqual(Array.from({ length: 12 }, (_, index) => [index]));
  expect(answer).toMatchObject({ history: { baseline: { rung: 'latest-main', runs: 12 } } });
});

describe('main among everybody’s uploads', () => {
  test('is not crowded out: 30 runs of main, then 200 of pull requests, from two requests', async () => {
    const { horreum, datastore, question } = await prepare({
      uploads: [...ofMain(30), ...ofPull(200)],
      own: [OWN],
    });
    expect(runsIn(await readHistory({ datastore }, question))).toHaveLength(30);
    expect(horreum.calls()).toHaveLength(2);
  });

  test.each([
    ['null', null],
    ['empty', ''],
  ])('is found where its label is %s', async (_, value) => {
    const uploads = [...ofMain(5, { 'pb.pull_request_number': value }), ...ofPull(300)];
    expect(runsIn(await read({ uploads, own: [OWN] }))).toHaveLength(5);
  });

  test('is looked for page by page where the filter finds nothing of it', async () => {
    const uploads = [...ofMain(5, { branch: 'main' }), ...ofPull(1_200, { branch: 'x' })];
    const job = { history: { branchLabel: 'branch', mainValue: 'main' } };
    const { horreum, datastore, question } = await prepare({ uploads, own: [OWN], job });
    expect(runsIn(await readHistory({ datastore }, question))).toHaveLength(5);
    expect(horreum.calls().length).toBeLessThanOrEqual(5);
  });

  test('by its label’s value, which is the base branch where nobody names another', async () => {
    const uploads = [...ofMain(6, { branch: 'main' }), ...ofMain(5, { branch: 'release-1' })];
    const job = { history: { branchLabel: 'branch' } };
    const asked = { uploads, own: [{ ...OWN, branch: 'topic' }], job };
    expect(runsIn(await read({ ...asked, measured: { baseRef: 'release-1' } }))).toHaveLength(5);
  });
});

describe('absent is not empty', () => {
  test('an upload without the label that tells main from the rest is never main’s', async () => {
    const unknown = Array.from({ length: 20 }, () => ({ datasets: [{ rt: 900 }] }));
    const found = await read({ uploads: [...unknown, ...ofMain(2)], own: [OWN] });
    expect(runsIn(found)).toHaveLength(2);
    expect(found).toMatchObject({ notes: [expect.stringMatching(/20 runs of the test lack the label/)] });
  });

  test('of several datasets one says whose all are', async () => {
    const two = (number: string | null) => [{ rt: 1 }, { rt: 2, 'pb.pull_request_number': number }];
    const uploads = [...Array.from({ length: 5 }, () => ({ datasets: two('') })), { datasets: two('8') }];
    expect(runsIn(await read({ uploads, own: two('7') }))).toHaveLength(5);
  });

  test('where nothing tells which runs are main’s there is no history', async () => {
    expect(await read({ uploads: ofMain(12), own: [{ rt: 1 }] })).toEqual({
      noHistory: expect.stringContaining('Which runs are main’s can’t be told'),
    });
  });

  test.each([
    ['that tells main from the rest', 'pb.pull_request_number', {}],
    ['of the environment', 'host', { history: { environmentLabels: ['host'] } }],
  ])(
    'a label %s which Horreum leaves out of the list: nothing is judged, and which box to tick',
    async (_, label, job) => {
      const uploads = [...ofMain(12, { host: 'a' }), ...ofPull(12, { host: 'a' })];
      const found = await read({ uploads, own: [{ ...OWN, host: 'a' }], unticked: [label], job });
      expect(found).toEqual({
        incomparable: expect.stringMatching(new RegExp(`“${label}”.*tick “Filtering”`)),
      });
    },
  );

  test('a metric’s label that Horreum leaves out of the list is named', async () => {
    const uploads = ofMain(12, { mem: 1 });
    const found = await read({ uploads, own: [{ ...OWN, mem: 1 }], unticked: ['mem'] });
    expect(found).toMatchObject({ unlisted: ['mem'] });
    expect(runsIn(found)).toHaveLength(12);
  });
});

describe('comparable means measured alike', () => {
  test('another environment is left out, and named where too few remain', async () => {
    const job = { history: { environmentLabels: ['host'] } };
    const uploads = [...ofMain(6, { host: 'lab1' }), ...ofMain(2, { host: 'lab2' })];
    expect(runsIn(await read({ uploads, own: [{ ...OWN, host: 'lab1' }], job }))).toHaveLength(6);
    expect(await read({ uploads, own: [{ ...OWN, host: 'lab2' }], job })).toEqual({
      incomparable: expect.stringContaining('Measured with host=lab2; main’s runs have lab1.'),
    });
  });

  test('other parameters, as the upload says', async () => {
    const uploads = ofMain(12, { 'pb.parameters': { DURATION: '60s', THREADS: 4 } });
    const like = (DURATION: string) => read({ uploads, own: [OWN], measured: { parameters: { DURATION } } });
    expect(runsIn(await like('60s'))).toHaveLength(12);
    expect(await like('10s')).toEqual({
      incomparable: expect.stringContaining('Measured with DURATION=10s; main’s runs have 60s.'),
    });
  });

  test('other parameters, as the bot’s own records say', async () => {
    const { datastore, question, runIds } = await prepare({ uploads: ofMain(12), own: [OWN] });
    const recorded = new Map(runIds.slice(0, 8).map((runId) => [runId, { DURATION: '60s' }]));
    const recordedParameters = () => Promise.resolve(recorded);
    const like = (DURATION: string) =>
      readHistory({ datastore, parameters: { DURATION }, recordedParameters }, question);
    expect(runsIn(await like('60s'))).toHaveLength(12);
    expect(runsIn(await like('10s'))).toEqual([[8], [9], [10], [11]]);
  });

  test('unknown parameters are no reason not to judge, but said where somebody chose another value', async () => {
    const found = (chosen: string[]) =>
      read({ uploads: ofMain(12), own: [OWN], measured: { parameters: { DURATION: '10s' }, chosen } });
    expect(await found([])).toMatchObject({ notes: [] });
    const unsure = await found(['DURATION=10s']);
    expect(runsIn(unsure)).toHaveLength(12);
    expect(unsure).toMatchObject({ notes: [expect.stringContaining('DURATION=10s')] });
  });

  test('an upload with another number of datasets', async () => {
    const one = { 'pb.pull_request_number': '', rt: 1 };
    const uploads = [...ofMain(5), ...Array.from({ length: 4 }, () => ({ datasets: [one, one] }))];
    expect(runsIn(await read({ uploads, own: [OWN, OWN] }))).toHaveLength(4);
  });
});

describe('on a public repository', () => {
  const secret = (upload: FilledUpload, access: FilledUpload['access'] = 'PRIVATE') => ({
    ...upload,
    access,
  });

  test('main’s PRIVATE and PROTECTED runs do not count', async () => {
    const uploads = ofMain(12).map((upload, index) =>
      index < 6 ? upload : secret(upload, index % 2 === 0 ? 'PRIVATE' : 'PROTECTED'),
    );
    expect(runsIn(await read({ uploads, own: [OWN], isPublic: true }))).toEqual([
      [0],
      [1],
      [2],
      [3],
      [4],
      [5],
    ]);
    expect(runsIn(await read({ uploads, own: [OWN] }))).toHaveLength(12);
  });

  test('where too few are left it says so, and what to change', async () => {
    const uploads = ofMain(12).map((upload) => secret(upload));
    expect(await read({ uploads, own: [OWN], isPublic: true })).toEqual({
      incomparable: expect.stringMatching(/12 runs of main are PRIVATE or PROTECTED.*access=PUBLIC/),
    });
  });
});

test('labels of 100 KB end no history: only those that are needed are asked for', async () => {
  const filler = 'x'.repeat(100_000);
  const two = (rt: number, number: string) =>
    [rt, rt + 1].map((value) => ({ 'pb.pull_request_number': number, rt: value, filler }));
  const uploads = Array.from({ length: 45 }, (_, index) => ({ datasets: two(index, '') }));
  expect(runsIn(await read({ uploads, own: two(1, '7') }))).toHaveLength(45);
});

test('the pull request’s other runs of the same request are read with all their labels', async () => {
  const { horreum, datastore, question } = await prepare({ uploads: ofMain(5), own: [OWN] });
  const other = horreum.upload({ datasets: [{ ...OWN, rt: 77 }] });
  const found = await readHistory({ datastore, sameRequestRuns: [other] }, question);
  expect(found).toMatchObject({ history: { others: [{ datasets: [{ rt: 77 }] }] } });
});

test('a Horreum that does not answer is asked again, not done without', async () => {
  const broken = {
    ...plain.datastore,
    testLabelValues: () => Promise.reject(new UpstreamError('Horreum answered 503', { retryable: true })),
  };
  await expect(readHistory({ datastore: broken }, plain.question)).rejects.toThrow('Horreum answered 503');
});

const PR_WITH_COMMIT = { 'pb.pull_request_number': '7', rt: 1 };
const questionOf = (labels: Labels, job: Partial<JobDef>): HistoryQuestion => ({
  testId: plain.horreum.testId,
  runId: 999,
  startMs: 0,
  job: aJob(job),
  datasets: [{ id: 999, ordinal: 0, view: {}, labels, profiles: [], experiments: [] }],
  metricLabels: METRICS,
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
  const withCommits: Datastore = {
    ...plain.datastore,
    testLabelValues: (_testId, { afterMs }) =>
      Promise.resolve(
        afterMs === undefined
          ? runs.toReversed()
          : [{ runId: 999, datasetId: 999, startMs: 0, values: PR_WITH_COMMIT }],
      ),
  };
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
      questionOf(PR_WITH_COMMIT, { history: { commitLabel: 'commit' } }),
    );
    if (!('history' in answer)) throw new Error(JSON.stringify(answer));
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
    await readHistory({ datastore: plain.datastore, compare, baseSha: 'a', headSha: 'b' }, plain.question);
  });

  test('a GitHub that does not answer is asked again, not done without', async () => {
    const compare = () => Promise.reject(new UpstreamError('GitHub answered 502', { retryable: true }));
    const asked = readHistory(
      { datastore: withCommits, compare, baseSha: 'a', headSha: 'b' },
      questionOf(PR_WITH_COMMIT, { history: { commitLabel: 'commit' } }),
    );
    await expect(asked).rejects.toThrow('GitHub answered 502');
  });

  test('a rewritten base is no reason to fail', async () => {
    const compare = () => Promise.reject(new UpstreamError('no such commit', { retryable: false }));
    const answer = await readHistory(
      { datastore: withCommits, compare, baseSha: 'a', headSha: 'b' },
      questionOf(PR_WITH_COMMIT, { history: { commitLabel: 'commit' } }),
    );
    expect(answer).toMatchObject({ history: { baseline: { rung: 'latest-main' } } });
  });
});
