/** The main job started by GitHub's own example of `issue_comment.created`. */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, expect, test } from '@jest/globals';
import { startLocalWorld } from '../../infra/local/scene/local-world.ts';
import { faultsOf, type Schema } from './valid-by-schema.ts';
import { watchPull } from './watch-pull.ts';

type Payload = Record<string, unknown> & {
  action: string;
  issue: Record<string, unknown> & { number: number };
  comment: Record<string, unknown> & { id: number; body: string; user: { login: string } };
  repository: { id: number; full_name: string; name: string; owner: { login: string } };
};

const require = createRequire(import.meta.url);
const examples = require('@octokit/webhooks-examples/api.github.com/index.json') as {
  name: string;
  examples: Payload[];
}[];
const { schemas } = JSON.parse(
  readFileSync(new URL('../fixtures/github/issue-comment-created.schema.json', import.meta.url), 'utf8'),
) as { schemas: Record<string, Schema> };

const created = examples
  .filter(({ name }) => name === 'issue_comment')
  .flatMap((event) => event.examples)
  .filter(({ action }) => action === 'created');
/** The oldest of them lack fields that GitHub has added since. */
const faultsIn = (payload: Payload) => faultsOf(schemas, { $ref: 'webhook-issue-comment-created' }, payload);
const example = created.find((payload) => faultsIn(payload).length === 0);
if (!example) throw new Error('GitHub publishes no such example');
const author = example.comment.user.login;
const secret = 'the secret of the example';

const world = await startLocalWorld({
  speed: 100,
  slowdown: 1.3,
  variables: { GITHUB_WEBHOOK_SECRET: secret },
  repository: {
    owner: example.repository.owner.login,
    ownerType: 'User',
    name: example.repository.name,
    id: example.repository.id,
  },
});
afterAll(() => world.close());

/** What makes the example a command on a pull request, and nothing else. */
function asCommand(payload: Payload): Payload {
  const { html_url: page } = payload.issue;
  const url = `${String(page).replace('/issues/', '/pull/')}`;
  return {
    ...payload,
    issue: {
      ...payload.issue,
      pull_request: {
        url: url.replace('https://github.com', 'https://api.github.com/repos').replace('/pull/', '/pulls/'),
        html_url: url,
        diff_url: `${url}.diff`,
        patch_url: `${url}.patch`,
      },
    },
    comment: { ...payload.comment, body: '/perf-bot run getting-started' },
    installation: { id: world.github.installation(world.repository).id, node_id: 'MDIzOkludGVncmF0aW9u' },
  };
}

test('the published payload with a command, pull request and installation added is valid by GitHub’s schema and starts the main job', async () => {
  const payload = asCommand(example);
  expect(faultsIn(payload)).toEqual([]);
  expect(faultsIn({ ...payload, installation: { id: 'one' } })).not.toEqual([]);
  expect(world.pullRequest.number).toBe(payload.issue.number);
  world.github.addUser({ login: author });
  world.github.setPermission(world.repository, author, 'write');
  const commented = {
    ...world.pullRequest.comments[0],
    id: payload.comment.id,
    issue: world.pullRequest,
    author: world.github.addUser({ login: author }),
    body: payload.comment.body,
    createdAtMs: Date.now(),
    updatedAtMs: Date.now(),
    edits: [],
    reactions: [],
    minimizedReason: undefined,
  };
  world.pullRequest.comments.push(commented);

  const body = JSON.stringify(payload);
  const answer = await fetch(`${world.url}/github`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'issue_comment',
      'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    },
    body,
  });
  expect(answer.status).toBe(202);

  const pull = watchPull(world.github, world.pullRequest);
  await pull.reacted(payload.comment.id, 'eyes');
  const check = await pull.checkEnds();
  expect(check.conclusion).toBe('failure');
  const [mention] = await pull.mentionCount(1);
  expect(mention).toContain(`@${author} `);
  await pull.statusSays('Mean response time');
  expect(world.jenkins.builds('getting-started').map(({ run }) => run.parameters)).toEqual([
    expect.objectContaining({
      REPO_FULL_NAME: example.repository.full_name,
      PULL_REQUEST_NUMBER: '1',
      APP_COMMIT: world.pullRequest.headSha,
    }),
  ]);
});

test('the published examples as they are start nothing', async () => {
  const builds = world.jenkins.builds('getting-started').length;
  for (const payload of created) {
    const body = JSON.stringify(payload);
    const answer = await fetch(`${world.url}/github`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-github-event': 'issue_comment',
        'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0959',
        'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
      },
      body,
    });
    expect(answer.status).toBe(200);
  }
  expect(world.jenkins.builds('getting-started')).toHaveLength(builds);
});
