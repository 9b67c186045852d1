/** The datastore over the wire: against the stand-in for what a Horreum does, against one odd answer for what it may say. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { uploadSample, type SampleUpload } from '../../../infra/local/horreum/sample/sample-upload.ts';
import { startHorreumStandIn, type HorreumStandIn } from '../../../infra/local/horreum/horreum-stand-in.ts';
import type { Datastore, LabelQuery } from '../../../lib/horreum/datastore.ts';
import { createHorreumDatastore } from '../../../lib/horreum/horreum-datastore.ts';
import { createOutsideCall } from '../../../lib/http/outside-call.ts';
import { eventually } from '../../infra/local/horreum/eventually.ts';
import { multiSchemas, multiTest, part } from '../../infra/local/horreum/multi-project.ts';
import { jsonAnswer, startAnsweringServer, type AnsweringServer } from './answering-server.ts';

const NO_DELAYS = { commitMs: 0, labelsMs: 0, datapointsMs: 0, resultsCommitMs: 0, labelsEventMs: 0 };

function datastoreAt(baseUrl: string, apiKey = 'HUSR_X'): Datastore {
  return createHorreumDatastore({ call: createOutsideCall(), nowMs: () => Date.now(), baseUrl, apiKey });
}

describe('with the stand-in', () => {
  let horreum: HorreumStandIn;
  let datastore: Datastore;

  beforeAll(async () => {
    horreum = await startHorreumStandIn({ delays: NO_DELAYS });
    horreum.seedSampleProject();
    horreum.seedBaseline({ testId: 10, runs: 3, repoFullName: 'octo/service', jobId: 'bench' });
    datastore = datastoreAt(horreum.url, horreum.apiKey);
  });
  afterAll(() => horreum.close());

  async function upload(more: Partial<SampleUpload> = {}): Promise<number> {
    const pullRequest = {
      repoFullName: 'octo/service',
      pullRequestNumber: 7,
      jobId: 'bench',
      appCommit: 'abc1234',
    };
    const runId = await uploadSample({
      horreumUrl: horreum.url,
      apiKey: horreum.apiKey,
      ...pullRequest,
      ...more,
    });
    const ids = (await datastore.getRun(runId))?.datasetIds ?? [];
    await eventually(() =>
      ids.every((id) => horreum.store.datapoints.some((point) => point.datasetId === id)),
    );
    return runId;
  }

  test('reads a run, its labels and what was uploaded beside it', async () => {
    const build = { url: 'https://ci.example/job/bench/125/', number: 125, jobFullName: 'bench' };
    const runId = await upload({ runKey: 'pb-1', access: 'PROTECTED', build, startMs: 1_747_063_271_703 });
    const run = await datastore.getRun(runId);
    expect(run).toMatchObject({
      id: runId,
      testId: 10,
      access: 'PROTECTED',
      trashed: false,
      hasMetadata: true,
    });
    const labels = await datastore.getLabelValues(runId);
    expect(labels).toMatchObject([{ runId, datasetId: run?.datasetIds[0], startMs: 1_747_063_271_703 }]);
    expect(labels?.[0]?.values).toMatchObject({
      'pb.run_key': 'pb-1',
      'pb.pull_request_number': '7',
      'gs.errors': [],
    });
    expect(await datastore.getMetadata(runId)).toMatchObject([{ buildUrl: build.url, buildNumber: 125 }]);
    expect(await datastore.getMetadata(1)).toEqual([]);
  });

  test('what is not there is undefined or empty', async () => {
    expect(await datastore.getRun(99999)).toBeUndefined();
    expect(await datastore.getLabelValues(99999)).toBeUndefined();
    expect(await datastore.listRuns(99999, 5)).toEqual([]);
    expect(await datastore.getMetadata(99999)).toEqual([]);
    expect(await datastore.listDatasets(99999, 2)).toEqual([]);
    expect(await datastore.listViews(99999)).toEqual([]);
    expect(await datastore.evaluateExperiments(99999, 99999)).toEqual([]);
    expect(await datastore.listVariables(99999)).toEqual([]);
    expect(await datastore.testLabelValues(99999, { limit: 5 })).toEqual([]);
  });

  test('labels that are still to come are a dataset without values, not a missing dataset', async () => {
    horreum.setQueueRunning(false);
    const runId = await uploadSample({
      horreumUrl: horreum.url,
      apiKey: horreum.apiKey,
      repoFullName: 'o/r',
      pullRequestNumber: 1,
      jobId: 'j',
      appCommit: 'c',
    });
    expect(await datastore.getLabelValues(runId)).toMatchObject([{ runId, values: {} }]);
    horreum.setQueueRunning(true);
  });

  test('lists runs by upload, also when the data claims to be years old', async () => {
    const newest = await upload({ startMs: Date.parse('2020-01-01T00:00:00Z') });
    const runs = await datastore.listRuns(10, 2);
    expect(runs.map(({ id }) => id)).toEqual([newest, newest - 1]);
    const byStart = await datastore.testLabelValues(10, { limit: 1 });
    expect(byStart[0]?.runId).not.toBe(newest);
  });

  test('test label values: only the datasets that have the labels asked for', async () => {
    const some = await datastore.testLabelValues(10, {
      limit: 2,
      include: ['gs.app_commit', 'gs.mean_response_time'],
    });
    expect(some).toHaveLength(2);
    expect(Object.keys(some[0]?.values ?? {}).sort()).toEqual(['gs.app_commit', 'gs.mean_response_time']);
    expect(await datastore.testLabelValues(10, { limit: 2, include: ['no.such.label'] })).toEqual([]);
    // Horreum would take its name for two.
    const all = await datastore.testLabelValues(10, { limit: 1, include: ['a,b'] });
    expect(Object.keys(all[0]?.values ?? {})).toHaveLength(18);
  });

  test('test label values: more labels than a URL has room for are asked for in several calls', async () => {
    const many = Array.from({ length: 400 }, (_, index) => `label.number.${index}`);
    const before = horreum.calls.length;
    const include = ['gs.app_commit', ...many, 'gs.mean_response_time'];
    const [found] = await datastore.testLabelValues(10, { limit: 1, include });
    expect(Object.keys(found?.values ?? {}).sort()).toEqual(['gs.app_commit', 'gs.mean_response_time']);
    const calls = horreum.calls.slice(before);
    expect(calls.length).toBeGreaterThan(1);
    expect(Math.max(...calls.map(({ path }) => path.length))).toBeLessThan(4_000);
  });

  test('test label values: by value and type, from a time on, and page by page', async () => {
    const ask = async (query: Partial<LabelQuery>) =>
      (await datastore.testLabelValues(10, { limit: 10, include: ['gs.app_commit'], ...query })).map(
        ({ runId }) => runId,
      );
    const all = await ask({});
    expect(await ask({ filter: { 'pb.pull_request_number': '' } })).toEqual([3, 2, 1]);
    expect(await ask({ filter: { 'pb.pull_request_number': 7 } })).toEqual([]);
    expect([...(await ask({ limit: 1 })), ...(await ask({ limit: 1, page: 1 }))]).toEqual(all.slice(0, 2));
    const [, second] = await datastore.testLabelValues(10, { limit: 2 });
    expect(await ask({ afterMs: second?.startMs ?? 0 })).toEqual(all.slice(0, 1));
    expect(await ask({ oldestFirst: true })).toEqual(all.toReversed());
  });

  test('views, and datasets with the labels of a view', async () => {
    const runId = await upload();
    const views = await datastore.listViews(10);
    expect(views.map(({ id, name }) => [id, name])).toEqual([
      [1, 'Default'],
      [2, 'Custom'],
    ]);
    expect(views[1]?.components.map(({ title }) => title)).toEqual([
      'PR Number',
      'Commit SHA',
      'Max Response Time',
      'Mean Response Time',
      '99.99 Percentile',
      '99.9 Percentile',
    ]);
    const [withDefault] = await datastore.listDatasets(runId, undefined);
    const [withCustom] = await datastore.listDatasets(runId, 2);
    const first = views[1]?.components[0]?.id;
    expect(Object.keys(withDefault?.view ?? {})).toHaveLength(4);
    expect(withCustom?.view[String(first)]).toEqual({ 'pb.pull_request_number': '7' });
    expect(horreum.calls.some(({ path }) => path === `/api/dataset/list/byRun/${runId}`)).toBe(true);
  });

  test('several datasets come in order of their ordinals', async () => {
    for (const schema of multiSchemas) await post('/api/schema/import', schema);
    await post('/api/test/import', multiTest);
    const parts = [part('a', 1), part('b', 2), part('c', 3)];
    for (let count = 0; count < 3; count++) {
      const runId = Number(
        await post('/api/run/data?test=multi&start=1&stop=2&access=PUBLIC', {
          $schema: 'uri:multi:0.1',
          parts,
        }),
      );
      expect((await datastore.listDatasets(runId, undefined)).map(({ ordinal }) => ordinal)).toEqual([
        0, 1, 2,
      ]);
    }
  });

  test('experiments: the verdict, nothing without a profile, nothing without a baseline', async () => {
    const slow = (await datastore.getRun(await upload({ slowdown: 2 })))?.datasetIds[0] ?? 0;
    const [result] = await datastore.evaluateExperiments(0, slow);
    expect(result?.profile).toMatchObject({ name: 'Pull Request Experiment' });
    expect(result?.profile?.comparisons).toContainEqual({
      variableName: 'mean_response_time',
      threshold: 0.1,
      greaterBetter: false,
    });
    expect(result?.results['mean_response_time']?.overall).toBe('WORSE');
    expect(result?.baseline.map(({ runId }) => runId)).toEqual([3, 2, 1]);
    const [none] = await datastore.evaluateExperiments(1, 1);
    expect(none).not.toHaveProperty('profile');
    expect(none?.logs).toEqual([{ level: 1, message: 'There are no matching experiment profiles.' }]);
    for (const id of [1, 2, 3]) horreum.store.datasets.delete(id);
    expect(await datastore.evaluateExperiments(0, slow)).toEqual([]);
  });

  test('variables and links', async () => {
    expect(await datastore.listVariables(10)).toContainEqual({
      id: 5,
      name: 'mean_response_time',
      labels: ['gs.mean_response_time'],
    });
    expect(datastoreAt('https://lab.example/horreum/').runUrl(57)).toBe('https://lab.example/horreum/run/57');
  });

  async function post(path: string, body: object): Promise<string> {
    const headers = { 'X-Horreum-API-Key': horreum.apiKey, 'content-type': 'application/json' };
    return (await fetch(horreum.url + path, { method: 'POST', headers, body: JSON.stringify(body) })).text();
  }
});

describe('odd answers', () => {
  let server: AnsweringServer;
  beforeEach(async () => {
    server = await startAnsweringServer();
  });
  afterEach(() => server.close());

  test('nulls, and an access that nobody knows', async () => {
    server.answer = jsonAnswer({
      id: 5,
      testid: 10,
      access: 'SECRET',
      trashed: true,
      start: null,
      datasets: null,
      hasMetadata: null,
    });
    expect(await datastoreAt(server.url).getRun(5)).toEqual({
      id: 5,
      testId: 10,
      access: 'PRIVATE',
      trashed: true,
      hasMetadata: false,
      datasetIds: [],
    });
  });

  test('something else than a run is an error, not a missing run', async () => {
    server.answer = jsonAnswer({ hello: 'world' });
    await expect(datastoreAt(server.url).getRun(5)).rejects.toMatchObject({
      name: 'UpstreamError',
      retryable: false,
    });
  });

  test('numbers that JSON can not hold come as text', async () => {
    const result = (experimentValue: unknown, baselineValue: unknown, overall: unknown = 'SAME') => ({
      overall,
      experimentValue,
      baselineValue,
      result: 'NaN%',
    });
    server.answer = jsonAnswer([
      {
        profile: null,
        logs: null,
        baseline: null,
        results: {
          a: result('NaN', 0),
          b: result('12.5', 'Infinity'),
          c: result(null, '-Infinity'),
          d: result(1, 2, 'ODD'),
        },
      },
      'no object',
    ]);
    const [evaluated, ...more] = await datastoreAt(server.url).evaluateExperiments(1, 1);
    expect(more).toEqual([]);
    expect(evaluated).toEqual({
      logs: [],
      baseline: [],
      results: {
        a: { overall: 'SAME', experimentValue: NaN, baselineValue: 0 },
        b: { overall: 'SAME', experimentValue: 12.5, baselineValue: Infinity },
        c: { overall: 'SAME', experimentValue: NaN, baselineValue: -Infinity },
      },
    });
  });

  test('a label or variable called like a part of JavaScript is a name like any other', async () => {
    server.answer = {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: '[{"runId":1,"datasetId":2,"start":3,"values":{"__proto__":1,"constructor":2}}]',
    };
    const [entry] = (await datastoreAt(server.url).getLabelValues(1)) ?? [];
    expect(Object.entries(entry?.values ?? {})).toEqual([
      ['__proto__', 1],
      ['constructor', 2],
    ]);
  });

  test('a variable with a function is not its label', async () => {
    const variable = { id: 1, name: 'a', labels: ['l'], group: null };
    server.answer = jsonAnswer([
      { ...variable, calculation: 'value => value / 1000' },
      { ...variable, calculation: ' ' },
      { ...variable, calculation: null },
    ]);
    const variables = await datastoreAt(server.url).listVariables(10);
    expect(variables.map(({ isComputed }) => isComputed)).toEqual([true, undefined, undefined]);
  });

  test('metadata as one object, as a list, as nothing', async () => {
    const answers = [{ $schema: 'a' }, [{ $schema: 'a' }, { $schema: 'b' }], {}, null];
    const lengths = [];
    for (const answer of answers) {
      server.answer = jsonAnswer(answer);
      lengths.push((await datastoreAt(server.url).getMetadata(1)).length);
    }
    expect(lengths).toEqual([1, 2, 0, 0]);
  });

  test('asks for runs by id, newest first, without those in the bin', async () => {
    server.answer = jsonAnswer({
      total: 2,
      runs: [{ id: 4, testid: 10 }, { id: 9, testid: 10 }, { id: null }],
    });
    expect((await datastoreAt(server.url).listRuns(10, 20)).map(({ id }) => id)).toEqual([9, 4]);
    expect(server.calls[0]?.line).toBe(
      'GET /api/run/list/10?trashed=false&limit=20&page=1&sort=id&direction=Descending',
    );
  });

  test('labels of a run are asked for without a choice, those of a view-less list without the parameter', async () => {
    server.answer = jsonAnswer([]);
    await datastoreAt(server.url).getLabelValues(5);
    await datastoreAt(server.url).listDatasets(5, undefined);
    expect(server.calls.map(({ line }) => line)).toEqual([
      'GET /api/run/5/labelValues',
      'GET /api/dataset/list/byRun/5',
    ]);
  });
});
