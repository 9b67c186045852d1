/** The main job from the comment to the report, as people start it. */
import { afterAll, expect, test } from '@jest/globals';
import { startLocalWorld } from '../../infra/local/scene/local-world.ts';
import { until } from './until.ts';
import { watchPull } from './watch-pull.ts';

const world = await startLocalWorld({ speed: 100, slowdown: 1.3 });
afterAll(() => world.close());
const { github, jenkins } = world;

function openPull(title: string) {
  const pull = github.openPullRequest(world.repository, { author: 'ana', headRef: title, title });
  return { pull, watch: watchPull(github, pull) };
}

const buildsOf = (number: number) =>
  jenkins
    .builds('getting-started')
    .filter(({ run }) => run.parameters['PULL_REQUEST_NUMBER'] === String(number));

test('a command typed into the page becomes a build, a report, one check run and one mention', async () => {
  const pull = watchPull(github, world.pullRequest);
  const page = `${world.url}/acme/webshop/pull/${world.pullRequest.number}`;
  const answer = await fetch(`${page}/comments`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ login: 'ana', body: '/perf-bot run getting-started DURATION=10s' }),
  });
  expect(answer.status).toBe(303);
  const command = world.pullRequest.comments[0]?.id ?? 0;
  const { headSha } = world.pullRequest;
  const check = await pull.checkEnds();
  const [mention = ''] = await pull.mentionCount(1);
  expect(pull.reactions(command)).toEqual(['eyes']);
  expect(pull.checks()).toHaveLength(1);
  expect(check).toMatchObject({ conclusion: 'failure', headSha, status: 'completed' });
  const [build, ...others] = buildsOf(world.pullRequest.number);
  expect(others).toEqual([]);
  expect(build?.run.parameters).toEqual({
    PERF_BOT_RUN: check.externalId,
    PULL_REQUEST_NUMBER: '1',
    REPO_FULL_NAME: 'acme/webshop',
    APP_COMMIT: headSha,
    DURATION: '10s',
  });
  expect(pull.status()).toContain('Mean response time');
  expect(pull.status()).toContain(`${world.horreum.url}/run/21`);
  expect(pull.status()).toContain(`${jenkins.url}/job/getting-started/1/`);
  expect(mention).toMatch(/@ana .*slower.*#issuecomment-\d+\)$/s);
  // Only the mention, which is never edited, may notify anybody.
  for (const text of pull.statusHistory()) expect(text).not.toMatch(/(^|\W)@\w/);
  const drawn = await (await fetch(page)).text();
  expect(drawn).toContain('Mean response time');
});

test('two pull requests at once each get their own run, result and report', async () => {
  const [one, other] = [openPull('first-of-two'), openPull('second-of-two')];
  one.watch.write('ana', '/perf-bot run getting-started');
  other.watch.write('mia', '/perf-bot run getting-started');
  await Promise.all([one.watch.checkEnds(), other.watch.checkEnds()]);
  expect((await one.watch.mentionCount(1))[0]).toContain('@ana ');
  expect((await other.watch.mentionCount(1))[0]).toContain('@mia ');
  const uploads = [one, other].map(({ watch }) => /Horreum run (\d+)/.exec(watch.status())?.[1]);
  expect(new Set(uploads).size).toBe(2);
  for (const { pull, watch } of [one, other]) {
    expect(buildsOf(pull.number)).toHaveLength(1);
    expect(watch.mentions()).toHaveLength(1);
  }
});

test('the same request twice joins: one build, and the one mention names both', async () => {
  const { pull, watch } = openPull('asked-twice');
  watch.write('ana', '/perf-bot run getting-started');
  await until('the job was asked for', () => watch.check());
  const answer = await watch.ask('mia', '/perf-bot run getting-started');
  expect(answer).toContain('You joined that run');
  await watch.checkEnds();
  const [mention] = await watch.mentionCount(1);
  expect(mention).toContain('@ana @mia ');
  expect(watch.mentions()).toHaveLength(1);
  expect(buildsOf(pull.number)).toHaveLength(1);
});

test('a delivery that comes three times starts one build and tells once', async () => {
  const { pull, watch } = openPull('delivered-thrice');
  github.webhookFaults.push({ match: /^issue_comment\.created$/, how: 'repeat' });
  const id = watch.write('ana', '/perf-bot run getting-started');
  await watch.checkEnds();
  await watch.mentionCount(1);
  const delivery = github.deliveries.find(
    ({ request }) => (request.payload['comment'] as { id?: number } | undefined)?.id === id,
  );
  github.redeliver(delivery?.guid ?? '');
  // Its answer to a later command proves that the repeated one was taken.
  await watch.ask('ana', '/perf-bot status');
  expect(buildsOf(pull.number)).toHaveLength(1);
  expect(watch.mentions()).toHaveLength(1);
  expect(watch.checks()).toHaveLength(1);
});

test('a push after the command changes nothing of what is measured, and the report says that it is behind', async () => {
  const { pull, watch } = openPull('pushed-later');
  const { headSha } = pull;
  watch.write('ana', '/perf-bot run getting-started');
  const build = await until('the build is there', () => buildsOf(pull.number)[0]);
  github.pushTo(pull);
  github.pushTo(pull);
  const check = await watch.checkEnds();
  expect(check.headSha).toBe(headSha);
  expect(build.run.parameters['APP_COMMIT']).toBe(headSha);
  await watch.statusSays(/2 commits behind/);
});
