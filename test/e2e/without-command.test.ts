/** What happens without a written command: automatic rules, pushes, closing, and the buttons of a check run. */
import { afterAll, expect, test } from '@jest/globals';
import { startLocalWorld } from '../../infra/local/scene/local-world.ts';
import type { LabJobBody } from '../../infra/local/stand-in/lab-run.ts';
import { until } from './until.ts';
import { watchPull } from './watch-pull.ts';

const JOB = 'getting-started';
const endless: LabJobBody = (run) => run.wait(3_600_000_000).then(() => 'succeeded');
let uploadLate = (): Promise<number> => Promise.reject(new Error('the job did not run'));

const world = await startLocalWorld({
  speed: 100,
  slowdown: 1.3,
  executors: 8,
  gitHub: { events: ['issue_comment', 'pull_request', 'push'] },
  project: { check: { completeWhenNothingApplies: true } },
  jobs: [
    {
      id: JOB,
      jenkins: { concurrent: true },
      file: {
        automatic: [
          { on: 'label', label: 'perf', parameters: { DURATION: '10s' } },
          { on: 'push', branches: ['main', 'release/**'] },
        ],
      },
    },
    {
      id: 'late',
      body:
        ({ upload, callBack }) =>
        async (run) => {
          uploadLate = () => upload(run);
          await callBack(run);
          return 'succeeded';
        },
      file: { resultsTimeoutMinutes: 0.03 },
    },
    {
      id: 'long',
      body: () => endless,
      jenkins: { concurrent: true },
      file: { automatic: [{ on: 'label', label: 'long', cancelOlder: true }] },
    },
  ],
});
afterAll(() => world.close());
const { github, jenkins } = world;

function openPull(title: string, more: { fromFork?: boolean; draft?: boolean } = {}) {
  const author = more.fromFork ? 'newcomer' : 'ana';
  const pull = github.openPullRequest(world.repository, { author, headRef: title, title, ...more });
  const builds = (job = JOB) =>
    jenkins.builds(job).filter(({ run }) => run.parameters['PULL_REQUEST_NUMBER'] === String(pull.number));
  return { ...watchPull(github, pull), pull, builds };
}

test('a label starts its job; a slower result is told, a clean one only shown', async () => {
  const slower = openPull('labelled');
  github.setLabel(slower.pull, 'docs', 'ana');
  github.setLabel(slower.pull, 'perf', 'ana');
  await until('the labelled run has ended', () => slower.verdicts()[0]?.ended);
  expect(slower.builds()[0]?.run.parameters['DURATION']).toBe('10s');
  await slower.mentionCount(1);
  world.setSlowdown(1);
  const clean = openPull('labelled-clean');
  github.setLabel(clean.pull, 'perf', 'ana');
  await until('the clean run has ended', () => clean.verdicts()[0]?.ended);
  await clean.ask('ana', '/perf-bot status');
  expect(clean.mentions()).toEqual([]);
  world.setSlowdown(1.3);
});

test('a fork starts nothing by itself', async () => {
  const fork = openPull('fork-labelled', { fromFork: true });
  github.setLabel(fork.pull, 'perf', 'ana');
  await github.webhooksSettled();
  await fork.ask('ana', '/perf-bot status');
  expect(fork.builds()).toEqual([]);
});

test('a push to a branch of a rule reports as a check on its commit; to another branch it does nothing', async () => {
  // It counts as main's: a slow one would excuse every slow pull request after it.
  world.setSlowdown(1);
  github.pushToBranch(world.repository, 'feature/x', 'ana');
  const sha = github.pushToBranch(world.repository, 'release/1.2', 'ana');
  const check = await until('the commit has its check', () =>
    github.checkRuns(sha).find(({ status, name }) => status === 'completed' && name === `perf / ${JOB}`),
  );
  world.setSlowdown(1.3);
  expect(check.output.summary).toMatch(/release\/1\.2|response time/);
  const commits = jenkins.builds(JOB).map(({ run }) => run.parameters['APP_COMMIT']);
  expect(commits.filter((commit) => commit === sha)).toHaveLength(1);
  expect(github.checkRuns(world.repository.branches.get('feature/x'))).toEqual([]);
});

test('where no rule applies, the required checks are completed and say so', async () => {
  const pull = openPull('no-rule');
  const checks = await until('all checks are there', () => {
    const own = github.checkRuns(pull.pull.headSha);
    return own.length === 3 ? own : undefined;
  });
  expect(checks.map(({ status, conclusion }) => `${status} ${conclusion}`)).toEqual(
    checks.map(() => 'completed neutral'),
  );
});

test('the same label after a push cancels the older automatic run, at the lab too', async () => {
  const pull = openPull('superseded');
  github.setLabel(pull.pull, 'long', 'ana');
  const first = await until('the first runs', () => pull.builds('long')[0]);
  github.pushTo(pull.pull);
  github.removeLabel(pull.pull, 'long', 'ana');
  github.setLabel(pull.pull, 'long', 'ana');
  await until('the first was stopped', () => first.run.end?.outcome === 'aborted');
  const second = await until('the second runs', () => pull.builds('long').find((one) => one !== first));
  expect(second.run.parameters['APP_COMMIT']).toBe(pull.pull.headSha);
  github.closePullRequest(pull.pull);
  await until('closing stops it', () => second.run.end?.outcome === 'aborted');
  await until('and is shown', () => pull.check('long')?.conclusion === 'cancelled');
  expect(pull.mentions()).toEqual([]);
});

test('closing cancels what a person asked for, and tells the person', async () => {
  const pull = openPull('closed-while-running');
  pull.write('ana', '/perf-bot run long');
  const build = await until('it runs', () => pull.builds('long')[0]);
  github.closePullRequest(pull.pull);
  await until('it was stopped', () => build.run.end?.outcome === 'aborted');
  expect((await pull.checkEnds('long')).conclusion).toBe('cancelled');
});

test('the buttons of the check run ask for the clicker’s right', async () => {
  const pull = openPull('buttons');
  pull.write('ana', `/perf-bot run ${JOB}`);
  const check = await pull.checkEnds();
  expect(check.actions.map(({ identifier }) => identifier)).toEqual(['rerun', 'ack', 'recheck']);

  github.clickCheckAction(check.id, 'rerun', 'newcomer');
  github.clickCheckAction(check.id, 'ack', 'newcomer');
  await github.webhooksSettled();
  await pull.ask('ana', '/perf-bot status');
  expect(pull.builds()).toHaveLength(1);
  expect(check.conclusion).toBe('failure');

  github.clickCheckAction(check.id, 'ack', 'mia');
  await until('it is accepted', () => check.conclusion === 'neutral');
  await pull.statusSays(/mia/);

  github.clickCheckAction(check.id, 'rerun', 'ana');
  await until('a run of its own was made', () => pull.checks().length === 2);
  await pull.checkEnds();
  github.rerequestCheckRun(pull.check()?.id ?? 0, 'mia');
  await until('GitHub’s own button does the same', () => pull.checks().length === 3);
  await pull.checkEnds();
  expect(new Set(pull.builds().map(({ run }) => run.parameters['PERF_BOT_RUN'])).size).toBe(3);
});

test('the button to look again finds an upload that came late, whoever presses it', async () => {
  const pull = openPull('late');
  pull.write('ana', '/perf-bot run late');
  const check = await pull.checkEnds('late');
  expect(check).toMatchObject({ conclusion: 'neutral' });
  await uploadLate();
  github.clickCheckAction(check.id, 'recheck', 'newcomer');
  await until('the report is there', () => pull.verdicts()[0]?.verdict === 'slower');
  await until('the check shows it', () => pull.check('late')?.conclusion === 'failure');
  expect(pull.builds('late')).toHaveLength(1);
});

test('another App’s check runs are none of ours', async () => {
  const pull = openPull('foreign');
  const foreign = github.addForeignCheckRun(pull.pull, 'ci / tests');
  github.rerequestCheckRun(foreign.id, 'ana');
  await github.webhooksSettled();
  await pull.ask('ana', '/perf-bot status');
  expect(pull.builds()).toEqual([]);
});
