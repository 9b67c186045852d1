/** Every line of the command table, written into pull requests as people write them. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startLocalWorld } from '../../infra/local/scene/local-world.ts';
import type { LabJobBody } from '../../infra/local/stand-in/lab-run.ts';
import { COMMAND_NAMES } from '../../lib/bot/grammar/command-table.ts';
import { until } from './until.ts';
import { watchPull } from './watch-pull.ts';

const JOB = 'getting-started';
const endless: LabJobBody = (run) => run.wait(3_600_000_000).then(() => 'succeeded');
const tried = new Set<string>();

const world = await startLocalWorld({
  speed: 100,
  slowdown: 1.3,
  executors: 1,
  variables: { SWEEP_INTERVAL_SECONDS: '2' },
  jobs: [
    { id: JOB },
    { id: 'endless', body: () => endless, file: { description: 'never ends' } },
    { id: 'broken', body: () => () => Promise.resolve('failed') },
  ],
});
afterAll(() => world.close());
const { github, jenkins } = world;

function openPull(title: string) {
  const pull = github.openPullRequest(world.repository, { author: 'ana', headRef: title, title });
  const watch = watchPull(github, pull);
  const builds = (job = JOB) =>
    jenkins.builds(job).filter(({ run }) => run.parameters['PULL_REQUEST_NUMBER'] === String(pull.number));
  return {
    ...watch,
    pull,
    builds,
    /** Writes a command and gives the bot's words. */
    say: (command: string, login = 'ana') => {
      tried.add(command.split(' ')[0] ?? '');
      return watch.ask(login, `/perf-bot ${command}`);
    },
    /** Writes a command that is answered by a reaction alone. */
    tell: (command: string, login = 'ana') => {
      tried.add(command.split(' ')[0] ?? '');
      return watch.write(login, `/perf-bot ${command}`);
    },
  };
}

const measured = openPull('measured');
beforeAll(async () => {
  measured.tell(`run ${JOB}`);
  await measured.checkEnds();
});

test('help: the whole table, one command, and a near miss', async () => {
  const all = await measured.say('help');
  for (const name of COMMAND_NAMES) expect(all).toContain(`\`${name}`);
  expect(all).toMatch(/You may use: .*`ack`/);
  expect(await measured.say('help', 'newcomer')).toMatch(/You may use: (?!.*`run`).*`status`/);
  expect(await measured.say('help cancel')).toContain('/perf-bot cancel [RUN');
  const near = measured.tell('hlep');
  expect(await measured.answered(near)).toMatch(/Did you mean `help`/);
  await measured.reacted(near, 'confused');
  // The bare word is help, too.
  expect(await measured.ask('ana', '/PERF-BOT')).toContain('`approve SHA`');
});

test('list: what there is, how long it takes, its parameters and who may run it', async () => {
  const list = await measured.say('list');
  expect(list).toMatch(
    /`getting-started` \| the shop under a steady load \| ~.*`DURATION`: `10s` `60s` `300s`, default `60s`.* \| write permission/,
  );
  expect(list).toContain('never ends');
});

test('plan: everything that run would do, and nothing is started', async () => {
  const builds = jenkins.builds(JOB).length;
  const plan = await measured.say(`plan ${JOB} DURATION=300s`);
  expect(plan).toContain(`APP_COMMIT=${measured.pull.headSha}`);
  expect(plan).toContain('DURATION=300s');
  expect(plan).toContain(`/perf-bot run ${JOB} DURATION=300s`);
  expect(await measured.say(`plan ${JOB}`, 'newcomer')).toContain('it needs write permission');
  expect(jenkins.builds(JOB)).toHaveLength(builds);
});

test('run: values quoted or not and the original’s comma-separated form; what is not allowed is refused, never dropped', async () => {
  const pull = openPull('parameters');
  for (const [wrong, says] of [
    [`run ${JOB} DURATON=10s`, 'Did you mean `DURATION`'],
    [`run ${JOB} DURATION=11s`, 'Allowed values: `10s`'],
    ['run geting-started', 'Did you mean `getting-started`'],
    [`run ${JOB} DURATION=10s DURATION=60s`, 'has two values'],
    [`run ${JOB} DURATION="10s`, 'is not closed'],
    ['run', '`JOB` is missing'],
  ] as const) {
    const id = pull.tell(wrong);
    expect(await pull.answered(id)).toContain(says);
    await pull.reacted(id, 'confused');
  }
  expect(pull.builds()).toEqual([]);
  const id = pull.write('ana', `Please measure\r\n/perf-bot run ${JOB} DURATION="10s"\r\nthanks`);
  await pull.checkEnds();
  expect(pull.reactions(id)).toEqual(['eyes']);
  const second = openPull('parameters-by-comma');
  second.tell(`run ${JOB} DURATION=300s,`);
  await second.checkEnds();
  expect([pull, second].map(({ builds }) => builds()[0]?.run.parameters['DURATION'])).toEqual([
    '10s',
    '300s',
  ]);
});

test('get and compare: this pull request’s latest, main’s, and two runs by their numbers', async () => {
  expect(await measured.say(`get ${JOB}`)).toMatch(/Horreum run 21.*mean.response.time/is);
  expect(await measured.say(`get ${JOB} latest --main`)).toMatch(/Horreum run 20/);
  expect(await measured.say(`get ${JOB} 5`)).toMatch(/Horreum run 5/);
  expect(await measured.say(`compare ${JOB} latest`)).toMatch(/Horreum run 21.*Mean response time/s);
  expect(await measured.say(`compare ${JOB} 3 21`)).toMatch(/Horreum run 21.*compared with.*Horreum run 3/s);
  expect(await measured.say(`get ${JOB} 999999`)).toContain('no run 999999');
  expect(await openPull('nothing-run').say(`get ${JOB}`)).toContain('no results on this pull request yet');
});

test('history and explain: a metric over main, and how it was judged', async () => {
  expect(await measured.say(`history ${JOB} mean_response_time`)).toMatch(/last 20 runs of main.*xychart/s);
  expect(await measured.say(`noise ${JOB}`)).toMatch(/from 20 runs of main.*\| Mean response time \| 20 \|/s);
  expect(await measured.say(`history ${JOB} mean_respons_time`)).toContain(
    'Did you mean `mean_response_time`',
  );
  const why = await measured.say('explain mean_response_time');
  expect(why).toMatch(/Verdict \| (worse|slower)/);
  expect(why).toMatch(/gate: a slower value fails the check/);
  expect(await measured.say('explain nothing-like-it')).toContain('There is no metric');
});

test('status, queue and cancel: one runs, one waits, and both can be stopped', async () => {
  const [first, second] = [openPull('runs'), openPull('waits')];
  first.tell('run endless');
  await until('the first runs', () => first.builds('endless')[0]);
  second.tell('run endless');
  const waiting = await until('the second waits', () => jenkins.state.waiting()[0]);
  const key = await until('it has a check', () => second.check('endless')?.externalId);
  expect(await first.say('status')).toMatch(/`endless`/);
  const queue = await second.say('queue');
  expect(queue.match(/`endless`/g)).toHaveLength(2);
  expect(await second.say(`status ${key.slice(0, 11)}`)).toMatch(/`endless` queued/);
  expect(await first.say('rerun')).toMatch(/still (queued|running)/);

  second.tell(`cancel ${key.slice(3, 11)}`);
  expect((await second.checkEnds('endless')).conclusion).toBe('cancelled');
  expect(waiting.cancelled).toBe(true);
  expect(second.builds('endless')).toEqual([]);
  first.tell('cancel all', 'mia');
  expect((await first.checkEnds('endless')).conclusion).toBe('cancelled');
  expect(first.builds('endless')[0]?.run.end?.outcome).toBe('aborted');
  expect(await first.say('cancel')).toContain('No run is open');
  expect(await first.say('queue')).toContain('Nothing is waiting or running');
  expect(await first.say('cancel pb-nothing')).toContain('There is no run');
});

test('rerun: the same again on the newest commit, and only what failed', async () => {
  const pull = openPull('again');
  pull.tell(`run ${JOB} DURATION=10s`);
  await pull.checkEnds();
  pull.tell('run broken');
  expect((await pull.checkEnds('broken')).conclusion).toBe('failure');
  const head = github.pushTo(pull.pull);
  pull.tell('rerun failed');
  await until('only the failed job was run again', () => pull.builds('broken').length === 2);
  expect(pull.builds('broken')[0]?.run.parameters['APP_COMMIT']).toBe(head);
  expect(pull.builds()).toHaveLength(1);
  const key = pull.check()?.externalId ?? '';
  pull.tell(`rerun ${key}`);
  await until('the other was run again', () => pull.builds().length === 2);
  expect(pull.builds()[0]?.run.parameters).toMatchObject({ APP_COMMIT: head, DURATION: '10s' });
  await pull.checkEnds();
});

test('recheck: a verdict that was reached stays, and nobody is mentioned again', async () => {
  const mentions = measured.mentions().length;
  const body = measured.status();
  expect(await measured.say('recheck')).toContain('nothing more to look for');
  expect(measured.status()).toBe(body);
  expect(await measured.say('recheck pb-zzzz')).toContain('There is no run');
  expect(measured.mentions()).toHaveLength(mentions);
});

test('ack: needs a reason and the right; then the check turns and the report says who accepted it', async () => {
  const pull = openPull('accepted');
  pull.tell(`run ${JOB}`);
  expect((await pull.checkEnds()).conclusion).toBe('failure');
  expect(await pull.say('ack mean_response_time')).toMatch(/`REASON` is missing/);
  expect(await pull.say('ack mean_respons_time "x"')).toContain('Did you mean `mean_response_time`');
  expect(await pull.say(`ack mean_response_time "${'x'.repeat(501)}"`)).toContain('at most 500 characters');
  const mentions = pull.mentions().length;
  for (const metric of ['mean_response_time', '99_response_time'])
    await pull.reacted(pull.tell(`ack ${metric} "needed for the @fix"`, 'mia'), '+1');
  await until('the check turns', () => pull.check()?.conclusion === 'neutral');
  expect(pull.status()).toMatch(/needed for the @\u200bfix/);
  expect(pull.mentions()).toHaveLength(mentions);
});

test('several commands in one comment are each carried out, and one reply holds the answers', async () => {
  const pull = openPull('several');
  const id = pull.write('ana', `/perf-bot list\nand then\n/perf-bot run ${JOB}\n/perf-bot nonsense`);
  const reply = await pull.answered(id);
  expect(reply).toMatch(/the shop under a steady load.*There is no command `nonsense`/s);
  await pull.reacted(id, 'confused');
  await pull.checkEnds();
  expect(pull.builds()).toHaveLength(1);
});

test('approve: says what it is for, and refuses what is not the newest commit', async () => {
  const pull = openPull('nothing-to-approve');
  expect(await pull.say('approve beefbee')).toContain('not the newest commit');
  expect(await pull.say('approve pull')).toContain('is not a commit');
  expect(await pull.say(`approve ${pull.pull.headSha}`, 'mia')).toContain('nobody has asked for a job');
});

test('no command of the table was left out', () => {
  expect(COMMAND_NAMES.filter((name) => !tried.has(name))).toEqual([]);
});
