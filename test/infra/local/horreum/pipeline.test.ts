/** The traps of Horreum's pipeline, one step at a time: what can be read at each moment, and which webhooks have gone out. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createManualClock, type ManualClock } from '../../../../infra/local/stand-in/clock.ts';
import { uploadSample, type SampleUpload } from '../../../../infra/local/horreum/sample/sample-upload.ts';
import {
  startHorreumStandIn,
  type HorreumStandIn,
} from '../../../../infra/local/horreum/horreum-stand-in.ts';
import { eventually } from './eventually.ts';
import { startHookReceiver, type HookReceiver } from './hook-receiver.ts';
import { multiSchemas, multiTest, part } from './multi-project.ts';

const EVENTS = {
  run: 'run/new',
  labels: 'dataset_labels/computed',
  experiment: 'experiment_result/new',
  change: 'change/new',
};
const DELAYS = {
  commitMs: 10,
  labelsMs: 10,
  datapointsMs: 10,
  resultsCommitMs: 10,
  labelsEventMs: 10,
  recalculateMs: 10,
  redeliverMs: 10,
  evaluationMs: 0,
};

let clock: ManualClock;
let horreum: HorreumStandIn;
let receiver: HookReceiver;

beforeEach(async () => {
  clock = createManualClock(Date.now());
  receiver = await startHookReceiver();
  horreum = await startHorreumStandIn({ clock, delays: DELAYS });
  horreum.seedSampleProject();
  horreum.seedBaseline({ testId: 10, runs: 3, repoFullName: 'octo/service', jobId: 'bench' });
  await send('POST', '/api/action/allowedSites', `${receiver.url}/`, 'text/plain');
  for (const [name, event] of Object.entries(EVENTS)) await register(event, name);
});

afterEach(async () => {
  await horreum.close();
  await receiver.close();
});

interface Summary {
  readonly start: number;
  readonly stop: number;
  readonly access: string;
  readonly datasets: readonly number[] | null;
}
interface Entry {
  readonly values: Readonly<Record<string, unknown>>;
  readonly datasetId: number;
}
interface Evaluated {
  readonly results: Readonly<Record<string, object>>;
  readonly baseline: readonly { readonly runId: number }[];
  readonly logs: readonly { readonly message: string }[];
  readonly notify: boolean;
}

async function send<Body = string>(
  method: string,
  path: string,
  body: string | object = '',
  contentType = 'application/json',
): Promise<{ status: number; body: Body }> {
  const response = await fetch(horreum.url + path, {
    method,
    headers: { 'X-Horreum-API-Key': horreum.apiKey, 'content-type': contentType },
    ...(method === 'GET' ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') && text !== '';
  return { status: response.status, body: (isJson ? JSON.parse(text) : text) as Body };
}

async function register(event: string, name: string, more: object = {}, testId = 10) {
  await send('POST', '/api/action', {
    event,
    type: 'http',
    testId,
    config: { type: 'http', url: `${receiver.url}/${name}` },
    ...more,
  });
}

function upload(more: Partial<SampleUpload> = {}): Promise<number> {
  const pullRequest = {
    repoFullName: 'octo/service',
    pullRequestNumber: 7,
    jobId: 'bench',
    appCommit: 'abc1234',
  };
  return uploadSample({ horreumUrl: horreum.url, apiKey: horreum.apiKey, ...pullRequest, ...more });
}

/** Lets the upload reach the server before its next step. */
async function uploadAndCommit(more: Partial<SampleUpload> = {}): Promise<number> {
  const hooks = horreum.hooks.length;
  const uploaded = upload(more);
  await eventually(() => horreum.hooks.length > hooks);
  await clock.advance(DELAYS.commitMs);
  return uploaded;
}

async function experiments(datasetId: number): Promise<Evaluated[]> {
  return (await send<Evaluated[]>('GET', `/api/experiment/run?datasetId=${datasetId}`)).body;
}

/** Of a run with one dataset. */
async function experiment(datasetId: number): Promise<Evaluated> {
  return first(await experiments(datasetId));
}

async function labels(runId: number): Promise<Entry[]> {
  return (await send<Entry[]>('GET', `/api/run/${runId}/labelValues`)).body;
}

async function onlyLabels(runId: number): Promise<Entry> {
  return first(await labels(runId));
}

async function summaryOf(runId: number | string): Promise<Summary> {
  return (await send<Summary>('GET', `/api/run/${runId}/summary`)).body;
}

function first<Item>(items: readonly Item[] | null): Item {
  const [item] = items ?? [];
  if (item === undefined) throw new Error('there is none');
  return item;
}

describe('an upload', () => {
  test('becomes readable in steps, and only the last event means that all is there', async () => {
    const uploaded = upload({ runKey: 'pb-1', slowdown: 1.5 });
    await eventually(() => receiver.bodies('/run').length === 1);
    const [runHook] = receiver.bodies('/run');
    const runId = Number(runHook?.['id']);
    expect((await send('GET', `/api/run/${runId}/summary`)).status).toBe(404);

    await clock.advance(10);
    expect(await uploaded).toBe(runId);
    const summary = await summaryOf(runId);
    const datasetId = first(summary.datasets);
    expect(runHook?.['start']).toBe(summary.start / 1000);
    expect(await labels(runId)).toEqual([
      { values: {}, runId, datasetId, start: summary.start, stop: summary.stop },
    ]);
    expect((await send('GET', `/api/run/${runId}/labelValues?include=pb.run_key`)).body).toEqual([]);
    expect(await experiments(datasetId)).toMatchObject([
      { profile: null, logs: [{ message: 'There are no matching experiment profiles.' }] },
    ]);

    await clock.advance(10);
    expect((await onlyLabels(runId)).values).toMatchObject({
      'pb.run_key': 'pb-1',
      'pb.pull_request_number': '7',
      'gs.errors': [],
    });
    const early = await experiments(datasetId);
    expect(early).toMatchObject([{ profile: { id: 1 }, results: {} }]);
    expect(first(first(early).logs).message).toBe(
      'No datapoint for comparison of variable max_response_time in profile Pull Request Experiment',
    );

    await clock.advance(10);
    await eventually(() => receiver.bodies('/experiment').length === 1);
    expect((await experiment(datasetId)).results).toEqual({});

    await clock.advance(10);
    const result = await experiment(datasetId);
    expect(Object.keys(result.results)).toHaveLength(6);
    expect(result.notify).toBe(false);
    expect(receiver.bodies('/experiment')[0]).toMatchObject({ notify: true, results: result.results });
    expect(receiver.bodies('/labels')).toEqual([]);

    await clock.advance(10);
    await eventually(() => receiver.bodies('/labels').length === 1);
    expect(receiver.bodies('/labels')[0]).toMatchObject({ id: datasetId, runId, ordinal: 0, testid: 10 });
  });

  test('is compared by computing: value over the newest main, minus one', async () => {
    const runId = await uploadAndCommit({ slowdown: 1.5 });
    await clock.advance(100);
    const { values, datasetId } = await onlyLabels(runId);
    const mainRuns =
      '/api/test/10/labelValues?filter={"gs.app_commit":"main"}&sort=start&direction=Descending&limit=1';
    const main = first((await send<Entry[]>('GET', mainRuns)).body);
    const { results, baseline } = await experiment(datasetId);
    const [value, base] = [values, main.values].map((of) => Number(of['gs.mean_response_time'])) as [
      number,
      number,
    ];
    expect(results['mean_response_time']).toEqual({
      overall: 'WORSE',
      experimentValue: value,
      baselineValue: base,
      result: `+${((value / base - 1) * 100).toFixed(2)}%`,
    });
    expect(baseline.map((item) => item.runId)).toEqual([3, 2, 1]);
  });

  test('that fails leaves a ghost: its hook was sent, its run never exists, its id is not used again', async () => {
    horreum.uploadTroubles.push({ ghost: true });
    const failed = upload().catch((error: unknown) => error);
    await eventually(() => receiver.bodies('/run').length === 1);
    await clock.advance(1000);
    expect(String(await failed)).toContain('Horreum answered 500');
    const ghostId = Number(receiver.bodies('/run')[0]?.['id']);
    expect((await send('GET', `/api/run/${ghostId}/summary`)).status).toBe(404);
    expect(await uploadAndCommit()).toBe(ghostId + 1);
  });

  test('whose labels never come stays without them', async () => {
    horreum.uploadTroubles.push({ labelsNever: true });
    const runId = await uploadAndCommit();
    await clock.advance(1_000_000);
    expect((await onlyLabels(runId)).values).toEqual({});
  });

  test('waits while the queue is dead, though it was accepted', async () => {
    horreum.setQueueRunning(false);
    const runId = await uploadAndCommit();
    await clock.advance(1_000_000);
    expect((await onlyLabels(runId)).values).toEqual({});
    horreum.setQueueRunning(true);
    await clock.advance(100);
    expect(Object.keys((await onlyLabels(runId)).values)).toHaveLength(18);
  });

  test('without an access parameter is PRIVATE, and anybody can read it', async () => {
    const runId = await uploadAndCommit({ access: 'PRIVATE' });
    await clock.advance(100);
    const anonymous = await fetch(`${horreum.url}/api/run/${runId}/summary`);
    expect(await anonymous.json()).toMatchObject({ access: 'PRIVATE' });
    const noAccess = send('POST', '/api/run/data?test=10&start=1&stop=2', { a: 1 });
    await eventually(() => receiver.bodies('/run').length === 2);
    await clock.advance(10);
    expect((await summaryOf((await noAccess).body)).access).toBe('PRIVATE');
  });

  test('with a profile that lacks settings repeats the experiment ten times and never says that it is done', async () => {
    const comparisons = [{ model: 'relativeDifference', config: { threshold: 0.1 }, variableId: 5 }];
    const commit = ['gs.app_commit'];
    const broken = {
      name: 'broken',
      selectorLabels: commit,
      selectorFilter: 'v => v != "main"',
      baselineLabels: commit,
      baselineFilter: 'v => v == "main"',
      comparisons,
    };
    await send('POST', '/api/experiment/10/profiles', broken);
    await uploadAndCommit();
    await clock.advance(10_000);
    await eventually(() => receiver.bodies('/experiment').length === 10);
    expect(receiver.bodies('/labels')).toEqual([]);
  });
});

describe('afterwards', () => {
  test('a recalculation gives new dataset ids and repeats the event before it answers', async () => {
    const runId = await uploadAndCommit();
    await clock.advance(100);
    await eventually(() => receiver.bodies('/labels').length === 1);
    const { datasetId: oldId } = await onlyLabels(runId);
    const recalculated = send<number[]>('POST', `/api/run/${runId}/recalculate`);
    await eventually(() => receiver.bodies('/labels').length === 2);
    await clock.advance(10);
    const newId = first((await recalculated).body);
    expect(newId).toBeGreaterThan(oldId);
    expect((await send('GET', `/api/dataset/${oldId}`)).status).toBe(404);
    expect((await experiment(newId)).results).toEqual({});
    await clock.advance(100);
    expect(Object.keys((await experiment(newId)).results)).toHaveLength(6);
    expect(receiver.bodies('/labels')).toHaveLength(2);
    expect(receiver.bodies('/experiment')).toHaveLength(1);
  });

  test('a trashed run has no datasets; back from the bin it has an empty one', async () => {
    const runId = await uploadAndCommit();
    await clock.advance(100);
    await eventually(() => receiver.bodies('/labels').length === 1);
    expect((await send('POST', `/api/run/${runId}/trash`)).status).toBe(204);
    expect(await summaryOf(runId)).toMatchObject({
      trashed: true,
      datasets: null,
      schemas: [],
    });
    expect(await labels(runId)).toEqual([]);
    expect((await send<{ total: number }>('GET', '/api/run/list/10?limit=9&page=1')).body.total).toBe(3);
    await send('POST', `/api/run/${runId}/trash?isTrashed=false`);
    await eventually(() => receiver.bodies('/labels').length === 2);
    expect(receiver.bodies('/labels')[1]).toMatchObject({ runId, data: [] });
  });

  test('evaluating by REST fires the experiment event again for actions that always run, for anybody who asks', async () => {
    const runId = await uploadAndCommit();
    await clock.advance(100);
    const { datasetId } = await onlyLabels(runId);
    await eventually(() => receiver.bodies('/experiment').length === 1);
    await experiments(datasetId);
    await register('experiment_result/new', 'always', { runAlways: true });
    await fetch(`${horreum.url}/api/experiment/run?datasetId=${datasetId}`);
    await eventually(() => receiver.bodies('/always').length === 1);
    expect(receiver.bodies('/always')[0]).toMatchObject({ notify: false });
    expect(receiver.bodies('/experiment')).toHaveLength(1);
  });

  test('recalculating all changes repeats the experiment events of old runs', async () => {
    await uploadAndCommit();
    await clock.advance(100);
    await eventually(() => receiver.bodies('/experiment').length === 1);
    expect((await send('POST', '/api/alerting/recalculate?test=10&notify=true')).status).toBe(204);
    await clock.advance(1000);
    await eventually(() => receiver.bodies('/experiment').length === 2);
  });
});

describe('several datasets', () => {
  const uploadParts = async (data: object) => {
    const hooks = horreum.hooks.length;
    const uploaded = send('POST', '/api/run/data?test=multi&start=1&stop=2&access=PUBLIC', data);
    await eventually(() => horreum.hooks.length > hooks);
    await clock.advance(10);
    return uploaded;
  };
  beforeEach(async () => {
    for (const schema of multiSchemas) await send('POST', '/api/schema/import', schema);
    await send('POST', '/api/test/import', multiTest);
    await register('run/new', 'multi-run', {}, 11);
    await register('dataset_labels/computed', 'multi-labels', {}, 11);
  });

  test('are listed in no order, each with its own event', async () => {
    const parts = [part('a', 1), part('b', 2), part('c', 3)];
    const { body: runId } = await uploadParts({ $schema: 'uri:multi:0.1', parts });
    await clock.advance(100);
    const { body } = await send<{ datasets: { ordinal: number }[] }>(
      'GET',
      `/api/dataset/list/byRun/${runId}`,
    );
    const ordinals = body.datasets.map((dataset) => dataset.ordinal);
    expect([...ordinals].sort()).toEqual([0, 1, 2]);
    expect(ordinals).not.toEqual([0, 1, 2]);
    await eventually(() => receiver.bodies('/multi-labels').length === 3);
    expect((await labels(Number(runId))).map((entry) => entry.values)).toMatchObject([
      {
        'p.who': 'a',
        'p.num': 1,
        'p.fixed': '1.00',
        'p.undef': null,
        'p.null': null,
        'p.arr': [1, 'a', null],
      },
      { 'p.who': 'b' },
      { 'p.who': 'c' },
    ]);
    expect((await onlyLabels(Number(runId))).values).not.toHaveProperty('p.throws');
  });

  test('none at all: the run is there, without datasets and without a last event', async () => {
    const { status, body: runId } = await uploadParts({ $schema: 'uri:multi:0.1', parts: [] });
    expect(status).toBe(202);
    await clock.advance(1000);
    expect((await summaryOf(runId)).datasets).toBeNull();
    expect(await labels(Number(runId))).toEqual([]);
    expect(receiver.bodies('/multi-labels')).toEqual([]);
  });

  test('data of no known schema: one dataset, nothing in it', async () => {
    const { body: runId } = await uploadParts({ anything: 1 });
    await clock.advance(1000);
    await eventually(() => receiver.bodies('/multi-labels').length === 1);
    expect(receiver.bodies('/multi-labels')[0]).toMatchObject({ data: [] });
    expect((await onlyLabels(Number(runId))).values).toEqual({});
  });

  test('a number that no database holds makes a ghost', async () => {
    const { status } = await uploadParts({ $schema: 'uri:multi:0.1', parts: [{ who: 'dev', num: 1e19 }] });
    expect(status).toBe(500);
    await eventually(() => receiver.bodies('/multi-run').length === 1);
  });
});
