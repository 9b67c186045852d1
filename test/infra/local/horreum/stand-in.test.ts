/** The rest of the stand-in: faults on request, limits, rights, and webhooks that fail, hang or are not allowed. */
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { LOCAL_API_KEY } from '../../../../infra/local/horreum/api/callers.ts';
import { uploadSample } from '../../../../infra/local/horreum/sample/sample-upload.ts';
import {
  startHorreumStandIn,
  type HorreumStandIn,
} from '../../../../infra/local/horreum/horreum-stand-in.ts';
import { eventually } from './eventually.ts';
import { startHookReceiver, type HookReceiver } from './hook-receiver.ts';

const DELAYS = { commitMs: 0, labelsMs: 0, datapointsMs: 0, resultsCommitMs: 0, labelsEventMs: 0 };
const VIEWER = { key: 'HUSR_VIEWER', name: 'viewer', roles: ['viewer', 'dev-team', 'dev-viewer'] };
const UPLOADER = { key: 'HUSR_UPLOADER', name: 'uploader', roles: ['uploader', 'dev-team', 'dev-uploader'] };

let horreum: HorreumStandIn;
const receivers: HookReceiver[] = [];

beforeEach(async () => {
  horreum = await startHorreumStandIn({ delays: DELAYS, keys: [LOCAL_API_KEY, VIEWER, UPLOADER] });
  horreum.seedSampleProject();
});

afterEach(async () => {
  await horreum.close();
  for (const receiver of receivers.splice(0)) await receiver.close();
});

function call(
  method: string,
  path: string,
  {
    key = horreum.apiKey,
    body,
    type = 'application/json',
  }: { key?: string; body?: string; type?: string } = {},
) {
  return fetch(horreum.url + path, {
    method,
    headers: { 'X-Horreum-API-Key': key, 'content-type': type },
    ...(body === undefined ? {} : { body }),
  });
}

function upload(more: { access?: 'PRIVATE'; apiKey?: string; fillerBytes?: number } = {}): Promise<number> {
  return uploadSample({
    horreumUrl: horreum.url,
    apiKey: horreum.apiKey,
    repoFullName: 'o/r',
    pullRequestNumber: 1,
    jobId: 'j',
    appCommit: 'c',
    ...more,
  });
}

async function receiver(answer?: (response: ServerResponse) => void): Promise<HookReceiver> {
  const started = await startHookReceiver(answer);
  receivers.push(started);
  await call('POST', '/api/action/allowedSites', { body: `${started.url}/`, type: 'text/plain' });
  return started;
}

async function register(url: string, event = 'run/new'): Promise<Response> {
  return call('POST', '/api/action', {
    body: JSON.stringify({ event, type: 'http', testId: 10, config: { url } }),
  });
}

describe('faults', () => {
  test('each is used once, in order, by the first call that it fits', async () => {
    horreum.faults.push(
      { match: /^GET \/api\/user/, status: 503, body: 'busy', headers: { 'retry-after': '7' } },
      { match: /labelValues/, status: 502 },
    );
    const answers = [
      await call('GET', '/api/user/roles'),
      await call('GET', '/api/user/roles'),
      await call('GET', '/api/test/10/labelValues'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([503, 200, 502]);
    expect(answers[0]?.headers.get('retry-after')).toBe('7');
    expect(answers[0]?.headers.get('x-stand-in')).toBe('Horreum stand-in');
    expect(horreum.calls.map(({ caller, status }) => [caller, status])).toEqual([
      ['local', 503],
      ['local', 200],
      ['local', 502],
    ]);
  });

  test('a lost answer: the upload took effect', async () => {
    horreum.faults.push({ match: /^POST \/api\/run\/data/, afterEffect: true, closeSocket: true });
    await expect(upload()).rejects.toThrow('fetch failed');
    expect([...horreum.store.runs.keys()]).toEqual([1]);
    horreum.faults.push({ match: /^POST \/api\/run\/data/, closeSocket: true });
    await expect(upload()).rejects.toThrow('fetch failed');
    expect([...horreum.store.runs.keys()]).toEqual([1]);
  });
});

describe('limits and rights', () => {
  test('more than 10 MB is refused with nothing said', async () => {
    const body = JSON.stringify({ filler: 'x'.repeat(10 * 1024 * 1024) });
    const answer = await call('POST', '/api/run/data?test=10&start=1&stop=2', { body });
    expect([answer.status, answer.headers.get('connection'), await answer.text()]).toEqual([
      413,
      'close',
      '',
    ]);
  });

  test('a large upload arrives whole in both events that carry it', async () => {
    const open = await receiver();
    await register(`${open.url}/run`);
    await register(`${open.url}/labels`, 'dataset_labels/computed');
    await upload({ fillerBytes: 6_500_000 });
    await eventually(() => open.received.length === 2);
    for (const { text } of open.received) expect(text.length).toBeGreaterThan(6_500_000);
  });

  test('roles: a viewer can not upload or see actions, an uploader can not see actions', async () => {
    await expect(upload({ apiKey: VIEWER.key })).rejects.toThrow('answered 403');
    expect(await upload({ apiKey: UPLOADER.key })).toBe(1);
    for (const { key } of [VIEWER, UPLOADER])
      expect((await call('GET', '/api/action/test/10', { key })).status).toBe(403);
    expect((await call('GET', '/api/log/action/10', { key: VIEWER.key })).status).toBe(403);
  });

  test('an uploader who is not a viewer does not get private experiments and label values of a test', async () => {
    await upload({ access: 'PRIVATE' });
    await eventually(() => horreum.store.datasets.get(1)?.labels);
    const seen = async (key: string) => [
      (await call('GET', '/api/run/1/summary', { key })).status,
      (await call('GET', '/api/experiment/run?datasetId=1', { key })).status,
      ((await (await call('GET', '/api/test/10/labelValues', { key })).json()) as unknown[]).length,
    ];
    expect(await seen(UPLOADER.key)).toEqual([200, 404, 0]);
    expect(await seen(VIEWER.key)).toEqual([200, 200, 1]);
  });

  test('a revoked key is wrong from then on, a new one works', async () => {
    const made = await call('POST', '/api/user/apikey', { body: '{"name":"bot","type":"USER"}' });
    const key = await made.text();
    expect(made.headers.get('content-type')).toBe('text/plain');
    expect((await call('GET', '/api/user/roles', { key })).status).toBe(200);
    expect((await call('PUT', '/api/user/apikey/4/revoke')).status).toBe(204);
    expect((await call('GET', '/api/user/roles', { key })).status).toBe(401);
  });

  test('a second test of one name is a conflict; a second Default view breaks the list that asks for none', async () => {
    const body = JSON.stringify({ name: 'twice' });
    expect((await call('POST', '/api/test', { body })).status).toBe(200);
    expect((await call('POST', '/api/test', { body })).status).toBe(409);
    await upload();
    expect((await call('GET', '/api/dataset/list/byRun/1')).status).toBe(200);
    await call('POST', '/api/ui/view', {
      body: JSON.stringify({ name: 'Default', testId: 10, components: [] }),
    });
    expect((await call('GET', '/api/dataset/list/byRun/1')).status).toBe(500);
    expect((await call('GET', '/api/dataset/list/byRun/1?viewId=2')).status).toBe(200);
  });

  test('its pages say what they are and escape what was uploaded', async () => {
    await uploadSample({
      horreumUrl: horreum.url,
      apiKey: horreum.apiKey,
      repoFullName: '<b>o/r',
      pullRequestNumber: 1,
      jobId: 'j',
      appCommit: 'c',
    });
    await eventually(() => horreum.store.datasets.get(1)?.labels);
    const page = await (await fetch(`${horreum.url}/run/1`)).text();
    expect(page).toContain('Horreum stand-in.');
    expect(page).toContain('&lt;b&gt;o/r');
    expect(page).not.toContain('<b>o/r');
  });
});

describe('webhooks', () => {
  test('are posted once, whatever the answer; failures stand in the action log, a redirect does not', async () => {
    const failing = await receiver((response) => response.writeHead(500).end());
    const moving = await receiver((response) => response.writeHead(302, { location: '/elsewhere' }).end());
    const dropping = await receiver((response) => response.socket?.destroy());
    for (const { url } of [failing, moving, dropping]) await register(`${url}/hook`);
    await call('POST', '/api/action/allowedSites', { body: 'http://127.0.0.1:1/', type: 'text/plain' });
    await register('http://127.0.0.1:1/refused');
    await upload();
    await eventually(() => horreum.hooks.length === 4 && horreum.hooks.every(({ outcome }) => outcome));
    expect([failing, moving, dropping].map(({ received }) => received.length)).toEqual([1, 1, 1]);
    const log = (await (await call('GET', '/api/log/action/10?level=3')).json()) as {
      message: string;
      event: string;
    }[];
    expect(new Set(log.map(({ message }) => message))).toEqual(
      new Set([
        'Failed to POST http://127.0.0.1:1/refused: Connection refused: /127.0.0.1:1',
        `Failed to POST ${dropping.url}/hook: Connection was closed`,
        `Failed to POST ${failing.url}/hook: Failed to POST ${failing.url}/hook, response 500: `,
      ]),
    );
    expect(new Set(log.map(({ event }) => event))).toEqual(new Set(['RUN_NEW']));
  });

  test('a receiver that never answers takes all 20 connections, and every other event to it waits', async () => {
    const held: ServerResponse[] = [];
    const hanging = await receiver((response) => held.push(response));
    await register(`${hanging.url}/run`);
    await register(`${hanging.url}/labels`, 'dataset_labels/computed');
    for (let count = 0; count < 21; count++) await upload();
    await eventually(() => horreum.hooks.length === 42 && held.length === 20);
    expect(horreum.hooks.filter(({ outcome }) => outcome)).toEqual([]);
    await eventually(() => {
      held.splice(0).forEach((response) => response.writeHead(204).end());
      return hanging.received.length === 42;
    });
  });

  test('the address is checked as it was written, and filled in from the body', async () => {
    const open = await receiver();
    expect((await register('http://elsewhere.example/')).status).toBe(400);
    await register(
      `${open.url}/\${$.testid}/\${$.data.state.REPO_FULL_NAME}/\${$.nope}?c=\${$.data.state.APP_COMMIT}#frag`,
    );
    await upload();
    await eventually(() => open.received.length === 1);
    expect(open.received[0]?.path).toBe('/10/o/r/null?c=c');
  });

  test('switching an action off deletes it; one that was imported can only be deleted', async () => {
    const open = await receiver();
    const { id, ...action } = (await (await register(`${open.url}/x`)).json()) as { id: number };
    const off = (body: object) =>
      call('PUT', '/api/action', { body: JSON.stringify({ ...body, active: false }) });
    expect((await off({ id, ...action })).status).toBe(204);
    expect(await (await call('GET', '/api/action/test/10')).json()).toEqual([]);
    const imported = { id: 9, event: 'run/new', type: 'http', config: { url: 'http://not.allowed/' } };
    await call('POST', '/api/test/import', { body: JSON.stringify({ name: 'old', actions: [imported] }) });
    const [kept] = (await (await call('GET', '/api/action/test/11')).json()) as [{ id: number }];
    expect((await off(kept)).status).toBe(400);
    expect((await call('DELETE', `/api/action/${kept.id}`)).status).toBe(204);
  });
});

describe('the seeded past', () => {
  test('is the same for the same seed, spread like real runs, and fires nothing', async () => {
    const seed = { testId: 10, runs: 25, repoFullName: 'o/r', jobId: 'j' };
    const other = await startHorreumStandIn();
    const means = async ({ url }: HorreumStandIn) => {
      const entries = (await (await fetch(`${url}/api/test/10/labelValues`)).json()) as {
        values: Record<string, number>;
      }[];
      return entries.map(({ values }) => values['gs.mean_response_time'] ?? NaN);
    };
    try {
      other.seedSampleProject();
      other.seedBaseline(seed);
      horreum.seedBaseline(seed);
      const values = await means(horreum);
      expect(values).toEqual(await means(other));
      const centre = values.reduce((sum, value) => sum + value, 0) / values.length;
      const spread =
        Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / values.length) / centre;
      expect(spread).toBeGreaterThan(0.005);
      expect(spread).toBeLessThan(0.04);
      expect(horreum.hooks).toEqual([]);
    } finally {
      await other.close();
    }
  });
});
