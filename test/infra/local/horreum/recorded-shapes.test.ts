/** The stand-in answers and posts what a real Horreum was recorded to: same status, content type and shape, call by call. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { uploadSample } from '../../../../infra/local/horreum/sample/sample-upload.ts';
import {
  startHorreumStandIn,
  type HorreumStandIn,
} from '../../../../infra/local/horreum/horreum-stand-in.ts';
import { eventually } from './eventually.ts';
import { startHookReceiver, type HookReceiver } from './hook-receiver.ts';
import { multiSchemas, multiTest, part } from './multi-project.ts';
import { shapeOf, type Shape } from './shape-of.ts';

interface RecordedAnswer {
  readonly method: string;
  readonly path: string;
  readonly auth: string;
  readonly status: number;
  readonly contentType: string | null;
  readonly shape?: Shape;
  readonly text?: string;
}
interface RecordedHook {
  readonly method: string;
  readonly headers: readonly (readonly [string] | readonly [string, string])[];
  readonly shape: Shape;
}

const file = new URL('../../../fixtures/horreum/recorded-shapes.json', import.meta.url);
const recorded = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly answers: Readonly<Record<string, RecordedAnswer>>;
  readonly hooks: Readonly<Record<string, RecordedHook>>;
};

const NO_DELAYS = {
  commitMs: 0,
  labelsMs: 0,
  datapointsMs: 0,
  resultsCommitMs: 0,
  labelsEventMs: 0,
  recalculateMs: 0,
  redeliverMs: 0,
};
/** As on the recorded server: main, three pull requests, main again, four pull requests; so ids fit the recorded paths. */
const UPLOADS = ['main', '1', '2', '3', 'main', '1', '2', '3', '4'];

let horreum: HorreumStandIn;
let receiver: HookReceiver;

beforeAll(async () => {
  receiver = await startHookReceiver();
  horreum = await startHorreumStandIn({ delays: NO_DELAYS });
  horreum.seedSampleProject();
  for (const [index, pullRequest] of UPLOADS.entries()) await uploadAndDigest(index, pullRequest);
});

afterAll(async () => {
  await horreum.close();
  await receiver.close();
});

async function uploadAndDigest(index: number, pullRequest: string): Promise<void> {
  const isMain = pullRequest === 'main';
  const runId = await uploadSample({
    horreumUrl: horreum.url,
    apiKey: horreum.apiKey,
    repoFullName: 'octo/service',
    pullRequestNumber: isMain ? '' : pullRequest,
    jobId: `job-${pullRequest}`,
    appCommit: isMain ? 'main' : `commit-${pullRequest}`,
    runKey: `pb-${index}`,
    startMs: Date.parse(isMain ? '2025-05-12T09:28:00Z' : '2025-05-12T15:21:00Z') + index * 60_000,
    slowdown: isMain ? 1 : 2,
    seed: isMain ? 'main' : 'pull request',
  });
  const dataset = [...horreum.store.datasets.values()].find((item) => item.runId === runId);
  await eventually(() => horreum.store.datapoints.some((point) => point.datasetId === dataset?.id));
}

function login(auth: string, key: string): Record<string, string> {
  if (key.includes('jwt_like')) return { authorization: 'Bearer a.b.c' };
  if (auth === 'bearer') return { authorization: `Bearer ${horreum.apiKey}` };
  if (auth === 'basic') return { authorization: `Basic ${Buffer.from('user:wrong').toString('base64')}` };
  if (auth === 'wrong-key') return { 'X-Horreum-API-Key': 'HUSR_nobody' };
  return auth === 'key' ? { 'X-Horreum-API-Key': horreum.apiKey } : {};
}

async function expectRecorded(
  key: string,
  change: { path?: string; body?: string | FormData; headers?: Record<string, string> } = {},
): Promise<void> {
  const answer = recorded.answers[key];
  if (!answer) throw new Error(`nothing is recorded as ${key}`);
  const response = await fetch(horreum.url + (change.path ?? answer.path), {
    method: answer.method,
    headers: { ...login(answer.auth, key), ...change.headers },
    ...(change.body === undefined ? {} : { body: change.body }),
  });
  const body = await response.text();
  expect({ key, status: response.status }).toEqual({ key, status: answer.status });
  expect(response.headers.get('content-type')).toBe(answer.contentType);
  expect(response.headers.get('x-stand-in')).toBe('Horreum stand-in');
  if (answer.text !== undefined) expect(body.slice(0, 40)).toBe(answer.text);
  if (answer.shape) expectShape(shapeOf(JSON.parse(body)), answer.shape);
}

/** The same paths, and at each no type that was not seen there. */
function expectShape(found: Shape, wanted: Shape): void {
  expect(Object.keys(found)).toEqual(Object.keys(wanted));
  for (const [path, types] of Object.entries(found)) {
    expect({ path, strange: types.filter((type) => !wanted[path]?.includes(type)) }).toEqual({
      path,
      strange: [],
    });
  }
}

/** Not asked again as they stand, since they speak of measured values or of another state; see below for each. */
const OTHERWISE = [
  'rest_labelvalues/filter_number_ok',
  'rest_labelvalues/filter_number_as_string',
  'rest_experiments/experiment_no_baseline',
];
const READS = Object.entries(recorded.answers).filter(
  ([key, answer]) =>
    answer.method === 'GET' &&
    /^rest_(auth|runs|datasets|labelvalues|experiments|changes)/.test(key) &&
    !OTHERWISE.includes(key),
);

describe('a Horreum with the sample project answers as the recorded one', () => {
  test.each(READS.map(([key]) => key))('%s', (key) => expectRecorded(key));

  test('a filter on a number is exact in value and type', async () => {
    const [run] = (await (await fetch(`${horreum.url}/api/test/10/labelValues?limit=1`)).json()) as [
      { values: Record<string, number> },
    ];
    const mean = run.values['gs.mean_response_time'];
    const path = (value: unknown) =>
      `/api/test/10/labelValues?include=gs.app_commit&limit=2&filter=${encodeURIComponent(JSON.stringify({ 'gs.mean_response_time': value }))}`;
    await expectRecorded('rest_labelvalues/filter_number_ok', { path: path(mean) });
    await expectRecorded('rest_labelvalues/filter_number_as_string', { path: path(String(mean)) });
  });

  const range = { from: '2025-05-01T00:00:00Z', to: '2025-06-01T00:00:00Z', oneBeforeAndAfter: true };
  test.each([
    ['query', { range, targets: [{ target: '5;', type: 'timeseries', refId: 'x' }] }],
    ['query_fp_empty_obj', { range, targets: [{ target: '5;{}', type: 'timeseries', refId: 'x' }] }],
    ['query_no_fp', { range, targets: [{ target: '5', type: 'timeseries', refId: 'x' }] }],
    ['query_missing_var', { range, targets: [{ target: '999;', type: 'timeseries', refId: 'x' }] }],
    ['query_anonymous', { range, targets: [{ target: '5;', type: 'timeseries', refId: 'x' }] }],
    ['query_empty', {}],
    ['annotations', { range, annotation: { query: '6;' } }],
    ['annotations_missing_var', { range, annotation: { query: '999;' } }],
  ])('history: %s', (key, body) => expectRecorded(`rest_changes/${key}`, { body: JSON.stringify(body) }));
});

describe('uploads, several datasets and webhooks', () => {
  test('registering webhooks, in the recorded order', async () => {
    const action = (more: object) =>
      JSON.stringify({
        id: -1,
        event: 'run/new',
        type: 'http',
        config: { type: 'http', url: `${receiver.url}/run` },
        secrets: {},
        testId: 10,
        active: true,
        runAlways: false,
        ...more,
      });
    const expectAction = (key: string, body?: string, headers?: Record<string, string>) =>
      expectRecorded(`rest_actions/${key}`, {
        ...(body === undefined ? {} : { body }),
        headers: headers ?? { 'content-type': 'application/json' },
      });
    const plain = { 'content-type': 'text/plain' };

    await expectAction('sites_anonymous_empty');
    await expectAction('create_not_allowed', action({}));
    await expectAction('add_site_anonymous', `${receiver.url}/`, plain);
    await expectAction('add_site_as_json', JSON.stringify(`${receiver.url}/`));
    await expectAction('add_site', `${receiver.url}/`, plain);
    await expectAction('sites_anonymous');
    await expectAction('create_unknown_event', action({ event: 'nonsense/event' }));
    await expectAction('create_event_enum_name', action({ event: 'RUN_NEW' }));
    await expectAction('create_unknown_type', action({ type: 'nohook' }));
    await expectAction('create_no_test', action({ testId: undefined }));
    await expectAction('create_missing_test', action({ testId: 99999 }));
    await expectAction('create_anonymous', action({}));
    await expectAction('create_no_url', action({ config: { type: 'http' } }));
    await expectAction('create_no_config', action({ config: undefined }));
    await expectAction(
      'create_minimum',
      JSON.stringify({ event: 'run/new', type: 'http', config: { url: `${receiver.url}/run` }, testId: 10 }),
    );
    await expectAction(
      'create_labels',
      action({ event: 'dataset_labels/computed', config: { type: 'http', url: `${receiver.url}/labels` } }),
    );
    await expectAction(
      'create_experiment',
      action({ event: 'experiment_result/new', config: { type: 'http', url: `${receiver.url}/experiment` } }),
    );
    await expectAction(
      'create_change',
      action({ event: 'change/new', config: { type: 'http', url: `${receiver.url}/change` } }),
    );
    await expectAction('list_for_test');
    await expectAction('list_for_test_anonymous');
    await expectAction('list_for_missing_test');
    await expectRecorded('rest_actions/get_one', { path: '/api/action/1' });
    await expectAction('get_missing');
    await expectAction('delete_missing');
    await expectAction(
      'create_global_test_new',
      action({ event: 'test/new', testId: -1, config: { type: 'http', url: `${receiver.url}/test` } }),
    );
    await expectAction('list_global');
  });

  test('every webhook has the recorded headers and body', async () => {
    for (const schema of multiSchemas) await post('/api/schema/import', schema);
    expect(await post('/api/test/import', multiTest)).toBe('11');
    await uploadAndDigest(9, '5');
    await eventually(() => receiver.bodies('/labels').length > 0);
    await eventually(() => receiver.bodies('/change').length > 0);
    await eventually(() => receiver.bodies('/test').length > 0);
    const pairs = {
      '/run': 'webhook_run_new',
      '/labels': 'webhook_dataset_labels_computed',
      '/experiment': 'webhook_experiment_result_new',
      '/change': 'webhook_change_new',
      '/test': 'webhook_test_new',
    };
    for (const [path, name] of Object.entries(pairs)) {
      const wanted = recorded.hooks[name];
      const hook = receiver.received.find((item) => item.path === path);
      if (!hook || !wanted) throw new Error(`no ${name}`);
      expect(`${hook.method} HTTP/${hook.httpVersion}`).toBe('POST HTTP/1.1');
      const headers = hook.rawHeaders.flatMap((header, index) =>
        index % 2 === 0 ? [[header, hook.rawHeaders[index + 1]]] : [],
      );
      expect(headers.map(([header]) => header)).toEqual(wanted.headers.map(([header]) => header));
      for (const [header, value] of wanted.headers)
        if (value) expect(headers).toContainEqual([header, value]);
      expectShape(shapeOf(hook.body), wanted.shape);
    }
  });

  test('refused and accepted uploads', async () => {
    const json = { 'content-type': 'application/json' };
    const upload = (key: string, body: string | FormData, headers: Record<string, string> = json) =>
      expectRecorded(`rest_upload/${key}`, { body, headers });
    for (const key of [
      'bad_test',
      'bad_start',
      'bad_owner',
      'no_owner',
      'bad_access',
      'anonymous',
      'wrong_key',
      'ok_by_test_id',
    ])
      await upload(key, '{"a":1}');
    await upload('no_body', '');
    await upload('bad_json', '{"a":');
    await upload('ok_array_data', '[{"a":1},{"b":2}]');
    const form = new FormData();
    form.append('data', new Blob(['{"a":1}'], { type: 'application/json' }), 'd.json');
    form.append(
      'metadata',
      new Blob(
        ['{"$schema":"urn:horreum:jenkins-plugin:0.1","buildUrl":"https://ci.example/1/","buildNumber":1}'],
        { type: 'application/json' },
      ),
      'm.json',
    );
    await upload('ok_multipart_metadata', form, {});
    const runId = Math.max(...horreum.store.runs.keys());
    await expectRecorded('rest_upload/metadata_summary', { path: `/api/run/${runId}/summary` });
    await expectRecorded('rest_upload/metadata_get', { path: `/api/run/${runId}/metadata` });
  });

  test('several datasets of one upload, a baseline of zero, values that are no numbers', async () => {
    const upload = async (parts: readonly object[]) => {
      const runId = Number(
        await post('/api/run/data?test=multi&start=1&stop=2&owner=dev-team&access=PUBLIC', {
          $schema: 'uri:multi:0.1',
          parts,
        }),
      );
      const datasets = [...horreum.store.datasets.values()].filter((dataset) => dataset.runId === runId);
      await eventually(() =>
        datasets.every(({ id }) => horreum.store.datapoints.some((point) => point.datasetId === id)),
      );
      return { runId, ids: datasets.map(({ id }) => id) };
    };
    const before = await upload([part('dev', 5)]);
    await expectRecorded('rest_experiments/experiment_no_baseline', {
      path: `/api/experiment/run?datasetId=${before.ids[0]}`,
    });
    await upload([part('main', 0)]);
    const { runId, ids } = await upload([part('dev', 5), part('dev2', 6)]);
    await expectRecorded('rest_multi_dataset/two_dataset_summary', { path: `/api/run/${runId}/summary` });
    await expectRecorded('rest_multi_dataset/two_dataset_labelValues', {
      path: `/api/run/${runId}/labelValues?include=p.who,p.num`,
    });
    await expectRecorded('rest_multi_dataset/two_dataset_list', { path: `/api/dataset/list/byRun/${runId}` });
    await expectRecorded('rest_multi_dataset/experiment_ordinal_0', {
      path: `/api/experiment/run?datasetId=${ids[0]}`,
    });
    await expectRecorded('rest_multi_dataset/experiment_ordinal_1', {
      path: `/api/experiment/run?datasetId=${ids[1]}`,
    });
    await expectRecorded('rest_logs/log_dataset_variables', {
      path: '/api/log/dataset/variables/11?level=1&limit=3&page=0',
    });
    const [first] = (await (await fetch(`${horreum.url}/api/experiment/run?datasetId=${ids[0]}`)).json()) as [
      { results: Record<string, { overall: string; result: string }> },
    ];
    expect(first.results['v_num']).toMatchObject({ overall: 'BETTER', result: '+Infinity%' });
    expect(first.results['v_zero']).toMatchObject({ overall: 'SAME', result: 'NaN%' });
    expect(Object.keys(first.results).sort()).toEqual(['v_num', 'v_numstr', 'v_zero']);
  });
});

async function post(path: string, body: object): Promise<string> {
  const headers = { 'X-Horreum-API-Key': horreum.apiKey, 'content-type': 'application/json' };
  return (await fetch(horreum.url + path, { method: 'POST', headers, body: JSON.stringify(body) })).text();
}
