/** Who may, and what counts as a command. */
import { expect, test } from '@jest/globals';
import { JOB, openPeopleWorld, RUN } from './people-world.ts';
import { until } from './until.ts';
import { watchPull } from './watch-pull.ts';
import { workerDeps } from '../../lib/wiring/workers.ts';
import { REPO_FULL_NAME } from '../../infra/local/scene/local-world.ts';

const HOUR_MS = 60 * 60_000;

const { world, github, at, openPull } = await openPeopleWorld();

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

test('a job’s own rules hold for stopping it and for accepting its result, too', async () => {
  const pull = openPull('restricted');
  pull.write('rosa', '/perf-bot run restricted');
  await until('it is open', () => pull.check('restricted'));
  expect(await pull.ask('ana', '/perf-bot cancel')).toMatch(/an entry in the project’s/);
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

test('where GitHub takes no comment, the check run has the report, and GitHub is asked once only', async () => {
  const pull = openPull('locked');
  const comments = `/repos/${REPO_FULL_NAME}/issues/${pull.pull.number}/comments`;
  github.lockPullRequest(pull.pull, 'mia');
  pull.write('ana', RUN);
  const check = await until('the check has ended', () => {
    const newest = pull.check();
    return newest?.status === 'completed' ? newest : undefined;
  });
  expect(check.conclusion).toBe('failure');
  expect(`${check.output.summary}${check.output.text}`).toContain('Mean response time');
  expect([pull.status(), pull.mentions()]).toEqual(['', []]);
  const { runs } = await workerDeps(world.local.environment, 'run-worker').bot();
  await until('the run is settled', async () => (await runs.get(check.externalId))?.published.settled);
  const asked = github.calls.filter(({ path }) => path.startsWith(comments));
  expect(asked.map(({ method, status }) => `${method} ${status}`)).toEqual(['POST 403']);
});
