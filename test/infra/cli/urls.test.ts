/** `horreum url` and `perflab url`: the exact URL, alone, from a running bot and without one. */
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createHandler } from '../../../functions/horreum-webhook.ts';
import { createHandler as createPerflabHandler } from '../../../functions/perflab-webhook.ts';
import { pathMatcher } from '../../../infra/local/stand-in/router.ts';
import type { HttpEvent } from '../../../lib/http/api-gateway.ts';
import { createLog } from '../../../lib/log.ts';
import { perfBot } from './run-cli.ts';

const SECRET = 'a-secret-of-the-operator';
let folder: string;
let port: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perf-bot-urls-'));
  await mkdir(join(folder, 'projects'));
  await writeFile(
    join(folder, 'projects', 'shop.yaml'),
    'repoFullName: Acme/Shop\njobs:\n  smoke: {platformJobId: smoke, datastoreConfig: {testId: 10}}\n  plain: {platformJobId: plain}\n',
  );
  // A port on which certainly nobody listens.
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = String((server.address() as AddressInfo).port);
  await new Promise((resolve) => server.close(resolve));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const cli = (args: string[], env: Record<string, string> = {}) =>
  perfBot(args, {
    cwd: folder,
    env: { PORT: port, PROJECTS_DIR: 'projects', URL_TOKEN_SECRET: SECRET, ...env },
  });

const door = {
  tokenSecrets: () => Promise.resolve([SECRET]),
  runs: { send: () => Promise.resolve() },
  log: createLog(() => undefined),
  countForged: () => undefined,
  acceptUnsigned: false,
};

function post(url: string, route: string): HttpEvent {
  const path = new URL(url).pathname;
  return {
    headers: {},
    body: '{}',
    isBase64Encoded: false,
    rawPath: path,
    pathParameters: pathMatcher(route)(path) ?? {},
    requestContext: { http: { method: 'POST' } },
  } as unknown as HttpEvent;
}

test('without a running bot the URL comes from the project’s file, and the door takes it', async () => {
  const { exitCode, stdout } = await cli(['horreum', 'url', 'acme/shop', 'smoke']);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(new RegExp(`^http://localhost:${port}/horreum/[^/]+/dataset_labels/computed\n$`));
  const answer = await createHandler(door)(post(stdout.trim(), '/horreum/{token}/{event+}'));
  expect(answer.statusCode).toBe(202);
});

test('the event, PUBLIC_URL and --json', async () => {
  const { stdout } = await cli(['horreum', 'url', 'acme/shop', 'smoke', '--event', 'run/new', '--json'], {
    PUBLIC_URL: 'https://perf.example.com/',
  });
  const answer = JSON.parse(stdout) as { url: string };
  expect(answer).toMatchObject({ job: 'smoke', testId: '10', event: 'run/new' });
  expect(answer.url).toMatch(/^https:\/\/perf\.example\.com\/horreum\/[^/]+\/run\/new$/);
});

test('the callback’s URL, and what a lab that signs needs', async () => {
  const { stdout } = await cli(['perflab', 'url', 'acme/shop']);
  const answer = await createPerflabHandler(door)(post(stdout.trim(), '/job/{token}'));
  expect(answer.statusCode).toBe(202);
  const signed = await cli(['perflab', 'url', 'acme/shop', '--signed', '--json']);
  expect(signed.json()).toEqual({ url: `http://localhost:${port}/job`, secret: expect.any(String) });
});

test('a secret that nobody set is made, as the local server makes it, and kept to its owner', async () => {
  const first = await cli(['perflab', 'url', 'acme/shop'], { URL_TOKEN_SECRET: '', DATA_DIR: 'data' });
  const path = join(folder, 'data', 'url-token-secret');
  expect((await readFile(path, 'utf8')).length).toBeGreaterThan(30);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const second = await cli(['perflab', 'url', 'acme/shop'], { URL_TOKEN_SECRET: '', DATA_DIR: 'data' });
  expect(second.stdout).toBe(first.stdout);
});

test('.env is not needed to say what is missing', async () => {
  const unknown = await cli(['horreum', 'url', 'acme/elsewhere', 'smoke']);
  expect(unknown).toMatchObject({ exitCode: 1, stdout: '' });
  expect(unknown.stderr).toContain('there is none for acme/elsewhere');
  const near = await cli(['horreum', 'url', 'acme/shop', 'smok']);
  expect(near.stderr).toContain('Did you mean smoke?');
  expect((await cli(['horreum', 'url', 'acme/shop', 'plain'])).exitCode).toBe(1);
  expect((await cli(['horreum', 'url', 'acme/shop', 'smoke', '--event', 'run/old'])).exitCode).toBe(2);
  expect((await cli(['horreum', 'url', 'shop', 'smoke'])).exitCode).toBe(2);
});

test('a deployment that does not answer is said, never replaced by a guess', async () => {
  const { exitCode, stdout, stderr } = await cli(['perflab', 'url', 'acme/shop'], {
    PERF_BOT_API_URL: `http://127.0.0.1:${port}`,
    PERF_BOT_ADMIN_TOKEN: 'x',
  });
  expect(exitCode).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain('No Perf Bot answers');
});
