/** Webhooks as GitHub sends them: headers, signature, payload shapes, failures and redelivery. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { verify } from '@octokit/webhooks-methods';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { startedStandIn, WEBHOOK_SECRET, type Started } from './started-stand-in.ts';

let started: Started;
beforeEach(async () => {
  started = await startedStandIn();
  await started.github.webhooksSettled();
});
afterEach(() => started.close());

const PUBLISHED = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve('@octokit/webhooks-examples'), 'utf8'),
) as { name: string; examples: Record<string, unknown>[] }[];

function published(name: string, action: string): Record<string, unknown> {
  const examples = PUBLISHED.find((event) => event.name === name)?.examples ?? [];
  const ofADeployment = (example: Record<string, unknown>) =>
    JSON.stringify(example).includes('"deployment":');
  const fitting = examples.filter((example) => example['action'] === action && !ofADeployment(example));
  return fitting.find((example) => 'installation' in example) ?? fitting[0] ?? {};
}

/** Paths that the example has and the payload lacks. Null on either side says nothing more; permissions are each App's own. */
function missing(example: unknown, given: unknown, path = ''): string[] {
  if (path.endsWith('.permissions')) return [];
  if (example === null || typeof example !== 'object' || given === null) return [];
  if (typeof given !== 'object') return [path];
  if (Array.isArray(example)) {
    const [first] = example as unknown[];
    const [mine] = given as unknown[];
    return first === undefined || mine === undefined ? [] : missing(first, mine, `${path}[]`);
  }
  return Object.entries(example).flatMap(([key, value]) =>
    key in given
      ? missing(value, (given as Record<string, unknown>)[key], `${path}.${key}`)
      : [`${path}.${key}`],
  );
}

test('a comment fires a signed webhook with GitHub’s headers', async () => {
  const { github, receiver, pull, repository } = started;
  const comment = github.addComment(pull, 'ana', '/perf-bot help');
  await github.webhooksSettled();
  const [delivery] = receiver.of('issue_comment', 'created');
  expect(delivery?.headers).toMatchObject({
    'content-type': 'application/json',
    'x-github-hook-installation-target-type': 'integration',
    'x-github-hook-installation-target-id': '4711',
    'x-github-delivery': expect.stringMatching(/^[0-9a-f-]{36}$/),
    'user-agent': expect.stringMatching(/^GitHub-Hookshot\//),
  });
  const signature = String(delivery?.headers['x-hub-signature-256']);
  expect(await verify(WEBHOOK_SECRET, delivery?.raw ?? '', signature)).toBe(true);
  expect(await verify('another secret', delivery?.raw ?? '', signature)).toBe(false);
  expect(delivery?.body).toMatchObject({
    comment: { id: comment.id, body: '/perf-bot help', user: { login: 'ana', type: 'User' } },
    issue: { number: 1, pull_request: { url: expect.stringContaining('/pulls/1') } },
    sender: { login: 'ana' },
    repository: { id: repository.id, full_name: 'acme/app' },
    installation: { id: github.installation().id },
  });
});

test.each([
  ['issue_comment', 'created'],
  ['issue_comment', 'edited'],
  ['issue_comment', 'deleted'],
  ['pull_request', 'opened'],
  ['pull_request', 'synchronize'],
  ['pull_request', 'labeled'],
  ['pull_request', 'closed'],
  ['check_run', 'created'],
  ['check_run', 'completed'],
  ['check_run', 'requested_action'],
  ['check_run', 'rerequested'],
  ['check_suite', 'requested'],
  ['check_suite', 'rerequested'],
  ['installation', 'suspend'],
  ['installation', 'created'],
  ['installation_repositories', 'added'],
])('%s.%s has every field of the published example', async (event, action) => {
  const { github, pull, bot, repo, receiver } = started;
  github.setLabel(pull, 'perf', 'ana');
  const comment = github.addComment(pull, 'ana', 'one');
  github.editComment(comment, 'two');
  github.deleteComment(comment);
  const check = await bot.request('POST /repos/{owner}/{repo}/check-runs', {
    ...repo,
    name: 'perf / x',
    head_sha: pull.headSha,
    conclusion: 'success',
    actions: [{ label: 'Run again', description: 'Measures once more', identifier: 'rerun' }],
  });
  github.clickCheckAction(Number(check.data.id), 'rerun', 'ana');
  github.rerequestCheckRun(Number(check.data.id), 'ana');
  github.rerequestCheckSuite(pull, 'ana');
  github.pushTo(pull);
  github.closePullRequest(pull);
  github.changeInstallation('acme/app', 'suspend');
  github.changeInstallation('acme/app', 'created');
  github.setInstalled('acme/app', true);
  await github.webhooksSettled();
  const [delivery] = receiver.of(event, action);
  expect(delivery).toBeDefined();
  expect(missing(published(event, action), delivery?.body)).toEqual([]);
});

test('a plain issue has no pull_request', async () => {
  const { github, receiver, repository } = started;
  github.addComment(github.openIssue(repository, 'ana', 'A question'), 'ana', '/perf-bot run x');
  await github.webhooksSettled();
  expect(receiver.of('issue_comment', 'created')[0]?.body.issue).not.toHaveProperty('pull_request');
});

test('the bot’s own comment comes back as an event, sent by a Bot', async () => {
  const { bot, repo, receiver, github } = started;
  await bot.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
    ...repo,
    issue_number: 1,
    body: 'mine',
  });
  await github.webhooksSettled();
  expect(receiver.of('issue_comment', 'created')[0]?.body.sender).toMatchObject({
    login: 'perf-bot[bot]',
    type: 'Bot',
  });
});

test('an edit carries the old text and the editor', async () => {
  const { github, pull, receiver } = started;
  github.editComment(github.addComment(pull, 'ana', 'before'), 'after', 'ben');
  await github.webhooksSettled();
  expect(receiver.of('issue_comment', 'edited')[0]?.body).toMatchObject({
    changes: { body: { from: 'before' } },
    comment: { body: 'after', user: { login: 'ana' } },
    sender: { login: 'ben' },
  });
});

test('a push moves the head and says from where to where', async () => {
  const { github, pull, receiver, bot, repo } = started;
  const before = pull.headSha;
  const after = github.pushTo(pull);
  await github.webhooksSettled();
  expect(receiver.of('pull_request', 'synchronize')[0]?.body).toMatchObject({
    before,
    after,
    pull_request: { head: { sha: after } },
  });
  expect(receiver.of('check_suite', 'requested').at(-1)?.body.check_suite.head_sha).toBe(after);
  const { data } = await bot.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
    ...repo,
    pull_number: 1,
  });
  expect(data.head.sha).toBe(after);
});

test('a suspended or uninstalled repository sends nothing', async () => {
  const { github, pull, receiver, repository } = started;
  github.changeInstallation(repository, 'suspend');
  github.addComment(pull, 'ana', 'nobody hears');
  github.changeInstallation(repository, 'unsuspend');
  repository.installed = false;
  github.addComment(pull, 'ana', 'nor this');
  await github.webhooksSettled();
  expect(receiver.of('issue_comment', 'created')).toEqual([]);
});

test('deliveries are listed newest first, by cursor, and sent again with the same GUID', async () => {
  const { github, pull, app, receiver, answerWebhooksWith } = started;
  answerWebhooksWith(503);
  github.addComment(pull, 'ana', 'first try');
  await github.webhooksSettled();
  const page = await app.octokit.request('GET /app/hook/deliveries', { per_page: 1 });
  const [failed] = page.data;
  expect(failed).toMatchObject({
    event: 'issue_comment',
    action: 'created',
    status_code: 503,
    redelivery: false,
  });
  expect(failed?.status).not.toBe('OK');
  const cursor = /cursor=([^&>]+)/.exec(page.headers.link ?? '')?.[1] ?? '';
  const next = await app.octokit.request('GET /app/hook/deliveries', { per_page: 100, cursor });
  expect(next.data.map(({ id }) => id)).not.toContain(failed?.id);
  expect(next.data.length).toBeGreaterThan(0);

  answerWebhooksWith(202);
  const again = await app.octokit.request('POST /app/hook/deliveries/{delivery_id}/attempts', {
    delivery_id: Number(failed?.id),
  });
  expect(again.status).toBe(202);
  await github.webhooksSettled();
  const [one, two] = receiver.of('issue_comment', 'created');
  expect(two?.headers['x-github-delivery']).toBe(one?.headers['x-github-delivery']);
  expect(two?.raw).toBe(one?.raw);
  const [newest] = (await app.octokit.request('GET /app/hook/deliveries', { per_page: 1 })).data;
  expect(newest).toMatchObject({ guid: failed?.guid, redelivery: true, status: 'OK', status_code: 202 });
});

test('a delivery shows what was sent and answered', async () => {
  const { app, github } = started;
  const { id } = github.deliveries[0] ?? { id: 0 };
  const { data } = await app.octokit.request('GET /app/hook/deliveries/{delivery_id}', { delivery_id: id });
  expect(data.request.headers).toHaveProperty('X-GitHub-Event');
  expect(data.response.payload).toBe('queued');
});

test('a receiver that is not there counts as failed, without a code from 400 to 599', async () => {
  const { github, pull, app } = started;
  github.hook.url = 'http://127.0.0.1:1/nobody';
  github.addComment(pull, 'ana', 'hello?');
  await github.webhooksSettled();
  const [failed] = (await app.octokit.request('GET /app/hook/deliveries', { per_page: 1 })).data;
  expect(failed).toMatchObject({
    event: 'issue_comment',
    status: 'failed to connect to host',
    status_code: 0,
  });
  const failures = await app.octokit.request('GET /app/hook/deliveries', { status: 'failure' } as {
    per_page?: number;
  });
  expect(failures.data).toEqual([]);
});

test('faults lose a delivery or repeat it', async () => {
  const { github, pull, receiver } = started;
  github.webhookFaults.push(
    { match: /^issue_comment/, how: 'lose' },
    { match: /^issue_comment/, how: 'repeat' },
  );
  github.addComment(pull, 'ana', 'lost');
  github.addComment(pull, 'ana', 'twice');
  await github.webhooksSettled();
  const [one, two] = receiver.of('issue_comment', 'created');
  expect([one, two].map((received) => String(received?.body.comment.body))).toEqual(['twice', 'twice']);
  expect(one?.headers['x-github-delivery']).toBe(two?.headers['x-github-delivery']);
});

test('the App changes its webhook secret', async () => {
  const { github, pull, app, receiver } = started;
  const { data } = await app.octokit.request('PATCH /app/hook/config', { secret: 'the new one' });
  expect(JSON.stringify(data)).not.toContain('the new one');
  github.addComment(pull, 'ana', 'signed anew');
  await github.webhooksSettled();
  const [delivery] = receiver.of('issue_comment', 'created');
  const signature = String(delivery?.headers['x-hub-signature-256']);
  expect(await verify('the new one', delivery?.raw ?? '', signature)).toBe(true);
});
