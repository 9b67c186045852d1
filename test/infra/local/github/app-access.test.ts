/** The App's JWT, installation tokens, permissions, versions and limits. */
import { afterEach, expect, test } from '@jest/globals';
import { App } from '@octokit/app';
import { Octokit } from '@octokit/core';
import { createSign, generateKeyPairSync } from 'node:crypto';
import { APP_ID, privateKey, refusalOf, startedStandIn, type Started } from './started-stand-in.ts';

let started: Started;
afterEach(() => started.close());

const PULL = 'GET /repos/{owner}/{repo}/pulls/{pull_number}';
const COMMENTS = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';
const TOKENS = 'POST /app/installations/{installation_id}/access_tokens';

function jwt(claims: Record<string, unknown>, key = privateKey): string {
  const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const head = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${head}.${createSign('RSA-SHA256').update(head).sign(key, 'base64url')}`;
}

function get(path: string, headers: Record<string, string> = {}) {
  return fetch(`${started.github.url}${path}`, { headers });
}

test('it says of itself, in words and in a header, that it is a stand-in', async () => {
  started = await startedStandIn();
  const answer = await get('/');
  expect(((await answer.json()) as { message: string }).message).toContain('stand-in for the GitHub API');
  expect(answer.headers.get('x-stand-in')).toBe('GitHub stand-in');
  expect((await get('/nothing/here')).headers.get('x-stand-in')).toBe('GitHub stand-in');
});

test('an App finds itself and its installation, and gets a token of about 520 characters for an hour', async () => {
  started = await startedStandIn();
  const { app, github, repo } = started;
  expect((await app.octokit.request('GET /app')).data).toMatchObject({ id: APP_ID, slug: 'perf-bot' });
  const { data } = await app.octokit.request('GET /repos/{owner}/{repo}/installation', repo);
  const token = await app.octokit.request(TOKENS, { installation_id: data.id });
  expect(token.status).toBe(201);
  expect(token.data.token).toMatch(/^ghs_[A-Za-z0-9._]{510,530}$/);
  const lifeMs = Date.parse(token.data.expires_at) - Date.now();
  expect(lifeMs).toBeGreaterThan(3_590_000);
  expect(lifeMs).toBeLessThanOrEqual(3_600_000);
  expect(github.calls.map(({ path }) => path)).toContain('/repos/acme/app/installation');
});

test('a wrong key, a stale or a too long JWT is refused', async () => {
  started = await startedStandIn();
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
  const now = Math.floor(Date.now() / 1000);
  const claims = { iat: now - 60, exp: now + 500, iss: APP_ID };
  const messageOf = async (token: string) => {
    const answer = await get('/app', { authorization: `Bearer ${token}` });
    return `${answer.status} ${((await answer.json()) as { message: string }).message}`;
  };
  expect(await messageOf(jwt(claims))).toMatch(/^200/);
  expect(await messageOf(jwt(claims, other))).toBe('401 A JSON web token could not be decoded');
  expect(await messageOf(jwt({ ...claims, exp: now - 1 }))).toContain(
    "401 'Expiration time' claim ('exp') must be a numeric",
  );
  expect(await messageOf(jwt({ ...claims, exp: now + 3600 }))).toContain('too far in the future');
  expect(await messageOf(jwt({ ...claims, iat: now + 600 }))).toContain("'Issued at' claim ('iat')");
  expect(await messageOf(jwt({ ...claims, iss: 1 }))).toBe('404 Integration not found');
});

test('an unknown, an ended and a missing token are 401', async () => {
  let nowMs = Date.now();
  started = await startedStandIn({ nowMs: () => nowMs });
  const { github, app } = started;
  const { data } = await app.octokit.request(TOKENS, { installation_id: github.installation().id });
  const withToken = (token: string) => get('/repos/acme/app', { authorization: `token ${token}` });
  expect((await withToken(data.token)).status).toBe(200);
  nowMs += 3_600_001;
  const ended = await withToken(data.token);
  expect([ended.status, ((await ended.json()) as { message: string }).message]).toEqual([
    401,
    'Bad credentials',
  ]);
  expect((await withToken('ghs_invented')).status).toBe(401);
  expect((await get('/repos/acme/app')).status).toBe(401);
});

test('a token can be narrowed, never widened, and then sees only what it names', async () => {
  started = await startedStandIn();
  const { github, app, repository, repo } = started;
  const other = github.addRepository({ owner: 'acme', name: 'other' });
  const installation_id = github.installation().id;
  const { data } = await app.octokit.request(TOKENS, {
    installation_id,
    repository_ids: [repository.id],
    permissions: { checks: 'write' },
  });
  const narrow = new Octokit({ baseUrl: github.url, auth: data.token });
  expect(
    (await refusalOf(narrow.request('GET /repos/{owner}/{repo}', { owner: 'acme', repo: other.name })))
      .status,
  ).toBe(404);
  const refused = await refusalOf(narrow.request(PULL, { ...repo, pull_number: 1 }));
  expect(refused).toMatchObject({
    status: 403,
    message: expect.stringContaining('Resource not accessible by integration'),
  });
  expect(refused.headers['x-accepted-github-permissions']).toBe('pull_requests=read');
  const wider = app.octokit.request(TOKENS, { installation_id, permissions: { administration: 'write' } });
  expect((await refusalOf(wider)).status).toBe(422);
});

test('a suspended installation gets no token, a deleted one is 404', async () => {
  started = await startedStandIn();
  const { github, app } = started;
  const installation_id = github.installation().id;
  github.changeInstallation('acme/app', 'suspend');
  const refused = await refusalOf(app.octokit.request(TOKENS, { installation_id }));
  expect(refused).toMatchObject({
    status: 403,
    message: expect.stringContaining('This installation has been suspended'),
  });
  github.changeInstallation('acme/app', 'deleted');
  expect((await refusalOf(app.octokit.request(TOKENS, { installation_id }))).status).toBe(404);
});

test('an unknown API version is 400; a newer one has no merge_commit_sha', async () => {
  started = await startedStandIn();
  const { bot, repo } = started;
  const ask = (version: string) =>
    bot.request(PULL, { ...repo, pull_number: 1, headers: { 'x-github-api-version': version } });
  expect((await ask('2022-11-28')).data).toHaveProperty('merge_commit_sha');
  expect((await ask('2026-03-10')).data).not.toHaveProperty('merge_commit_sha');
  expect((await refusalOf(ask('1999-01-01'))).status).toBe(400);
});

test('the primary limit counts down and then refuses until it resets', async () => {
  let nowMs = Date.now();
  started = await startedStandIn({ rateLimits: { perHour: 2 }, nowMs: () => nowMs });
  const { bot, repo } = started;
  const first = await bot.request(PULL, { ...repo, pull_number: 1 });
  expect(first.headers).toMatchObject({ 'x-ratelimit-limit': '2', 'x-ratelimit-remaining': '1' });
  await bot.request(PULL, { ...repo, pull_number: 1 });
  const refused = await refusalOf(bot.request(PULL, { ...repo, pull_number: 1 }));
  expect(refused).toMatchObject({ status: 403, headers: { 'x-ratelimit-remaining': '0' } });
  expect(Number(refused.headers['x-ratelimit-reset']) * 1000).toBeGreaterThan(nowMs);
  nowMs += 3_600_001;
  const now = Math.floor(nowMs / 1000);
  const bearer = jwt({ iat: now, exp: now + 60, iss: APP_ID });
  const installation = `${started.github.url}/app/installations/${started.github.installation().id}`;
  const fresh = await fetch(`${installation}/access_tokens`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}` },
  });
  const { token } = (await fresh.json()) as { token: string };
  expect((await get('/repos/acme/app', { authorization: `token ${token}` })).status).toBe(200);
});

test('the secondary limit answers 403 with retry-after', async () => {
  started = await startedStandIn();
  const { bot, repo, github } = started;
  github.rateLimits.contentPerMinute = 1;
  const write = () => bot.request(COMMENTS, { ...repo, issue_number: 1, body: 'x' });
  await refusalOf(Promise.all([write(), write()]));
  const refused = await refusalOf(write());
  expect(refused).toMatchObject({
    status: 403,
    message: expect.stringContaining('secondary rate'),
    headers: { 'retry-after': '60' },
  });
});

test('an unchanged answer is 304 and free', async () => {
  started = await startedStandIn();
  const { bot, repo } = started;
  const first = await bot.request(PULL, { ...repo, pull_number: 1 });
  const again = bot.request(PULL, {
    ...repo,
    pull_number: 1,
    headers: { 'if-none-match': first.headers.etag },
  });
  expect((await refusalOf(again)).status).toBe(304);
  const third = await bot.request(PULL, { ...repo, pull_number: 1 });
  expect(Number(first.headers['x-ratelimit-used']) + 1).toBe(Number(third.headers['x-ratelimit-used']));
});

test('faults strike once: before the effect, after it, or as a cut connection', async () => {
  started = await startedStandIn();
  const { bot, repo, github } = started;
  const write = () => bot.request(COMMENTS, { ...repo, issue_number: 1, body: 'x', request: { retries: 0 } });
  github.faults.push(
    { match: /^POST .*\/comments$/, status: 502 },
    { match: /^POST .*\/comments$/, status: 500, afterEffect: true },
    { match: /^POST .*\/comments$/, closeSocket: true, afterEffect: true },
  );
  expect((await refusalOf(write())).status).toBe(502);
  expect(github.pull(1).comments).toHaveLength(0);
  expect((await refusalOf(write())).status).toBe(500);
  expect(github.pull(1).comments).toHaveLength(1);
  await refusalOf(write());
  expect(github.pull(1).comments).toHaveLength(2);
  expect((await write()).status).toBe(201);
  expect(github.calls.slice(-4).map(({ status }) => status)).toEqual([502, 500, 0, 201]);
});

test('extra routes are tried first and see who asks', async () => {
  started = await startedStandIn({
    extraRoutes: [
      ({ path, authenticate }) =>
        path.endsWith('/dispatches') ? { status: 200, body: { caller: authenticate().kind } } : undefined,
    ],
  });
  const { bot, repo } = started;
  const { data } = await bot.request('POST /repos/{owner}/{repo}/dispatches', { ...repo, event_type: 'x' });
  expect(data).toEqual({ caller: 'installation' });
  expect((await bot.request(PULL, { ...repo, pull_number: 1 })).status).toBe(200);
});

test('without a public key the claims of the JWT are still checked', async () => {
  const keyless = { publicKeyPem: undefined } as unknown as { publicKeyPem: string };
  started = await startedStandIn(keyless);
  const wrongId = new App({
    appId: APP_ID + 7,
    privateKey,
    Octokit: Octokit.defaults({ baseUrl: started.github.url }),
  });
  expect((await refusalOf(wrongId.octokit.request('GET /app'))).status).toBe(404);
});
