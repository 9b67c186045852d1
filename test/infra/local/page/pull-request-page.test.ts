/** The page over HTTP: what it shows, what its forms do, and whom it refuses. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { servedPage, type ServedPage } from './served-page.ts';

let served: ServedPage;
beforeEach(async () => void (served = await servedPage()));
afterEach(() => served.close());

const CHECKS = 'POST /repos/{owner}/{repo}/check-runs';

test('says above everything that it is a stand-in', async () => {
  for (const address of [served.url, served.pullUrl]) {
    expect(await served.read(address)).toContain('Stand-in for GitHub – nothing here is real');
  }
});

test('lists the pull requests, and nothing else is its business', async () => {
  served.github.openPullRequest('acme/app', { author: 'ben', headRef: 'b', title: '<b>bold</b> & more' });
  const list = await served.read(served.url);
  expect(list).toContain('Make it faster');
  expect(list).toContain('&#60;b&#62;bold&#60;/b&#62; &#38; more');
  expect(list).toContain('href="/acme/app/pull/2"');
  for (const path of ['/acme/app/pull/99', '/acme/other/pull/1', '/nothing', '/acme/app/pull/1/files']) {
    expect((await fetch(`${served.url}${path}`)).status).toBe(404);
  }
});

test('shows title, state, branches and head', async () => {
  const { pull } = served;
  const text = await served.read();
  for (const part of ['Make it faster', '#1', 'Open', 'faster', 'main', pull.headSha])
    expect(text).toContain(part);
  served.github.mergePullRequest(pull, 'ben');
  expect(await served.entry('title')).toMatch(/class="state merged"/);
});

test('a comment shows author, reactions, edits, and is folded when outdated', async () => {
  const { github, pull } = served;
  const comment = github.addComment(pull, 'ana', 'first');
  github.addReaction(comment, 'ben', 'eyes');
  github.addReaction(comment, 'ana', 'eyes');
  github.editComment(comment, 'second');
  github.editComment(comment, 'third');
  const shown = await served.entry(`comment-${comment.id}`);
  expect(shown).toMatch(/👀\s*<span>2<\/span>/);
  expect(shown).toMatch(/edited\s+2 times/);
  expect(shown).toContain('third');
  expect(shown).not.toContain('second');
  comment.minimizedReason = 'outdated';
  expect(await served.entry(`comment-${comment.id}`)).toMatch(/hidden: <b>outdated<\/b>/);
});

test('the box of checks shows state, texts, and buttons only once completed', async () => {
  const { bot, repo, pull } = served;
  const actions = [{ label: 'Run again', description: 'Measures once more', identifier: 'rerun' }];
  const output = {
    title: 'Slower by 7 %',
    summary: '| a | b |\n|--|--|\n| 1 | 2 |',
    text: '<script>alert(1)</script>',
  };
  const check = { ...repo, head_sha: pull.headSha, name: 'perf / x', output, actions };
  const { data } = await bot.request(CHECKS, { ...check, status: 'in_progress' });
  const before = await served.entry('merge-box');
  expect(before).toMatch(/Some checks haven’t completed yet/);
  expect(before).not.toContain('Run again');
  const change = { ...repo, check_run_id: Number(data.id), conclusion: 'failure' as const };
  await bot.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', change);
  const after = await served.entry('merge-box');
  for (const part of [
    'Some checks were not successful',
    'icon-failure',
    'perf / x',
    'Slower by 7 %',
    '<table>',
    'Run again',
  ]) {
    expect(after).toContain(part);
  }
  expect(after).not.toContain('<script');
});

test('only the newest check of a name is shown', async () => {
  const { bot, repo, pull } = served;
  const check = { ...repo, head_sha: pull.headSha, name: 'perf / x' };
  await bot.request(CHECKS, { ...check, conclusion: 'failure' });
  await bot.request(CHECKS, { ...check, conclusion: 'success' });
  expect(await served.entry('merge-box')).toContain('All checks have passed');
});

test('a typed comment becomes a real one and its webhook is sent', async () => {
  const answer = await served.post('/comments', { login: 'ben', body: '/perf-bot help' });
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/acme/app/pull/1?as=ben']);
  await served.github.webhooksSettled();
  expect(served.receiver.of('issue_comment', 'created')[0]?.body).toMatchObject({
    comment: { body: '/perf-bot help' },
    sender: { login: 'ben' },
  });
  expect(await served.read(`${served.pullUrl}?as=ben`)).toMatch(/value="ben"\s+selected/);
});

test('buttons push, force-push, label, close, reopen and merge', async () => {
  const { pull } = served;
  const first = pull.headSha;
  await served.post('/push', { login: 'ana' });
  expect(pull.headSha).not.toBe(first);
  const second = pull.headSha;
  await served.post('/force-push', { login: 'ana' });
  expect(pull.headSha).not.toBe(second);
  await served.post('/label', { login: 'ben', 'new-label': 'perf' });
  expect(pull.labels.map(({ name }) => name)).toEqual(['perf']);
  await served.post('/unlabel', { login: 'ben', label: 'perf' });
  expect(pull.labels).toEqual([]);
  await served.post('/close', { login: 'ana' });
  expect(pull.state).toBe('closed');
  await served.post('/reopen', { login: 'ana' });
  expect(pull.state).toBe('open');
  await served.post('/merge', { login: 'ben' });
  expect(pull.mergedBy?.login).toBe('ben');
});

test('a click on a check’s button and on re-run reaches the App', async () => {
  const { bot, repo, pull, github, receiver } = served;
  const actions = [{ label: 'Run again', description: 'Measures once more', identifier: 'rerun' }];
  const { data } = await bot.request(CHECKS, {
    ...repo,
    head_sha: pull.headSha,
    name: 'x',
    conclusion: 'success',
    actions,
  });
  await served.post(`/checks/${data.id}/actions`, { login: 'ana', identifier: 'rerun' });
  await served.post(`/checks/${data.id}/rerequest`, { login: 'ana' });
  await github.webhooksSettled();
  expect(receiver.of('check_run', 'requested_action')[0]?.body.requested_action).toEqual({
    identifier: 'rerun',
  });
  expect(receiver.of('check_run', 'rerequested')).toHaveLength(1);
  expect(
    (await served.post(`/checks/${data.id}/actions`, { login: 'ana', identifier: 'other' })).status,
  ).toBe(422);
});

test('the link of a check run leads to its pull request', async () => {
  const { bot, repo, pull, github } = served;
  const { data } = await bot.request(CHECKS, { ...repo, head_sha: pull.headSha, name: 'x' });
  const path = (data.html_url ?? '').slice(github.url.length);
  const answer = await fetch(`${served.url}${path}`, { redirect: 'manual' });
  expect([answer.status, answer.headers.get('location')]).toEqual([302, '/acme/app/pull/1']);
});

test('another pull request is opened by a form', async () => {
  const body = new URLSearchParams({ title: 'From a fork', login: 'stranger', fork: 'on' });
  const answer = await fetch(`${served.url}/acme/app/pulls`, { method: 'POST', redirect: 'manual', body });
  expect(answer.headers.get('location')).toBe('/acme/app/pull/2');
  expect(served.github.pull(2).headRepository?.owner.login).toBe('stranger');
});

test.each([
  ['another origin', { origin: 'http://evil.example' }],
  ['a sandboxed page', { origin: 'null' }],
  ['another site by the browser’s word', { 'sec-fetch-site': 'cross-site' }],
  ['another port of this machine', { origin: 'http://127.0.0.1:1' }],
])('a form from %s is refused', async (_, headers) => {
  expect((await served.post('/comments', { login: 'ana', body: 'forged' }, headers)).status).toBe(422);
  expect(served.pull.comments).toEqual([]);
});

test('a form under a foreign host name is refused, though its origin fits', async () => {
  expect(await served.postAs('rebound.example', '/comments', { login: 'ana', body: 'forged' })).toBe(422);
  expect(await served.postAs('localhost', '/comments', { login: 'ana', body: 'typed' })).toBe(303);
  expect(served.pull.comments.map(({ body }) => body)).toEqual(['typed']);
});

test.each([
  ['nobody', { login: 'nobody', body: 'x' }],
  ['the bot', { login: 'perf-bot[bot]', body: 'x' }],
  ['somebody without words', { login: 'ana', body: ' ' }],
])('no comment of %s', async (_, fields) => {
  expect((await served.post('/comments', fields)).status).toBe(422);
  expect(served.pull.comments).toEqual([]);
});

test('the version changes with what is shown, and only then', async () => {
  const version = async () =>
    ((await (await fetch(`${served.pullUrl}/version`)).json()) as { version: string }).version;
  const first = await version();
  expect(await version()).toBe(first);
  expect(await served.read()).toContain(`data-version="${first}"`);
  served.github.addComment(served.pull, 'ana', 'news');
  expect(await version()).not.toBe(first);
});

test('scripts and styles run only with this answer’s nonce', async () => {
  const nonceOf = async () => {
    const answer = await fetch(served.pullUrl);
    const policy = answer.headers.get('content-security-policy') ?? '';
    const [, nonce = ''] = /script-src 'nonce-([^']+)'/.exec(policy) ?? [];
    expect(policy).toContain("default-src 'none'");
    const tags = [...(await answer.text()).matchAll(/<(?:script|style)\b[^>]*>/g)].map(([tag]) => tag);
    expect(tags).toHaveLength(2);
    for (const tag of tags) expect(tag).toContain(`nonce="${nonce}"`);
    return nonce;
  };
  const nonce = await nonceOf();
  expect(nonce.length).toBeGreaterThan(20);
  expect(await nonceOf()).not.toBe(nonce);
});
