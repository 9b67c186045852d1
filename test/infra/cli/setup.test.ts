/** `setup`: the manifest flow with a browser's requests, and where the keys end. GitHub's side is played by a small server here. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { appManifest, gitHubWebUrl, newAppUrl } from '../../../infra/cli/setup/app-manifest.ts';
import { perfBot } from './run-cli.ts';

const { privateKey: PEM } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
let folder: string;
let outside: Awaited<ReturnType<typeof startOutside>>;

/** GitHub's conversion and hook configuration, and Secrets Manager, each as small as can be. */
async function startOutside() {
  const state = {
    codes: new Set(['good-code']),
    hook: undefined as Record<string, unknown> | undefined,
    webhookSecret: 'made-by-github' as string | null,
    secrets: new Map<string, string>([
      ['perf-bot/github-app', '{}'],
      ['perf-bot/webhook', '{"urlTokenSecret":"kept"}'],
    ]),
    refusePut: false,
  };
  const server: Server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const answer = (status: number, body: unknown) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      const code = /^\/app-manifests\/([^/]+)\/conversions$/.exec(request.url ?? '')?.[1];
      if (code !== undefined) {
        if (!state.codes.delete(code)) return answer(404, { message: 'Not Found' });
        const html_url = 'https://github.example/apps/perf-bot-of-acme';
        const secret = { webhook_secret: state.webhookSecret, pem: PEM };
        return answer(201, { id: 4711, slug: 'perf-bot-of-acme', html_url, ...secret });
      }
      if (request.url === '/app/hook/config') {
        state.hook = JSON.parse(text) as Record<string, unknown>;
        return answer(200, {});
      }
      const target = String(request.headers['x-amz-target']);
      const { SecretId, SecretString } = JSON.parse(text) as { SecretId: string; SecretString: string };
      const known = state.secrets.get(SecretId);
      if (known === undefined) return answer(400, { __type: 'ResourceNotFoundException' });
      if (target.endsWith('GetSecretValue')) return answer(200, { SecretString: known });
      if (state.refusePut) return answer(400, { __type: 'AccessDeniedException' });
      state.secrets.set(SecretId, SecretString);
      return answer(200, {});
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { state, url, close };
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perf-bot-setup-'));
  outside = await startOutside();
});
afterEach(async () => {
  await outside.close();
  await rm(folder, { recursive: true, force: true });
});

/** Runs setup with a browser that opens the page and goes where `visit` says. */
async function setUp(
  args: string[],
  visit: (page: { url: string; action: string; manifest: any; state: string }) => Promise<void>, // eslint-disable-line @typescript-eslint/no-explicit-any -- free JSON
  env: Record<string, string> = {},
) {
  let visited: Promise<void> = Promise.resolve();
  const ran = await perfBot(['setup', ...args], {
    cwd: folder,
    env: { GITHUB_API_URL: outside.url, PUBLIC_URL: 'https://perf.example.com', ...env },
    openInBrowser(url) {
      visited = (async () => {
        const html = unescape(await (await fetch(url)).text());
        const action = /action="([^"]+)"/.exec(html)?.[1] ?? '';
        const manifest = JSON.parse(/name="manifest" value="(\{.*\})"/.exec(html)?.[1] ?? '{}') as unknown;
        await visit({ url, action, manifest, state: new URL(action).searchParams.get('state') ?? '' });
      })();
    },
  });
  await visited;
  return ran;
}
const unescape = (html: string) =>
  html.replace(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code)));
const comeBack = async (
  { manifest, state }: { manifest: { redirect_url: string }; state: string },
  code = 'good-code',
) => {
  const answer = await fetch(`${manifest.redirect_url}?code=${code}&state=${state}`);
  return { status: answer.status, text: await answer.text() };
};

test('registers the App and stores its keys in .env, for its owner only, beside what is there', async () => {
  await writeFile(join(folder, '.env'), '# mine\nPORT=4000\nGITHUB_WEBHOOK_SECRET=old\n');
  let shown = '';
  const { exitCode, stdout, stderr } = await setUp(['--org', 'acme', '--json'], async (page) => {
    expect(page.action).toMatch(/\/organizations\/acme\/settings\/apps\/new\?state=[\w-]{32}$/);
    shown = (await comeBack(page)).text;
  });
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    ok: true,
    app: { id: '4711', slug: 'perf-bot-of-acme' },
    installUrl: 'https://github.example/apps/perf-bot-of-acme/installations/new',
  });
  expect(shown).toContain('https://github.example/apps/perf-bot-of-acme/installations/new');
  for (const text of [stdout, stderr, shown]) expect(text).not.toMatch(/PRIVATE KEY|made-by-github/);

  const text = await readFile(join(folder, '.env'), 'utf8');
  expect(text).toMatch(/^# mine\nPORT=4000\n/);
  const stored = parseEnv(text);
  expect(stored['GITHUB_PRIVATE_KEY']?.replace(/\\n/g, '\n').trim()).toBe(PEM.trim());
  expect(stored).toMatchObject({
    GITHUB_APP_ID: '4711',
    GITHUB_WEBHOOK_SECRET: 'made-by-github',
    PORT: '4000',
  });
  expect((await stat(join(folder, '.env'))).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(['.env']);
  expect(outside.state.hook).toEqual({
    url: 'https://perf.example.com/github',
    content_type: 'json',
    secret: 'made-by-github',
  });
});

test('a code with another state is refused, and the right one is still taken after it', async () => {
  const { exitCode } = await setUp([], async (page) => {
    expect((await comeBack({ ...page, state: 'forged' })).status).toBe(400);
    expect((await comeBack({ ...page, state: '' })).status).toBe(400);
    expect(outside.state.codes.has('good-code')).toBe(true);
    expect((await comeBack(page)).status).toBe(200);
  });
  expect(exitCode).toBe(0);
});

test('a code that GitHub does not know ends it with what to do', async () => {
  const { exitCode, stderr } = await setUp([], async (page) => {
    expect((await comeBack(page, 'too-old')).status).toBe(502);
  });
  expect(exitCode).toBe(1);
  expect(stderr).toContain('older than an hour');
  expect(await readdir(folder)).toEqual([]);
});

test('where GitHub makes no webhook secret, one is made and entered there', async () => {
  outside.state.webhookSecret = null;
  await setUp([], async (page) => void (await comeBack(page)));
  const { GITHUB_WEBHOOK_SECRET } = parseEnv(await readFile(join(folder, '.env'), 'utf8'));
  expect(GITHUB_WEBHOOK_SECRET).toMatch(/^[0-9a-f]{64}$/);
  expect(outside.state.hook?.['secret']).toBe(GITHUB_WEBHOOK_SECRET);
});

const AWS = { AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'eu-west-1' };

test('on AWS the two secrets are filled, and the URL token secret is kept', async () => {
  const { exitCode } = await setUp(['--aws'], async (page) => void (await comeBack(page)), {
    ...AWS,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: outside.url,
  });
  expect(exitCode).toBe(0);
  const secret = (name: string) => JSON.parse(outside.state.secrets.get(name) ?? '') as unknown;
  expect(secret('perf-bot/github-app')).toEqual({ appId: '4711', privateKey: PEM });
  expect(secret('perf-bot/webhook')).toEqual({
    githubWebhookSecret: 'made-by-github',
    urlTokenSecret: 'kept',
  });
  expect(await readdir(folder)).toEqual([]);
});

test('keys that can’t be stored are not lost: they are in a file for their owner only', async () => {
  outside.state.refusePut = true;
  const { exitCode, stderr } = await setUp(['--aws'], async (page) => void (await comeBack(page)), {
    ...AWS,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: outside.url,
  });
  expect(exitCode).toBe(1);
  expect(stderr).toContain('perf-bot-app-4711.json');
  const path = join(folder, 'perf-bot-app-4711.json');
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ appId: '4711', privateKey: PEM });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('an App that is stored is replaced only if asked to; GitHub must be able to reach the bot', async () => {
  await writeFile(join(folder, '.env'), 'GITHUB_APP_ID=1\n');
  const visit = () => Promise.reject(new Error('no page was to be opened'));
  expect(await setUp([], visit)).toMatchObject({ exitCode: 1 });
  const { exitCode, stderr } = await setUp(['--replace'], visit, {
    GITHUB_API_URL: 'https://api.github.com',
    PUBLIC_URL: '',
  });
  expect(exitCode).toBe(2);
  expect(stderr).toContain('GitHub cannot reach http://localhost:3000');
});

test('the manifest asks for the least, and more only where it is wanted', () => {
  const base = { name: 'Perf Bot', publicUrl: 'https://p', redirectUrl: 'http://l', webhook: true };
  expect(appManifest({ ...base, teams: false, actions: false })).toMatchObject({
    public: false,
    hook_attributes: { url: 'https://p/github', active: true },
    default_permissions: {
      metadata: 'read',
      issues: 'read',
      pull_requests: 'write',
      checks: 'write',
      contents: 'read',
    },
  });
  const wide = appManifest({ ...base, webhook: false, teams: true, actions: true });
  expect(wide).toMatchObject({
    hook_attributes: { active: false },
    default_permissions: { members: 'read', actions: 'write' },
    default_events: expect.arrayContaining(['issue_comment', 'pull_request', 'workflow_run']),
  });
});

test.each([
  ['https://api.github.com', 'https://github.com'],
  ['https://git.example.com/api/v3', 'https://git.example.com'],
  ['https://api.acme.ghe.com', 'https://acme.ghe.com'],
  ['http://127.0.0.1:4000', 'http://127.0.0.1:4000'],
])('the web address of %s is %s', (api, web) => {
  expect(gitHubWebUrl(api)).toBe(web);
  expect(newAppUrl(web, undefined, 's')).toBe(`${web}/settings/apps/new?state=s`);
});
