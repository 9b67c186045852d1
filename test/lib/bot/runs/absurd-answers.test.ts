/** Whatever a lab or an upload holds, however large or deep: the run's record can be written, and says the end that the run really had. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createDynamoRunStore } from '../../../../lib/aws/dynamo-run-store.ts';
import { buildReport } from '../../../../lib/bot/reports/build-report.ts';
import { comparableRuns } from '../../../../lib/bot/reports/comparable-runs.ts';
import { mainRule, uploadsOf } from '../../../../lib/bot/reports/main-history.ts';
import { afterLook, type Seen } from '../../../../lib/bot/runs/after-look.ts';
import type { JobRun } from '../../../../lib/bot/record/job-run.ts';
import type { RunStore } from '../../../../lib/bot/record/run-store.ts';
import type { ExperimentResult, Json } from '../../../../lib/horreum/datastore.ts';
import { createOutsideCall } from '../../../../lib/http/outside-call.ts';
import { createArgoWorkflowsExecutor } from '../../../../lib/perflab/argo-workflows/argo-workflows.ts';
import { createJenkinsExecutor } from '../../../../lib/perflab/jenkins/jenkins.ts';
import type { JobExecutor } from '../../../../lib/perflab/job-executor.ts';
import { createWebhookExecutor } from '../../../../lib/perflab/webhook/webhook.ts';
import { startTable, type StartedTable } from '../../aws/started-table.ts';
import { aJob } from '../a-project.ts';
import { aRun, CREATED_AT_MS, MINUTE_MS } from '../a-run.ts';

const MEGABYTE = 1_048_576;
const NOW_MS = CREATED_AT_MS + MINUTE_MS;
const FACES = '\u{1f600}'.repeat(MEGABYTE / 2);
const KEY = aRun().runKey;

let started: StartedTable;
let store: RunStore;
beforeAll(async () => {
  started = await startTable();
  store = createDynamoRunStore(started.table, () => started.clock.nowMs);
});
afterAll(() => started.close());

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A lab that answers everything that is asked of it with this JSON. */
async function labSaying(answer: string | ((request: IncomingMessage) => string)): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(typeof answer === 'string' ? answer : answer(request));
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const makers = {
  jenkins: createJenkinsExecutor,
  'argo-workflows': createArgoWorkflowsExecutor,
  webhook: createWebhookExecutor,
} as const;

function executorAt(platform: keyof typeof makers, baseUrl: string): JobExecutor {
  const deps = { call: createOutsideCall(), nowMs: () => NOW_MS };
  return makers[platform](deps, { baseUrl, token: 'x', settings: { answersStatus: 'yes' } });
}

let runs = 0;
async function written(run: JobRun): Promise<JobRun> {
  runs += 1;
  const created = { ...run, runKey: `${run.runKey}${runs}`, version: 1 };
  expect(await store.create(created)).toBe(true);
  expect(await store.save(created)).toBeDefined();
  return (await store.get(created.runKey))!;
}

const { horreum: _leg, ...without } = aRun({ platformRun: { ...aRun().platformRun, ref: { runId: '3' } } });
const queued: JobRun = { ...without, state: 'queued' };

async function endAt(platform: keyof typeof makers, answer: object | string): Promise<JobRun> {
  const url = await labSaying(typeof answer === 'string' ? answer : JSON.stringify(answer));
  const request = { attemptKey: KEY, job: 'smoke', parameters: {}, requestedAtMs: CREATED_AT_MS };
  const state = await executorAt(platform, url).getJobStatus(request, { runId: '3' });
  return written(afterLook(queued, { platform: state }, NOW_MS));
}

const build = (more: object) => ({
  number: 3,
  building: false,
  result: 'FAILURE',
  timestamp: CREATED_AT_MS,
  ...more,
});
const workflow = (status: object, metadata: object = {}) => ({
  metadata: { name: KEY, uid: 'u', labels: { 'perf-bot/run': KEY }, ...metadata },
  status: { phase: 'Failed', ...status },
});
const node = (more: object) => ({ nodes: { a: { type: 'Pod', phase: 'Failed', ...more } } });

describe('a lab’s answer with one absurd value', () => {
  test.each<[keyof typeof makers, string, object | string]>([
    ['jenkins', 'result', build({ result: FACES })],
    ['jenkins', 'a result that objects have', build({ result: 'constructor' })],
    ['jenkins', 'a result that is no property', build({ result: '__proto__' })],
    ['jenkins', 'number', build({ number: '9'.repeat(MEGABYTE) })],
    ['jenkins', 'queueId', build({ queueId: '9'.repeat(MEGABYTE) })],
    ['jenkins', 'timestamp', '{"number":3,"building":false,"result":"FAILURE","timestamp":1e300}'],
    [
      'jenkins',
      'duration',
      '{"number":3,"building":false,"result":"FAILURE","timestamp":0,"duration":1e308}',
    ],
    ['jenkins', 'estimate', '{"number":3,"building":false,"result":"FAILURE","estimatedDuration":1e308}'],
    ['webhook', 'message', { status: 'failed', message: FACES }],
    ['webhook', 'stage', { status: 'failed', stage: FACES }],
    ['webhook', 'externalId', { status: 'failed', externalId: FACES }],
    ['webhook', 'progress', '{"status":"failed","progress":1e308,"queuePosition":-1e308}'],
    ['webhook', 'times', { status: 'failed', startedAt: '+275760-09-13', finishedAt: '-271821-04-20' }],
    ['argo-workflows', 'message', workflow({ message: FACES })],
    ['argo-workflows', 'name of a node', workflow(node({ displayName: FACES }))],
    ['argo-workflows', 'uid', workflow({}, { uid: 'u'.repeat(MEGABYTE) })],
    ['argo-workflows', 'estimate', workflow({ estimatedDuration: 1e300, progress: `1/${'9'.repeat(400)}` })],
  ])('%s: %s', async (platform, _field, answer) => {
    const run = await endAt(platform, answer);
    expect(run).toMatchObject({ state: 'failed', failure: { looksLike: 'code' } });
    expect(JSON.stringify(run).length).toBeLessThan(10_000);
    expect(JSON.stringify(run)).not.toMatch(/\\ud[89a-f]/); // half a character
    const { startedAtMs = CREATED_AT_MS, estimatedDurationMs = 1 } = run.platformRun;
    expect(Math.abs(startedAtMs - CREATED_AT_MS)).toBeLessThanOrEqual(25 * 60 * MINUTE_MS);
    expect(estimatedDurationMs).toBeLessThan(1e10);
  });

  test('why it waits', async () => {
    const url = await labSaying(
      JSON.stringify({ id: 7, why: FACES, task: { url: 'http://x/job/smoke/' }, items: [] }),
    );
    const request = { attemptKey: KEY, job: 'smoke', parameters: {}, requestedAtMs: CREATED_AT_MS };
    const state = await executorAt('jenkins', url).getJobStatus(request, { queueId: '7' });
    const run = await written(afterLook(queued, { platform: state }, NOW_MS));
    expect(run.platformRun.reason).toMatch(/^(\u{1f600}){900,}…$/u);
  });

  test('an end that is sane is kept as it was said', async () => {
    const times = { timestamp: CREATED_AT_MS + 5_000, duration: 30_000, estimatedDuration: 40_000 };
    expect((await endAt('jenkins', build(times))).platformRun).toMatchObject({
      startedAtMs: CREATED_AT_MS + 5_000,
      endedAtMs: CREATED_AT_MS + 35_000,
      estimatedDurationMs: 40_000,
      ref: { runId: '3' },
    });
  });

  test.each<[string, Seen]>([
    ['accepted', { started: { kind: 'accepted', ref: { runId: FACES, url: FACES }, warning: FACES } }],
    ['rejected', { started: { kind: 'rejected', message: FACES } }],
    ['unknown', { started: { kind: 'unknown', message: FACES } }],
    ['found', { found: { queueId: FACES, runId: FACES, url: FACES } }],
  ])('a start that is %s with a megabyte of words', async (_kind, seen) => {
    const run = await written(afterLook({ ...queued, state: 'requested' }, seen, NOW_MS));
    expect(JSON.stringify(run).length).toBeLessThan(10_000);
  });
});

/** Text, since no JSON.stringify can write it; and never an array literal of that many levels. */
const nested = (open: string, inside: string, close: string): Json =>
  JSON.parse(open.repeat(100_000) + inside + close.repeat(100_000)) as Json;
const DEEP_LIST = nested('[', '', ']');
const DEEP_OBJECT = nested('{"a":', '1', '}');

async function reportOf(labels: Record<string, Json>, more: Partial<ExperimentResult> = {}): Promise<JobRun> {
  const experiment = { logs: [], baseline: [], results: {}, ...more };
  const report = buildReport({
    job: aJob({ metrics: { mean: { direction: 'lower' } }, history: { environmentLabels: ['host'] } }),
    datasets: [
      {
        id: 1,
        ordinal: 0,
        view: { '1': labels },
        labels,
        profiles: more.profile ? [more.profile] : [],
        experiments: [experiment],
      },
    ],
    view: { id: 1, name: 'Default', components: [{ id: 1, title: FACES, order: 0, labels: ['other'] }] },
    variables: [],
    main: { noHistory: 'There is none.' },
  });
  const upload = { runId: 57, url: 'https://horreum.test/run/57' };
  const open = { ...queued, horreum: { testId: '10' } };
  const seen: Seen = {
    platform: { phase: 'succeeded', ref: { runId: '3' } },
    upload: { kind: 'ready', ...upload, report },
  };
  return written(afterLook(open, seen, NOW_MS));
}

describe('an upload with one absurd value', () => {
  test.each<[string, Json]>([
    ['a list of lists of lists', DEEP_LIST],
    ['a list of one such object', [DEEP_OBJECT]],
    ['objects in objects', DEEP_OBJECT],
    ['a megabyte of text', FACES],
  ])('%s', async (_name, value) => {
    const { state, report } = await reportOf({ mean: value, other: value, host: value });
    expect(state).toBe('reported');
    expect(report?.rows.map(({ name }) => name).sort()).toEqual(['host', 'mean', 'other']);
    for (const { text = '' } of report!.rows) expect(text).toMatch(/^.{20,200}$/u);
    expect(report?.environment).toEqual([expect.stringMatching(/^host=.{50,115}$/u)]);
  });

  test('short values are shown as ever', async () => {
    const { report } = await reportOf({
      mean: [{ a: 'x"', b: [1, null] }],
      other: { c: true },
      host: ['a', {}],
    });
    expect(report?.environment).toEqual(['host=["a",{}]']);
    expect(report?.rows.map(({ text }) => text)).toEqual([
      '1 × {"a":"x\\"","b":[1,null]}',
      '{"c":true}',
      '2 × "a"',
    ]);
  });

  test('the name of a label takes no other row’s room', async () => {
    const { report } = await reportOf({ [FACES]: 1, mean: 5, other: 6 });
    expect(report?.rows).toHaveLength(3);
    expect(report?.omittedRows).toBe(0);
  });

  test('a profile’s name and what it says', async () => {
    const comparisons = [{ variableId: 1, variableName: 'mean' }];
    const run = await reportOf(
      { mean: 5 },
      {
        profile: { id: 1, name: FACES, comparisons },
        baseline: [{ runId: 1, datasetId: 1 }] as never,
        results: { mean: { overall: 'WORSE', experimentValue: 5, baselineValue: 4 } } as never,
        logs: [{ level: 9, message: FACES }],
      },
    );
    expect(run).toMatchObject({ state: 'reported', report: { verdict: 'cannot-tell' } });
    expect(JSON.stringify(run).length).toBeLessThan(10_000);
  });

  test('machines are told apart however deep the label is that names them', () => {
    const runOf = (runId: number, host: Json) => ({
      runId,
      datasetId: runId,
      startMs: 0,
      values: { host, 'pb.pull_request_number': null },
    });
    const config = { environmentLabels: ['host'] };
    const all = [runOf(3, DEEP_LIST), runOf(2, 'lab1'), runOf(1, DEEP_OBJECT)];
    const like = (host: Json) =>
      comparableRuns({
        uploads: uploadsOf(all),
        rule: mainRule(config),
        config,
        own: { labels: [{ host }], parameters: {} },
        recorded: new Map(),
      }).runs.map(({ runId }) => runId);
    expect(like(DEEP_LIST)).toEqual([3]);
    expect(like('lab1')).toEqual([2]);
  });
});

test('what was bounded nowhere costs no record: a text in it is cut, never within a character', async () => {
  const run = await written({ ...queued, warning: `x${FACES}` });
  expect(run.warning).toMatch(/^x(\u{1f600}){16000,}$/u);
});

test('durations that are none, or none that a number can be, are kept out or within what can be', async () => {
  for (const ms of [1_000, Number.NaN, Number.POSITIVE_INFINITY, 1e300])
    await store.addDuration('p', 'absurd', ms);
  const [first, second, ...more] = await store.durations('p', 'absurd');
  expect([first, more]).toEqual([1_000, []]);
  expect(second).toBeGreaterThan(1e100);
});
