/** Who may, what counts as a command, and what a fork's pull request needs. */
import { afterAll, expect, test } from '@jest/globals';
import { startLocalWorld } from '../../infra/local/scene/local-world.ts';
import { until } from './until.ts';
import { watchPull } from './watch-pull.ts';

const JOB = 'getting-started';
const RUN = `/perf-bot run ${JOB}`;
const HOUR_MS = 60 * 60_000;

/** GitHub's clock may be set for what happens next. */
let gitHubAheadMs = 0;
const world = await startLocalWorld({
  speed: 100,
  slowdown: 1.3,
  jobs: [
    { id: JOB },
    {
      id: 'restricted',
      body: () => (run: { wait(ms: number): Promise<void> }) =>
        run.wait(86_400_000).then(() => 'failed' as const),
      file: { access: { authorizedUsers: ['rosa'] } },
    },
    { id: 'restricted-bench', file: { access: { authorizedUsers: ['rosa'] } } },
  ],
  gitHub: { nowMs: () => Date.now() + gitHubAheadMs },
});
afterAll(() => world.close());
const { github, jenkins } = world;
github.addUser({ login: 'helper-bot', type: 'Bot' });
github.addUser({ login: 'tess' });
github.addUser({ login: 'rosa' });
github.setPermission(world.repository, 'rosa', 'write');
github.setPermission(world.repository, 'tess', 'triage');

function at<Result>(aheadMs: number, act: () => Result): Result {
  gitHubAheadMs = aheadMs;
  try {
    return act();
  } finally {
    gitHubAheadMs = 0;
  }
}

function openPull(title: string, fork = false) {
  const pull = at(-2 * 60_000, () =>
    github.openPullRequest(world.repository, {
      author: fork ? 'newcomer' : 'ana',
      headRef: title,
      title,
      fromFork: fork,
    }),
  );
  const builds = () =>
    jenkins.builds(JOB).filter(({ run }) => run.parameters['PULL_REQUEST_NUMBER'] === String(pull.number));
  return { ...watchPull(github, pull), pull, builds };
}

/** A later command's answer shows that everything before it was taken. */
const settled = async ({ ask }: { ask: (login: string, body: string) => Promise<string> }) =>
  void (await ask('ana', '/perf-bot status'));

test('a person without the right is told once what is missing, and later only 😕', async () => {
  const pull = openPull('refused');
  for (const login of ['newcomer', 'tess']) {
    const first = pull.write(login, RUN);
    const words = await pull.answered(first);
    expect(words).toMatch(/needs write permission on this repository/);
    expect(words).not.toMatch(/(^|\W)@\w/);
    const again = pull.write(login, RUN);
    await pull.reacted(again, 'confused');
    expect(pull.replyTo(again)).toBeUndefined();
  }
  expect(pull.builds()).toEqual([]);
  expect(pull.checks()).toEqual([]);
  // Looking is everybody's.
  expect(await pull.ask('newcomer', '/perf-bot list')).toContain('the shop under a steady load');
});

test('what is quoted, in code, hidden, edited in, within a line or a bot’s starts nothing and gets no answer', async () => {
  const pull = openPull('no-commands');
  const ignored = [
    `> ${RUN}`,
    `\`\`\`\n${RUN}\n\`\`\``,
    `    ${RUN}`,
    `<!--\n${RUN}\n-->`,
    `please ${RUN}`,
    `/perf-bottle run ${JOB}`,
    `- ${RUN.slice(1)}`,
  ].map((body) => pull.write('ana', body));
  ignored.push(pull.write('helper-bot', RUN));
  const edited = pull.write('ana', 'I shall think about it');
  const comment = github.comment(edited);
  if (comment) github.editComment(comment, RUN);
  ignored.push(edited);
  await github.webhooksSettled();
  await settled(pull);
  expect(pull.builds()).toEqual([]);
  for (const id of ignored) expect([pull.reactions(id), pull.replyTo(id)]).toEqual([[], undefined]);
});

test('on a plain issue the answer is that nothing can be measured there', async () => {
  const issue = github.openIssue(world.repository, 'ana', 'Slow');
  const watch = watchPull(github, issue);
  const id = watch.write('ana', RUN);
  expect(await watch.answered(id)).toContain('this is an issue');
  await watch.reacted(id, 'confused');
});

test('a command that arrives hours late is answered with a line to copy, not run', async () => {
  const pull = openPull('late');
  const id = at(-5 * HOUR_MS, () => pull.write('ana', RUN));
  const words = await pull.answered(id);
  expect(words).toMatch(/5 h after it was written/);
  expect(words).toContain(`\`${RUN}\``);
  await pull.reacted(id, 'confused');
  expect(pull.builds()).toEqual([]);
});

test('a closed pull request is not measured', async () => {
  const pull = openPull('closed');
  github.closePullRequest(pull.pull);
  expect(await pull.ask('ana', RUN)).toContain('closed');
  expect(pull.builds()).toEqual([]);
});

test('a fork’s commit that was pushed after the command is asked about; naming it runs exactly it', async () => {
  const pull = openPull('fork-pushed', true);
  // The push overtakes the delivery of the comment.
  github.webhookFaults.push({ match: /^issue_comment\.created$/, how: 'fail' });
  const id = at(-10_000, () => pull.write('ana', RUN));
  const head = github.pushTo(pull.pull);
  const delivery = github.deliveries.find(
    ({ request }) => (request.payload['comment'] as { id?: number } | undefined)?.id === id,
  );
  github.redeliver(delivery?.guid ?? '');
  const words = await pull.answered(id);
  expect(words).toMatch(/pushed to after you wrote that/);
  expect(words).toContain(`${RUN} ${head}`);
  expect(pull.builds()).toEqual([]);
  pull.write('ana', `${RUN} ${head}`);
  await pull.checkEnds();
  expect(pull.builds().map(({ run }) => run.parameters['APP_COMMIT'])).toEqual([head]);
});

test('a rerun on a fork that was pushed to names the commit to run, in a line that works', async () => {
  const pull = openPull('fork-rerun', true);
  pull.write('ana', `${RUN} DURATION=10s`);
  await pull.checkEnds();
  const first = pull.builds().length;
  const head = github.pushTo(pull.pull);
  const id = at(-10_000, () => pull.write('ana', '/perf-bot rerun'));
  const words = await pull.answered(id);
  const line = /`(\/perf-bot [^`]+)`$/.exec(words.trim())?.[1] ?? '';
  expect(line).toBe(`${RUN} ${head} DURATION=10s`);
  pull.write('ana', line);
  await until('the commit that was named is measured', () => pull.builds()[first]);
  expect(pull.builds().map(({ run }) => run.parameters)).toContainEqual(
    expect.objectContaining({ APP_COMMIT: head, DURATION: '10s' }),
  );
});

test('the beginning of a fork’s commit does not tell which one was seen, if it was pushed after the command', async () => {
  const pull = openPull('fork-alike', true);
  const head = github.pushTo(pull.pull);
  const id = at(-10_000, () => pull.write('ana', `${RUN} ${head.slice(0, 12)}`));
  expect(await pull.answered(id)).toContain(`${RUN} ${head}`);
  expect(pull.builds()).toEqual([]);
});

test('what strangers ask for on a fork with values that are not allowed is neither kept nor in the way', async () => {
  const pull = openPull('fork-flooded', true);
  const wide = `DURATION=${'x'.repeat(60_000)}`;
  const asked = ['BOGUS=1', ...Array<string>(7).fill(wide)].map((pair) =>
    pull.write('newcomer', `${RUN} ${pair}`),
  );
  for (const id of asked) await pull.reacted(id, 'confused');
  await pull.reacted(pull.write('newcomer', RUN), 'confused');
  await pull.reacted(pull.write('mia', `/perf-bot approve ${pull.pull.headSha}`), 'eyes');
  await pull.checkEnds();
  expect(pull.builds()).toHaveLength(1);
});

test('whoever approves a fork’s commit starts only the jobs that he may run', async () => {
  const pull = openPull('fork-restricted', true);
  await pull.reacted(pull.write('newcomer', '/perf-bot run restricted'), 'confused');
  await pull.reacted(pull.write('newcomer', RUN), 'confused');
  const approval = pull.write('ana', `/perf-bot approve ${pull.pull.headSha}`);
  expect(await pull.answered(approval)).toMatch(/`restricted`.*people named/s);
  await pull.checkEnds();
  expect(jenkins.builds('restricted')).toEqual([]);
  // It still waits for somebody who may.
  pull.write('rosa', `/perf-bot approve ${pull.pull.headSha}`);
  await until('the restricted job was started', () => jenkins.builds('restricted')[0]);
});

test('a job’s own rules hold for stopping it and for accepting its result, too', async () => {
  const pull = openPull('restricted');
  pull.write('rosa', '/perf-bot run restricted');
  await until('it is open', () => pull.check('restricted'));
  expect(await pull.ask('ana', '/perf-bot cancel')).toMatch(/people named/);
  await pull.reacted(pull.write('mia', '/perf-bot cancel all'), 'confused');
  expect(pull.check('restricted')?.status).not.toBe('completed');
  pull.write('rosa', '/perf-bot cancel');
  expect((await pull.checkEnds('restricted')).conclusion).toBe('cancelled');

  pull.write('rosa', '/perf-bot run restricted-bench');
  expect((await pull.checkEnds('restricted-bench')).conclusion).toBe('failure');
  const accept = '/perf-bot ack mean_response_time "needed"';
  await pull.reacted(pull.write('mia', accept), 'confused');
  expect(pull.status()).not.toContain('needed');
  await pull.reacted(pull.write('rosa', accept), '+1');
});

test('a metric of two jobs is accepted for the one, and the other’s is left to those who may', async () => {
  const pull = openPull('restricted-both');
  pull.write('rosa', '/perf-bot run restricted-bench');
  pull.write('ana', RUN);
  for (const job of [JOB, 'restricted-bench']) expect((await pull.checkEnds(job)).conclusion).toBe('failure');
  const accept = pull.write('mia', '/perf-bot ack mean_response_time "needed"');
  expect(await pull.answered(accept)).toMatch(/not for `restricted-bench`/);
  await pull.reacted(accept, '+1');
  pull.write('mia', '/perf-bot ack 99_response_time "needed"');
  await until('the check turns', () => pull.check(JOB)?.conclusion === 'neutral');
  expect(pull.check('restricted-bench')?.conclusion).toBe('failure');
});

test('a fork’s commit that stood there when the command was written is run', async () => {
  const pull = openPull('fork-quiet', true);
  pull.write('ana', RUN);
  expect((await pull.checkEnds()).headSha).toBe(pull.pull.headSha);
  expect(pull.builds()).toHaveLength(1);
});

test('the author of a fork asks, a maintainer approves the commit: exactly that is run, for the author', async () => {
  const pull = openPull('fork-approved', true);
  const asked = await pull.ask('newcomer', RUN);
  const line = /`(\/perf-bot approve [0-9a-f]+)`/.exec(asked)?.[1] ?? '';
  expect(line.split(' ')[2]).toBe(pull.pull.headSha);
  expect(pull.builds()).toEqual([]);
  // The author can't approve it.
  const own = pull.write('newcomer', line);
  await pull.reacted(own, 'confused');
  // A push in between: what was seen is no longer what would run.
  const head = github.pushTo(pull.pull);
  expect(await pull.ask('mia', line)).toContain('not the newest commit');
  expect(pull.builds()).toEqual([]);
  // Whoever makes both commits can make them begin alike.
  expect(await pull.ask('mia', `/perf-bot approve ${head.slice(0, 12)}`)).toContain(
    `/perf-bot approve ${head}`,
  );
  expect(pull.builds()).toEqual([]);
  pull.write('mia', `/perf-bot approve ${head}`);
  await pull.checkEnds();
  expect(pull.builds().map(({ run }) => run.parameters['APP_COMMIT'])).toEqual([head]);
  const [mention] = await pull.mentionCount(1);
  expect(mention).toContain('@newcomer ');
});

test('where GitHub takes no comment, the check run has the report', async () => {
  const pull = openPull('locked');
  github.lockPullRequest(pull.pull, 'mia');
  pull.write('ana', RUN);
  const check = await until('the check has ended', () => {
    const newest = pull.check();
    return newest?.status === 'completed' ? newest : undefined;
  });
  expect(check.conclusion).toBe('failure');
  expect(`${check.output.summary}${check.output.text}`).toContain('Mean response time');
  expect([pull.status(), pull.mentions()]).toEqual(['', []]);
});
