/** The main job from the comment to the report, as people start it. */
import { afterAll, expect, test } from '@jest/globals';
import { startLocalWorld } from '../../infra/local/scene/local-world.ts';
import { until } from './until.ts';
import { watchPull } from './watch-pull.ts';

const world = await startLocalWorld({ speed: 50, variables: { SWEEP_INTERVAL_SECONDS: '60' } });
afterAll(() => world.close());

test('a command typed into the page becomes a report, one check run and one mention', async () => {
  const pull = watchPull(world.github, world.pullRequest);
  const answer = await fetch(`${world.url}/acme/webshop/pull/${world.pullRequest.number}/comments`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ login: 'ana', body: '/perf-bot run getting-started' }),
  });
  expect(answer.status).toBe(303);
  const check = await pull.checkEnds();
  await pull.mentionCount(1);
  expect(check).toMatchObject({ conclusion: 'failure', headSha: world.pullRequest.headSha });
  console.log(pull.status());
});
