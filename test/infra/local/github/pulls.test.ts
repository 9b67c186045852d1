/** Pull requests, commits, comparisons, and who may do what. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { refusalOf, startedStandIn, type Started } from './started-stand-in.ts';

let started: Started;
beforeEach(async () => void (started = await startedStandIn()));
afterEach(() => started.close());

const pullOf = async (number: number) =>
  (
    await started.bot.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
      ...started.repo,
      pull_number: number,
    })
  ).data;

test('a pull request of the repository itself', async () => {
  const { pull, repository } = started;
  expect(await pullOf(1)).toMatchObject({
    number: 1,
    state: 'open',
    merged: false,
    head: { sha: pull.headSha, ref: 'faster', repo: { id: repository.id, fork: false } },
    base: { ref: 'main', sha: repository.branches.get('main') },
    user: { login: 'ana' },
  });
});

test('a pull request of a fork, until the fork is gone', async () => {
  const { github, repository } = started;
  const pull = github.openPullRequest(repository, {
    author: 'stranger',
    headRef: 'x',
    title: 'From afar',
    fromFork: true,
  });
  expect(await pullOf(2)).toMatchObject({
    head: {
      label: 'stranger:x',
      repo: { full_name: 'stranger/app', fork: true, pushed_at: expect.any(String) },
    },
    author_association: 'NONE',
  });
  github.deleteFork(pull);
  expect((await pullOf(2)).head.repo).toBeNull();
});

test('a push moves head and pushed_at, at once or after a while', async () => {
  let nowMs = Date.now();
  await started.close();
  started = await startedStandIn({ nowMs: () => nowMs });
  const { github, pull } = started;
  const before = await pullOf(1);
  nowMs += 5_000;
  const second = github.pushTo(pull);
  const after = await pullOf(1);
  expect(after.head.sha).toBe(second);
  expect(Date.parse(after.head.repo.pushed_at ?? '')).toBe(
    Date.parse(before.head.repo.pushed_at ?? '') + 5_000,
  );
  const third = github.pushTo(pull, { lagMs: 2_000 });
  expect((await pullOf(1)).head.sha).toBe(second);
  nowMs += 2_000;
  expect((await pullOf(1)).head.sha).toBe(third);
});

test('lists by state, commits and files', async () => {
  const { github, repository, bot, repo, pull } = started;
  github.openPullRequest(repository, { author: 'ben', headRef: 'y', title: 'Second' });
  github.closePullRequest(pull);
  const numbers = async (state: 'open' | 'closed' | 'all') =>
    (await bot.request('GET /repos/{owner}/{repo}/pulls', { ...repo, state })).data.map(
      ({ number }) => number,
    );
  expect([await numbers('open'), await numbers('closed'), await numbers('all')]).toEqual([[2], [1], [2, 1]]);
  const commits = await bot.request('GET /repos/{owner}/{repo}/pulls/{pull_number}/commits', {
    ...repo,
    pull_number: 2,
  });
  expect(commits.data.map(({ sha }) => sha)).toEqual([github.pull(2).headSha]);
  const files = await bot.request('GET /repos/{owner}/{repo}/pulls/{pull_number}/files', {
    ...repo,
    pull_number: 2,
  });
  expect(files.data).toHaveLength(1);
});

test('a merge moves the base branch', async () => {
  const { github, pull, repository } = started;
  const before = repository.branches.get('main');
  github.mergePullRequest(pull, 'ben');
  expect(await pullOf(1)).toMatchObject({ state: 'closed', merged: true, merged_by: { login: 'ben' } });
  expect(repository.branches.get('main')).not.toBe(before);
});

test('compares commits by their graph', async () => {
  const { github, pull, repository, bot, repo } = started;
  const compare = async (base: string, head: string) =>
    (
      await bot.request('GET /repos/{owner}/{repo}/compare/{basehead}', {
        ...repo,
        basehead: `${base}...${head}`,
      })
    ).data;
  const base = pull.baseSha;
  const first = pull.headSha;
  expect(await compare(first, first)).toMatchObject({ status: 'identical', ahead_by: 0, behind_by: 0 });
  expect(await compare('main', first)).toMatchObject({
    status: 'ahead',
    ahead_by: 1,
    merge_base_commit: { sha: base },
  });
  github.pushToBranch(repository, 'main', 'ben');
  expect(await compare('main', first)).toMatchObject({
    status: 'diverged',
    ahead_by: 1,
    behind_by: 1,
    merge_base_commit: { sha: base },
  });
  const second = github.pushTo(pull);
  const third = github.pushTo(pull);
  expect(await compare(first, third)).toMatchObject({ status: 'ahead', ahead_by: 2, total_commits: 2 });
  expect(await compare(third, second)).toMatchObject({ status: 'behind', behind_by: 1 });
  const forced = github.pushTo(pull, { force: true });
  expect(await compare(third, forced)).toMatchObject({
    status: 'diverged',
    merge_base_commit: { sha: second },
  });
  expect((await refusalOf(compare(base, 'f'.repeat(40)))).status).toBe(404);
});

test('a fork’s commit is found by SHA, not by its branch, and belongs to no pull request', async () => {
  const { github, repository, bot, repo } = started;
  const pull = github.openPullRequest(repository, {
    author: 'stranger',
    headRef: 'theirs',
    title: 'Fork',
    fromFork: true,
  });
  const compare = (head: string) =>
    bot.request('GET /repos/{owner}/{repo}/compare/{basehead}', { ...repo, basehead: `main...${head}` });
  expect((await compare(pull.headSha)).data.ahead_by).toBe(1);
  expect((await compare('stranger:theirs')).data.ahead_by).toBe(1);
  expect((await refusalOf(compare('theirs'))).status).toBe(404);
  const pullsOf = (commit_sha: string) =>
    bot.request('GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls', { ...repo, commit_sha });
  expect((await pullsOf(pull.headSha)).data).toEqual([]);
  expect((await pullsOf(started.pull.headSha)).data.map(({ number }) => number)).toEqual([1]);
});

test('permissions: maintain is write, a stranger reads what is public, nobody else exists', async () => {
  const { github, bot } = started;
  github.addRepository({ owner: 'acme', name: 'secret', private: true });
  const permission = async (repo: string, username: string) =>
    (
      await bot.request('GET /repos/{owner}/{repo}/collaborators/{username}/permission', {
        owner: 'acme',
        repo,
        username,
      })
    ).data;
  expect(await permission('app', 'ana')).toMatchObject({ permission: 'write', role_name: 'write' });
  expect(await permission('app', 'BEN')).toMatchObject({
    permission: 'write',
    role_name: 'maintain',
    user: { login: 'ben' },
  });
  expect((await permission('app', 'stranger')).permission).toBe('read');
  expect((await permission('secret', 'stranger')).permission).toBe('none');
  expect((await refusalOf(permission('app', 'nobody'))).status).toBe(404);
  expect((await refusalOf(permission('app', 'perf-bot[bot]'))).status).toBe(404);
});

test('team membership is 404 for whoever is not in it, and for a token of some repositories', async () => {
  const { github, bot, app, repository } = started;
  github.addTeam('acme', 'perf-users', ['ana']);
  const path = 'GET /orgs/{org}/teams/{team_slug}/memberships/{username}';
  const at = { org: 'acme', team_slug: 'perf-users' };
  expect((await bot.request(path, { ...at, username: 'ana' })).data).toMatchObject({
    state: 'active',
    role: 'member',
  });
  expect((await refusalOf(bot.request(path, { ...at, username: 'ben' }))).status).toBe(404);
  expect((await refusalOf(bot.request(path, { ...at, team_slug: 'x', username: 'ana' }))).status).toBe(404);
  const narrow = await app.octokit.auth({
    type: 'installation',
    installationId: github.installation().id,
    repositoryIds: [repository.id],
  });
  const { token } = narrow as { token: string };
  const answer = await fetch(`${github.url}/orgs/acme/teams/perf-users/memberships/ana`, {
    headers: { authorization: `token ${token}` },
  });
  expect(answer.status).toBe(404);
});

test('a renamed repository redirects, and its lasting address works', async () => {
  const { github, repository } = started;
  github.renameRepository(repository, 'renamed');
  expect((await pullOf(1)).base.repo.full_name).toBe('acme/renamed');
  const plain = await fetch(`${github.url}/repos/acme/app/pulls/1`, { redirect: 'manual' });
  expect([plain.status, plain.headers.get('location')]).toEqual([
    301,
    `${github.url}/repositories/${repository.id}/pulls/1`,
  ]);
});

test('a slash at the end is 404', async () => {
  expect((await fetch(`${started.github.url}/meta`)).status).toBe(200);
  expect((await fetch(`${started.github.url}/meta/`)).status).toBe(404);
});
