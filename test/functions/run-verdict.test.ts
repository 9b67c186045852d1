/** GET /runs/{runKey} over the local system: public verdicts to anybody, private ones by token, rate-limited, silent about the rest. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createDocumentTable } from '../../lib/aws/document-table.ts';
import { createDynamoProjectStore } from '../../lib/aws/dynamo-project-store.ts';
import { createDynamoRunStore } from '../../lib/aws/dynamo-run-store.ts';
import type { ProjectStore } from '../../lib/bot/projects/project-store.ts';
import type { RunStore } from '../../lib/bot/record/run-store.ts';
import { urlToken } from '../../lib/http/url-token.ts';
import { tableConfig } from '../../lib/wiring/aws.ts';
import { createLocalEnvironment, type LocalEnvironment } from '../../infra/local/server/local-environment.ts';
import { startLocalServer, type LocalServer } from '../../infra/local/server/local-server.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aProject } from '../lib/bot/a-project.ts';
import { aReport, aRun } from '../lib/bot/a-run.ts';

const SECRET = 'the secret of the URL tokens';
const key = (letter: string) => `pb-${letter.repeat(26)}`;
let folder: string;
let local: LocalEnvironment;
let server: LocalServer;
let runs: RunStore;
let projects: ProjectStore;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perf-bot-verdict-'));
  local = await createLocalEnvironment(
    { URL_TOKEN_SECRET: SECRET, PUBLIC_URL: 'http://localhost', SWEEP_INTERVAL_SECONDS: '3600' },
    { dataDir: undefined, secretsDir: folder, sink: () => undefined },
  );
  server = await startLocalServer(local, { port: 0 });
  const table = createDocumentTable('perf-bot', tableConfig(local.environment));
  runs = createDynamoRunStore(table, () => Date.now());
  projects = createDynamoProjectStore(table);
  await projects.put(aProject(), 0);
  const settled = { state: 'reported' as const, published: { settled: true }, report: aReport() };
  await runs.create(aRun({ ...settled, runKey: key('a') }));
  await runs.create(
    aRun({ ...settled, runKey: key('b'), repository: { id: 1, fullName: 'acme/shop', private: true } }),
  );
  await runs.create(aRun({ ...settled, runKey: key('c'), projectId: 'gone' }));
});
afterAll(async () => {
  await server.close();
  await local.close();
  await rm(folder, { recursive: true, force: true });
});

const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(`http://127.0.0.1:${server.port}/runs/${path}`, { method, headers });
const token = (projectId: string, secret = SECRET) => urlToken(secret, 'verdict', [projectId]);

test('a public repository’s verdict, cacheable by its version', async () => {
  const answer = await get(key('a'));
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({
    version: 1,
    run: key('a'),
    verdict: 'unchanged',
    metrics: [{ name: 'rt' }],
    metricsLeftOut: 0,
  });
  const etag = answer.headers.get('etag') ?? '';
  expect((await get(key('a'), { 'if-none-match': etag })).status).toBe(304);
  expect((await get(`${key('a')}-2`)).status).toBe(200);
  expect((await get(key('a'), {}, 'DELETE')).status).toBe(405);
});

describe('a private repository’s', () => {
  test('is there for the project’s token only', async () => {
    const { projectId } = aProject();
    expect((await get(key('b'), { authorization: `Bearer ${token(projectId)}` })).status).toBe(200);
    expect((await get(`${key('b')}?token=${token(projectId)}`)).status).toBe(200);
    for (const wrong of [
      token('other'),
      token(projectId, 'old secret'),
      urlToken(SECRET, 'perflab', [projectId]),
      'x',
      '',
    ])
      expect((await get(key('b'), { authorization: `Bearer ${wrong}` })).status).toBe(404);
  });

  test('looks from outside like a run that does not exist, and so does a removed project’s', async () => {
    const absent = await get(key('z'));
    const hidden = await get(key('b'));
    const gone = await get(key('c'));
    const texts = await Promise.all(
      [absent, hidden, gone].map(async (one) => `${one.status} ${await one.text()}`),
    );
    expect(new Set(texts).size).toBe(1);
  });

  test('once the repository was made private, what was public is not any more', async () => {
    const project = await projects.getById(aProject().projectId);
    if (!project) throw new Error('the project is not there');
    await projects.put({ ...project, isPrivate: true, version: 2 }, 1);
    expect((await get(key('a'))).status).toBe(404);
  });
});

test('too many questions are turned away for a while', async () => {
  let last = 200;
  let retryAfter: string | null = null;
  for (let asked = 0; asked < 130 && last !== 429; asked += 1) {
    const answer = await get(key('z'));
    last = answer.status;
    retryAfter = answer.headers.get('retry-after');
  }
  expect(last).toBe(429);
  expect(Number(retryAfter)).toBeGreaterThan(0);
  // Strangers behind the same proxy do not lock out who holds a token.
  const { projectId } = aProject();
  expect((await get(key('b'), { authorization: `Bearer ${token(projectId)}` })).status).toBe(200);
  expect((await get(key('b'), { authorization: `Bearer ${token(projectId, 'wrong')}` })).status).toBe(429);
});
