/** Check runs: validation, life, lists and buttons. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { refusalOf, startedStandIn, type Started } from './started-stand-in.ts';

let started: Started;
beforeEach(async () => void (started = await startedStandIn()));
afterEach(() => started.close());

async function create(more: Record<string, unknown> = {}) {
  const { bot, repo, pull } = started;
  const answer = await bot.request('POST /repos/{owner}/{repo}/check-runs', {
    ...repo,
    name: 'perf / x',
    head_sha: pull.headSha,
    ...more,
  });
  return { ...answer.data, id: Number(answer.data.id) };
}

async function update(check_run_id: number, changes: Record<string, unknown>) {
  const { bot, repo } = started;
  return (
    await bot.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', {
      ...repo,
      check_run_id,
      ...changes,
    })
  ).data;
}

test('a run is created, moved along, completed and read', async () => {
  const { bot, repo, github } = started;
  const run = await create({ external_id: 'pb-1', details_url: 'https://lab.example/1' });
  expect(run).toMatchObject({ status: 'queued', conclusion: null, external_id: 'pb-1', app: { id: 4711 } });
  expect(run.id).toBeGreaterThan(2 ** 32);
  expect((await update(run.id, { status: 'in_progress' })).status).toBe('in_progress');
  const done = await update(run.id, {
    conclusion: 'failure',
    output: { title: 'Slower', summary: '-7 %', text: '| a |' },
  });
  expect(done).toMatchObject({
    status: 'completed',
    conclusion: 'failure',
    completed_at: expect.any(String),
  });
  const { data } = await bot.request('GET /repos/{owner}/{repo}/check-runs/{check_run_id}', {
    ...repo,
    check_run_id: run.id,
  });
  expect(data).toMatchObject({
    output: { title: 'Slower', summary: '-7 %' },
    pull_requests: [{ number: 1 }],
  });
  expect(github.checkRuns(started.pull.headSha)).toHaveLength(1);
});

test('a completed run never goes back, but takes another conclusion', async () => {
  const { id } = await create({ conclusion: 'failure' });
  expect(await update(id, { status: 'in_progress' })).toMatchObject({
    status: 'completed',
    conclusion: 'failure',
  });
  expect(await update(id, { conclusion: 'neutral' })).toMatchObject({
    status: 'completed',
    conclusion: 'neutral',
  });
});

const action = { label: 'Run again', description: 'Measures once more', identifier: 'rerun' };
const words = (length: number) => 'w'.repeat(length);

test.each([
  ['no title', { output: { summary: 's' } }],
  ['no summary', { output: { title: 't' } }],
  ['a summary of 65,536 bytes', { output: { title: 't', summary: words(65_536) } }],
  [
    'a text of few characters and many bytes',
    { output: { title: 't', summary: 's', text: '▇'.repeat(21_846) } },
  ],
  ['four actions', { actions: [action, action, action, action] }],
  ['a long label', { actions: [{ ...action, label: words(21) }] }],
  ['a long description', { actions: [{ ...action, description: words(41) }] }],
  ['a long identifier', { actions: [{ ...action, identifier: words(21) }] }],
  ['an action without a description', { actions: [{ label: 'x', identifier: 'x' }] }],
  ['an unknown conclusion', { conclusion: 'meh' }],
  ['GitHub’s own conclusion', { conclusion: 'stale' }],
  ['completed without a conclusion', { status: 'completed' }],
  ['an unknown status', { status: 'waiting' }],
  ['an unknown commit', { head_sha: 'e'.repeat(40) }],
  ['a details_url that is no web address', { details_url: 'javascript:alert(1)' }],
])('%s is 422', async (_, body) => {
  expect((await refusalOf(create(body))).status).toBe(422);
  expect(started.github.checkRuns()).toEqual([]);
});

test('the limits themselves are allowed', async () => {
  const longest = { label: words(20), description: words(40), identifier: words(20) };
  const output = { title: 't', summary: words(65_535), text: words(65_535) };
  expect((await create({ conclusion: 'success', output, actions: [longest, action, action] })).status).toBe(
    'completed',
  );
});

test('filter=latest keeps the newest completed of a name; all finds every one', async () => {
  const { bot, repo, pull, github } = started;
  const old = await create({ external_id: 'one', conclusion: 'success' });
  await create({ external_id: 'two', status: 'in_progress' });
  github.addForeignCheckRun(pull, 'perf / x');
  const list = async (more: Record<string, unknown>) => {
    const at = { ...repo, ref: pull.headSha, app_id: 4711, check_name: 'perf / x', ...more };
    return (await bot.request('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', at)).data;
  };
  expect((await list({})).check_runs.map(({ id }) => Number(id))).toEqual([old.id]);
  expect((await list({ filter: 'all' })).check_runs.map(({ external_id }) => external_id)).toEqual([
    'one',
    'two',
  ]);
  expect((await list({ filter: 'all', per_page: 1 })).total_count).toBe(2);
  expect((await list({ filter: 'all', check_name: 'perf / y' })).total_count).toBe(0);
});

test('a fork’s commit takes a check run, which then names no pull request', async () => {
  const { github, repository } = started;
  const pull = github.openPullRequest(repository, {
    author: 'stranger',
    headRef: 'f',
    title: 'Fork',
    fromFork: true,
  });
  expect((await create({ head_sha: pull.headSha })).pull_requests).toEqual([]);
});

test('a button can be pressed only once the run is completed', async () => {
  const { github, receiver } = started;
  const { id } = await create({ actions: [action] });
  expect(() => github.clickCheckAction(id, 'rerun', 'ana')).toThrow('only once the check run is completed');
  await update(id, { conclusion: 'success' });
  expect(() => github.clickCheckAction(id, 'other', 'ana')).toThrow('no button other');
  github.clickCheckAction(id, 'rerun', 'ana');
  await github.webhooksSettled();
  expect(receiver.of('check_run', 'requested_action')[0]?.body).toMatchObject({
    requested_action: { identifier: 'rerun' },
    check_run: { id, app: { id: 4711 } },
    sender: { login: 'ana' },
  });
});

test('re-run sends the suite back to queued and leaves the run alone', async () => {
  const { github, receiver, bot, repo } = started;
  const { id, check_suite } = await create({ conclusion: 'failure' });
  github.rerequestCheckRun(id, 'ana');
  await github.webhooksSettled();
  expect(receiver.of('check_run', 'rerequested')[0]?.body.check_run).toMatchObject({
    id,
    status: 'completed',
    conclusion: 'failure',
  });
  const at = { ...repo, check_suite_id: Number(check_suite?.id) };
  const suite = await bot.request('GET /repos/{owner}/{repo}/check-suites/{check_suite_id}', at);
  expect(suite.data).toMatchObject({ status: 'queued', conclusion: null });
});
