/** What a fork's pull request needs before its code is run. */
import { expect, test } from '@jest/globals';
import { openPeopleWorld, RUN } from './people-world.ts';
import { until } from './until.ts';

const { github, jenkins, at, openPull } = await openPeopleWorld();

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
  expect(words).toMatch(/pushed to after your command/);
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

test('whoever approves a fork’s commit starts only the jobs that they may run', async () => {
  const pull = openPull('fork-restricted', true);
  await pull.reacted(pull.write('newcomer', '/perf-bot run restricted'), 'confused');
  await pull.reacted(pull.write('newcomer', RUN), 'confused');
  const approval = pull.write('ana', `/perf-bot approve ${pull.pull.headSha}`);
  expect(await pull.answered(approval)).toMatch(/`restricted`.*an entry in the project’s/s);
  await pull.checkEnds();
  expect(jenkins.builds('restricted')).toEqual([]);
  // It still waits for somebody who may.
  pull.write('rosa', `/perf-bot approve ${pull.pull.headSha}`);
  await until('the restricted job was started', () => jenkins.builds('restricted')[0]);
});

test('a fork’s commit that stood there when the command was written is run', async () => {
  const pull = openPull('fork-quiet', true);
  pull.write('ana', RUN);
  expect((await pull.checkEnds()).headSha).toBe(pull.pull.headSha);
  expect(pull.builds()).toHaveLength(1);
});

test('whoever approves sees every value that is sent, and approves exactly these', async () => {
  const pull = openPull('fork-values', true);
  const head = pull.pull.headSha;
  expect(await pull.ask('newcomer', `${RUN} DURATION=10s`)).toContain(`APP_COMMIT=${head}`);
  const second = await pull.ask('newcomer', `${RUN} DURATION=300s`);
  expect(second).toContain('`DURATION=300s`');
  expect(await pull.ask('mia', `/perf-bot approve ${head}`)).toContain('DURATION=10s');
  expect(pull.builds()).toEqual([]);
  const line = /`(\/perf-bot approve [^`]+)`/.exec(second)?.[1] ?? '';
  expect(await pull.ask('mia', line)).toContain('`DURATION=300s`');
  await pull.checkEnds();
  expect(pull.builds().map(({ run }) => run.parameters)).toEqual([
    expect.objectContaining({ APP_COMMIT: head, DURATION: '300s' }),
  ]);
});

test('nobody’s parameter stands in for the commit', async () => {
  const pull = openPull('fork-other-commit', true);
  const other = `${RUN} APP_COMMIT=${'d'.repeat(40)}`;
  await pull.reacted(pull.write('newcomer', other), 'confused');
  expect(await pull.ask('ana', other)).toContain('Perf Bot sets the commit itself');
  expect(await pull.ask('mia', `/perf-bot approve ${pull.pull.headSha}`)).toContain('nobody has asked');
  expect(pull.builds()).toEqual([]);
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
