/** The App's key is waited for, rotated while a function runs, and kept while the secret store is silent. */
import { createVerify, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { joinBot } from '../../../lib/wiring/workers.ts';
import type { GitHubAppKey } from '../../../lib/github/octokit-app.ts';
import type { BotEnvironment } from '../../../lib/wiring/environment.ts';

const APP_ID = '4242';
const REPOSITORY = { id: 1, fullName: 'acme/webshop' };
const keys = [newKey(), newKey()] as const;

/** Tokens that the App signed itself. */
const jwts: string[] = [];
let server: Server;
let gitHubUrl = '';
beforeAll(async () => {
  server = createServer((request, response) => {
    const bearer = /^bearer (.+\..+\..+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (bearer) jwts.push(bearer);
    const isToken = request.url?.endsWith('/access_tokens');
    const expires_at = new Date(Date.now() + 3_600_000).toISOString();
    const body = isToken ? { token: 'ghs_test', expires_at, permissions: {} } : { id: 7 };
    response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  gitHubUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => void (jwts.length = 0));

test('nothing of GitHub is possible without a key; once it is there, everything is', async () => {
  let key: GitHubAppKey | undefined = undefined;
  const react = reacting(() => Promise.resolve(key));
  await expect(react(1)).rejects.toThrow('id and private key are not set');
  key = { appId: APP_ID, privateKey: keys[0].pkcs1 };
  await react(1);
  expect(jwts.map(signer)).toEqual([0]);
});

test('a rotated key reaches a function that is already running', async () => {
  let privateKey = keys[0].pkcs1;
  const react = reacting(() => Promise.resolve({ appId: APP_ID, privateKey }));
  await react(1);
  privateKey = keys[1].pkcs8;
  await react(2);
  expect(jwts.map(signer)).toEqual([0, 1]);
});

test('while the secret store is silent it goes on with the key that it has', async () => {
  let answers = true;
  const react = reacting(() =>
    answers
      ? Promise.resolve({ appId: APP_ID, privateKey: keys[0].pkcs1 })
      : Promise.reject(new Error('down')),
  );
  await react(1);
  answers = false;
  await react(2);
  expect(jwts.map(signer)).toEqual([0, 0]);
});

test('a silent secret store is an error where no key was ever read', async () => {
  await expect(reacting(() => Promise.reject(new Error('down')))(1)).rejects.toThrow('down');
});

test('the App’s token names the App and is valid for ten minutes at most, by a clock that may be ahead', async () => {
  await reacting(() => Promise.resolve({ appId: APP_ID, privateKey: keys[0].pkcs1 }))(1);
  const [head, claims] = (jwts[0] ?? '')
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>);
  expect(head).toEqual({ alg: 'RS256', typ: 'JWT' });
  expect(claims?.['iss']).toBe(APP_ID);
  const [issued, expires] = [Number(claims?.['iat']), Number(claims?.['exp'])];
  expect(issued).toBeLessThan(Date.now() / 1000);
  expect(expires).toBeGreaterThan(Date.now() / 1000);
  expect(expires).toBeLessThanOrEqual(Date.now() / 1000 + 600);
});

/** Reacts on behalf of an installation; each has a token of its own, so each needs one of the App's. */
function reacting(gitHubApp: BotEnvironment['gitHubApp']) {
  const environment: BotEnvironment = {
    variables: {
      TABLE_NAME: 'table',
      RUNS_QUEUE_URL: 'http://127.0.0.1:9/runs',
      COMMANDS_QUEUE_URL: 'http://127.0.0.1:9/commands',
      GITHUB_API_URL: gitHubUrl,
    },
    sink: () => undefined,
    nowMs: () => Date.now(),
    gitHubWebhookSecrets: () => Promise.resolve([]),
    urlTokenSecrets: () => Promise.resolve([]),
    gitHubApp,
    projectSecrets: {
      get: () => Promise.resolve({}),
      put: () => Promise.resolve(),
      remove: () => Promise.resolve(),
    },
    labCa: () => Promise.resolve(undefined),
  };
  const deps = joinBot(environment, 'command-worker');
  return (installationId: number) => deps.gitHubOf(installationId).react(REPOSITORY, 7, 'eyes');
}

function newKey() {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = (type: 'pkcs1' | 'pkcs8') => privateKey.export({ type, format: 'pem' }).toString();
  return { publicKey, pkcs1: pem('pkcs1'), pkcs8: pem('pkcs8') };
}

/** Which of the keys signed it; -1: none. */
function signer(jwt: string): number {
  const [head, claims, signature = ''] = jwt.split('.');
  const isSignedBy = (key: KeyObject) =>
    createVerify('sha256').update(`${head}.${claims}`).verify(key, signature, 'base64url');
  return keys.findIndex(({ publicKey }) => isSignedBy(publicKey));
}
