/** GitHub, or a proxy in front of it, that answers what it never should: an outside system's error, never a wrong fact, a secret or a crash. */
import { generateKeyPairSync } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createGitHubApp } from '../../../lib/github/github-app.ts';
import { createGitHubClient } from '../../../lib/github/github-client.ts';
import { createGitHubAsApp } from '../../../lib/github/as-app.ts';
import { UpstreamError } from '../../../lib/http/upstream-error.ts';
import { createLog } from '../../../lib/log.ts';
import { startRawServer, type Call, type RawServer } from '../http/raw-server.ts';

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const TOKEN = 'ghs_0123456789abcdefghijklmnopqrstuvwxyz';
const REPOSITORY = { id: 1, fullName: 'acme/webshop' };

type Answers = (response: ServerResponse, call: Call) => unknown;
let gitHub: RawServer;
/** What is answered; undefined for what a healthy GitHub says. */
let answers: Answers | undefined;
beforeAll(async () => {
  gitHub = await startRawServer((response, call) => (answers ?? healthy)(response, call));
});
afterAll(() => gitHub.close());
beforeEach(() => void (answers = undefined));

const json = (response: ServerResponse, status: number, value: unknown) =>
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(typeof value === 'string' ? value : JSON.stringify(value));

const healthy: Answers = (response, { path }) => {
  if (path.endsWith('/access_tokens'))
    return json(response, 201, { token: TOKEN, expires_at: '2099-01-01T00:00:00Z', permissions: {} });
  if (path.endsWith('/installation')) return json(response, 200, { id: 7 });
  if (path.endsWith('/permission')) return json(response, 200, { permission: 'write', role_name: 'write' });
  if (path.includes('/memberships/')) return json(response, 200, { state: 'active' });
  return json(response, 200, { id: 1, full_name: 'acme/webshop', private: false });
};
const except =
  (part: RegExp, answer: Answers): Answers =>
  (response, call) =>
    (part.test(call.path) ? answer : healthy)(response, call);

function fresh() {
  const app = createGitHubApp({
    keyOf: () => Promise.resolve({ appId: '1', privateKey }),
    apiUrl: gitHub.url,
    nowMs: Date.now,
  });
  return { app, client: createGitHubClient(app, 7), hooks: createGitHubAsApp(app) };
}

async function failureOf(act: Promise<unknown>): Promise<UpstreamError> {
  const error = await act.then(
    (value) => new Error(`it answered ${JSON.stringify(value)}`),
    (caught: unknown) => caught,
  );
  if (!(error instanceof UpstreamError)) throw error;
  return error;
}

const redirect = (status: number, location: string): Answers => {
  return (response) => response.writeHead(status, { location }).end();
};
const UNREADABLE: [string, Answers][] = [
  ...[301, 302, 303, 307, 308].map((status): [string, Answers] => [
    `a ${status} to elsewhere`,
    redirect(status, 'https://elsewhere.example/x'),
  ]),
  ['a circle of redirects', (response, { path }) => response.writeHead(307, { location: path }).end()],
  ['a redirect to nowhere', (response) => response.writeHead(302).end()],
  ['a page', (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Log in')],
  ['broken JSON', (response) => json(response, 200, '{"permission":')],
  ['null', (response) => json(response, 200, 'null')],
  ['nothing', (response) => response.writeHead(200).end()],
];

describe.each(UNREADABLE)('%s', (_, answer) => {
  test('in place of a permission is no refusal of the person', async () => {
    answers = except(/permission|memberships/, answer);
    const { client } = fresh();
    expect(await failureOf(client.getPermission(REPOSITORY, 'ana'))).toMatchObject({ retryable: true });
    expect(await failureOf(client.isTeamMember('acme', 'perf', 'ana'))).toMatchObject({ retryable: true });
  });

  test('in place of a token, an installation or a new comment is an outside system’s error', async () => {
    answers = except(/access_tokens/, answer);
    expect(await failureOf(fresh().client.getPermission(REPOSITORY, 'ana'))).toMatchObject({
      retryable: true,
    });
    expect(await failureOf(fresh().app.accessTo('acme/webshop'))).toMatchObject({ retryable: true });
    answers = except(/installation$/, answer);
    expect(await failureOf(fresh().app.accessTo('acme/webshop'))).toMatchObject({ retryable: true });
    expect(await failureOf(fresh().hooks.findInstalledRepository('acme/webshop'))).toMatchObject({
      retryable: true,
    });
    answers = except(/comments$/, answer);
    expect(await failureOf(fresh().client.createComment(REPOSITORY, 1, 'x'))).toMatchObject({
      retryable: true,
    });
  });
});

test.each(['{}', '[]', '{"id":"x"}', '{"id":1e999}', '{"id":-1}', '{"__proto__":{"id":5},"full_name":5}'])(
  'an answer of %s says neither a permission nor an installation',
  async (text) => {
    answers = except(/installation$|permission$|memberships/, (response) => json(response, 200, text));
    const { client, hooks, app } = fresh();
    await failureOf(client.getPermission(REPOSITORY, 'ana'));
    await failureOf(client.isTeamMember('acme', 'perf', 'ana'));
    await failureOf(hooks.findInstalledRepository('acme/webshop'));
    await failureOf(app.accessTo('acme/webshop'));
    answers = except(/webshop$|access_tokens$/, (response, { path }) =>
      json(response, path.endsWith('tokens') ? 201 : 200, text),
    );
    await failureOf(fresh().hooks.findInstalledRepository('acme/webshop'));
  },
);

test('a renamed repository is followed, also when the question is a permission', async () => {
  answers = (response, call) =>
    call.path.startsWith('/repos/')
      ? redirect(301, call.path.replace('/repos/acme/webshop', '/repositories/1'))(response, call)
      : healthy(response, call);
  expect(await fresh().client.getPermission(REPOSITORY, 'ana')).toBe('write');
  expect(await fresh().app.accessTo('acme/webshop')).toMatchObject({ installationId: 7, token: TOKEN });
});

test('a stranger still has no permission, and is no member', async () => {
  answers = except(/permission|memberships/, (response) => json(response, 404, { message: 'Not Found' }));
  expect(await fresh().client.getPermission(REPOSITORY, 'eve')).toBe('none');
  expect(await fresh().client.isTeamMember('acme', 'perf', 'eve')).toBe(false);
});

test.each([0, 150, 175, 185, 195])(
  'who repeats the token is quoted and logged without it (after %i characters)',
  async (length) => {
    const before = 'x'.repeat(length);
    const lines: string[] = [];
    const log = createLog((line) => lines.push(line));
    answers = (response, call) =>
      call.path.endsWith('/access_tokens')
        ? healthy(response, call)
        : json(response, 400, { message: `${before} bad ${String(call.headers['authorization'])}` });
    const error = await failureOf(fresh().client.createComment(REPOSITORY, 1, 'x'));
    log.warn('x', { error, more: [error.message] });
    answers = (response, call) =>
      json(response, 400, { message: `${before} bad ${String(call.headers['authorization'])}` });
    const asApp = await failureOf(fresh().hooks.findInstalledRepository('acme/webshop'));
    log.warn('x', { error: asApp });
    expect(lines[0]).toContain('GitHub answered 400');
    expect(`${error.message} ${asApp.message} ${lines.join(' ')}`).not.toMatch(/ghs_|0123|eyJ/);
  },
);
