/** Comments and reactions over HTTP, with GitHub's limits, paging and refusals. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { refusalOf, startedStandIn, type Started } from './started-stand-in.ts';

let started: Started;
beforeEach(async () => void (started = await startedStandIn()));
afterEach(() => started.close());

const COMMENTS = '/repos/{owner}/{repo}/issues/{issue_number}/comments';
const COMMENT = '/repos/{owner}/{repo}/issues/comments/{comment_id}';
const REACTIONS = `${COMMENT}/reactions` as const;

async function comment(body: string) {
  return started.bot.request(`POST ${COMMENTS}`, { ...started.repo, issue_number: 1, body });
}

test('the bot writes, reads, edits and deletes a comment', async () => {
  const { bot, repo, github } = started;
  const created = await comment('### queued');
  expect(created.status).toBe(201);
  expect(created.headers.location).toBe(created.data.url);
  expect(created.data.user).toMatchObject({ login: 'perf-bot[bot]', type: 'Bot' });
  const at = { ...repo, comment_id: created.data.id };
  expect((await bot.request(`PATCH ${COMMENT}`, { ...at, body: '### done' })).data.body).toBe('### done');
  expect((await bot.request(`GET ${COMMENT}`, at)).data.body).toBe('### done');
  expect(github.pull(1).comments[0]).toMatchObject({
    body: '### done',
    edits: [{ from: '### queued', by: 'perf-bot[bot]' }],
  });
  expect((await bot.request(`DELETE ${COMMENT}`, at)).status).toBe(204);
  expect((await refusalOf(bot.request(`PATCH ${COMMENT}`, { ...at, body: 'again' }))).status).toBe(404);
  expect(github.pull(1).comments).toEqual([]);
});

test('a comment has a length limit, needs a body and an issue', async () => {
  expect((await comment('x'.repeat(65_536))).status).toBe(201);
  expect(await refusalOf(comment('x'.repeat(65_537)))).toMatchObject({
    status: 422,
    message: expect.stringContaining('maximum is 65536 characters'),
  });
  expect((await refusalOf(comment(''))).status).toBe(422);
  const nowhere = started.bot.request(`POST ${COMMENTS}`, { ...started.repo, issue_number: 99, body: 'x' });
  expect((await refusalOf(nowhere)).status).toBe(404);
});

test('a locked pull request takes no comment from an App', async () => {
  started.github.lockPullRequest(started.pull, 'ben');
  expect(await refusalOf(comment('hello'))).toMatchObject({
    status: 403,
    message: expect.stringContaining('Unable to create comment because issue is locked.'),
  });
  started.github.unlockPullRequest(started.pull, 'ben');
  expect((await comment('hello')).status).toBe(201);
});

test('comments are listed upwards, page by page, and since a time', async () => {
  const { github, pull, bot, repo } = started;
  for (let number = 1; number <= 31; number++) github.addComment(pull, 'ana', `comment ${number}`);
  const first = await bot.request(`GET ${COMMENTS}`, { ...repo, issue_number: 1 });
  expect(first.data).toHaveLength(30);
  expect(first.headers.link).toContain(`page=2>; rel="next"`);
  const second = await bot.request(`GET ${COMMENTS}`, { ...repo, issue_number: 1, page: 2 });
  expect(second.data.map(({ body }) => body)).toEqual(['comment 31']);
  expect(second.headers.link).not.toContain('rel="next"');
  const later = new Date(Date.now() + 60_000).toISOString();
  expect((await bot.request(`GET ${COMMENTS}`, { ...repo, issue_number: 1, since: later })).data).toEqual([]);
  const newest = await bot.request('GET /repos/{owner}/{repo}/issues/comments', {
    ...repo,
    sort: 'created',
    direction: 'desc',
  });
  expect(newest.data[0]?.body).toBe('comment 31');
});

test('what a person types has CRLF line ends', () => {
  expect(started.github.addComment(started.pull, 'ana', '/perf-bot run x\nplease').body).toBe(
    '/perf-bot run x\r\nplease',
  );
});

test('a reaction is new once: 201, then 200; an unknown one is 422', async () => {
  const { bot, repo, github, pull } = started;
  const at = { ...repo, comment_id: github.addComment(pull, 'ana', 'hi').id };
  const first = await bot.request(`POST ${REACTIONS}`, { ...at, content: 'eyes' });
  const second = await bot.request(`POST ${REACTIONS}`, { ...at, content: 'eyes' });
  expect([first.status, second.status]).toEqual([201, 200]);
  expect(second.data.id).toBe(first.data.id);
  github.addReaction(pull.comments[0] ?? github.addComment(pull, 'ana', ''), 'ben', 'eyes');
  expect((await bot.request(`GET ${COMMENT}`, at)).data.reactions).toMatchObject({ eyes: 2, total_count: 2 });
  expect(
    (await refusalOf(bot.request(`POST ${REACTIONS}`, { ...at, content: 'shrug' as 'eyes' }))).status,
  ).toBe(422);
  const gone = await bot.request(`DELETE ${REACTIONS}/{reaction_id}`, { ...at, reaction_id: first.data.id });
  expect(gone.status).toBe(204);
  expect(pull.comments[0]?.reactions.map(({ user }) => user.login)).toEqual(['ben']);
});

test('GraphQL hides a comment as outdated', async () => {
  const { data } = await comment('old news');
  const mutation = `mutation($id: ID!) { minimizeComment(input: {subjectId: $id, classifier: OUTDATED}) { minimizedComment { isMinimized minimizedReason } } }`;
  const answer = await started.bot.request('POST /graphql', {
    query: mutation,
    variables: { id: data.node_id },
  });
  expect(answer.data).toMatchObject({
    data: { minimizeComment: { minimizedComment: { isMinimized: true } } },
  });
  expect(started.github.pull(1).comments[0]?.minimizedReason).toBe('outdated');
  const nobody = await started.bot.request('POST /graphql', {
    query: mutation,
    variables: { id: 'IC_nothing' },
  });
  expect(nobody.data).toMatchObject({ errors: [{ type: 'NOT_FOUND' }] });
});

test('a deleted account leaves null behind', async () => {
  const { github, pull, bot, repo } = started;
  const { id } = github.addComment(pull, 'stranger', 'bye');
  github.deleteUser('stranger');
  expect((await bot.request(`GET ${COMMENT}`, { ...repo, comment_id: id })).data.user).toBeNull();
});
