/** The main job on every platform, through the whole bot on this machine: to the report, cancelled, and with a lost answer. */
import type { Finding } from '../../lib/finding.ts';
import { describe, expect, test } from '@jest/globals';
import type { PullRequest } from '../../infra/local/github/state/records.ts';
import type { LabJobBody } from '../../infra/local/stand-in/lab-run.ts';
import {
  JOB,
  REPO_FULL_NAME,
  startLocalWorld,
  type LocalWorld,
  type LocalWorldOptions,
} from '../../infra/local/scene/local-world.ts';
import { playScene } from '../../infra/local/scene/play-scene.ts';
import { checkStored } from '../../lib/bot/operator/admin.ts';
import { adminDeps } from '../../lib/wiring/admin.ts';
import { createDocumentTable } from '../../lib/aws/document-table.ts';
import { createDynamoRunStore } from '../../lib/aws/dynamo-run-store.ts';
import { tableConfig } from '../../lib/wiring/aws.ts';
import { until } from './until.ts';

const PLATFORMS = [
  ['Jenkins', { platform: 'jenkins' }],
  ['Argo Workflows', { platform: 'argo-workflows' }],
  ['Argo CD', { platform: 'argo-cd' }],
  ['GitHub Actions', { platform: 'github-actions' }],
  ['a signed webhook', { platform: 'webhook' }],
] as const satisfies readonly (readonly [string, LocalWorldOptions])[];
const TOLD_ONLY = [
  'a signed webhook that can only be told',
  { platform: 'webhook', answersStatus: false },
] as const;

const GIVE_UP_MS = 60_000;

/** A job that lasts until it is stopped. */
const endless = {
  id: JOB,
  body: (): LabJobBody => (run) => run.wait(86_400_000).then(() => 'failed' as const),
};

async function inWorld(
  options: LocalWorldOptions,
  play: (world: LocalWorld) => Promise<void>,
): Promise<void> {
  const world = await startLocalWorld({ speed: 10, slowdown: 1.5, ...options });
  try {
    await play(world);
  } finally {
    await world.close();
  }
}

const checkOf = ({ github }: LocalWorld, { headSha }: PullRequest) =>
  github.checkRuns(headSha).find(({ name }) => name === `perf / ${JOB}`);

const runsAtLab = ({ lab }: LocalWorld, key: string) => lab.runs().filter((run) => run.key === key);

/** Asks for a run and gives its key, once the lab has it. */
async function startOn(world: LocalWorld, pull: PullRequest): Promise<string> {
  world.github.addComment(pull, 'ana', `/perf-bot run ${JOB}`);
  const key = await until('the run has a check', () => checkOf(world, pull)?.externalId);
  await until('the lab has the run', () => runsAtLab(world, key).length === 1);
  return key;
}

const conclusionOn = (world: LocalWorld, pull: PullRequest) =>
  until('the check is completed', () => checkOf(world, pull)?.conclusion, GIVE_UP_MS);

describe('plays the scene to the report', () => {
  test.concurrent.each([...PLATFORMS, TOLD_ONLY])(
    'on %s',
    (_, options) =>
      inWorld(options, async (world) => {
        expect((await findingsIn(world)).filter(isError)).toEqual([]);
        const scene = await playScene(world, () => undefined);
        expect(scene).toMatchObject({ ok: true, check: { conclusion: 'failure' } });
        expect(scene.mention).toContain('@ana');
        expect(scene.calls.jenkins).toBeGreaterThan(0);
        expect(scene.calls.github).toBeGreaterThan(0);
        expect(runsAtLab(world, scene.runKey ?? '')).toMatchObject([{ outcome: 'succeeded' }]);
      }),
    GIVE_UP_MS,
  );
});

describe('cancels at the platform, whether the job runs or waits', () => {
  test.concurrent.each(PLATFORMS)(
    'on %s',
    (_, options) =>
      inWorld({ ...options, executors: 1, jobs: [endless] }, async (world) => {
        const running = world.pullRequest;
        const waiting = world.github.openPullRequest(world.repository, {
          author: 'ana',
          headRef: 'another-idea',
          title: 'Another idea',
        });
        const runningKey = await startOn(world, running);
        await until('it runs', () => runsAtLab(world, runningKey)[0]?.began);
        const waitingKey = await startOn(world, waiting);

        world.github.addComment(waiting, 'ana', '/perf-bot cancel');
        const stillThere = () => runsAtLab(world, waitingKey).filter(({ ended }) => !ended);
        await until('it no longer waits', () => stillThere().length === 0);
        expect(runsAtLab(world, runningKey)).toMatchObject([{ began: true, ended: false }]);
        world.github.addComment(running, 'ana', '/perf-bot cancel');
        await until('it was aborted', () => runsAtLab(world, runningKey)[0]?.outcome === 'aborted');

        expect(await conclusionOn(world, waiting)).toBe('cancelled');
        expect(await conclusionOn(world, running)).toBe('cancelled');
        expect(runsAtLab(world, waitingKey).filter(({ began }) => began)).toEqual([]);
      }),
    GIVE_UP_MS,
  );

  test.concurrent(
    'on a lab that can only be told: once, and says that nothing more is known',
    () =>
      inWorld({ ...TOLD_ONLY[1], jobs: [endless] }, async (world) => {
        const key = await startOn(world, world.pullRequest);
        await until('it runs', () => runsAtLab(world, key)[0]?.began);
        const callsBefore = world.lab.callCount();
        world.addComment('ana', '/perf-bot cancel');
        expect(await conclusionOn(world, world.pullRequest)).toBe('cancelled');
        expect(runsAtLab(world, key)).toMatchObject([{ outcome: 'aborted' }]);
        expect(world.lab.callCount()).toBe(callsBefore + 1);
      }),
    GIVE_UP_MS,
  );
});

describe('makes one platform run of a start whose answer was lost, and reports it', () => {
  test.concurrent.each([...PLATFORMS, TOLD_ONLY])(
    'on %s',
    (_, options) =>
      inWorld(options, async (world) => {
        const isLost = world.lab.loseNextStartAnswer();
        const scene = await playScene(world, () => undefined);
        expect(scene).toMatchObject({ ok: true, check: { conclusion: 'failure' } });
        expect(isLost()).toBe(true);
        expect(world.lab.runs()).toMatchObject([{ key: scene.runKey, outcome: 'succeeded' }]);
      }),
    GIVE_UP_MS,
  );
});

test.concurrent(
  'GitHub’s own signed word that a workflow run has ended wakes the bot long before it would look by itself',
  async () => {
    let aheadMs = 0;
    const nowMs = () => Date.now() + aheadMs;
    const gate = Promise.withResolvers<void>();
    const held = { id: JOB, body: () => (): Promise<'failed'> => gate.promise.then(() => 'failed') };
    const options = { nowMs, gitHub: { nowMs }, horreumEvents: [], jobs: [held] };
    await inWorld({ platform: 'github-actions', ...options }, async (world) => {
      const key = await startOn(world, world.pullRequest);
      await until('it runs', () => checkOf(world, world.pullRequest)?.status === 'in_progress');
      aheadMs = 20 * 60_000;
      const sinceMs = nowMs();
      await hintAt(world.callbackUrl, key);
      await until('it was looked at', async () => ((await runOf(world, key))?.lookedAtMs ?? 0) >= sinceMs);
      // A run that old is looked at once a minute.
      gate.resolve();
      await until('the check is completed', () => checkOf(world, world.pullRequest)?.conclusion);
      await world.github.webhooksSettled();
      const told = world.github.deliveries.filter(({ event }) => event === 'workflow_run');
      expect(told.map(({ action, statusCode }) => [action, statusCode])).toEqual([
        ['requested', 202],
        ['in_progress', 202],
        ['completed', 202],
      ]);
    });
  },
  GIVE_UP_MS,
);

function runOf({ local: { environment } }: LocalWorld, runKey: string) {
  const table = createDocumentTable(environment.variables['TABLE_NAME'] ?? '', tableConfig(environment));
  return createDynamoRunStore(table, environment.nowMs).get(runKey);
}

async function hintAt(callbackUrl: string, runKey: string): Promise<void> {
  const answer = await fetch(callbackUrl, { method: 'POST', body: JSON.stringify({ runKey }) });
  expect(answer.status).toBe(202);
}

test.concurrent('a job whose end nobody would ever tell is found when the project is checked', () =>
  inWorld({ ...TOLD_ONLY[1], jobs: [{ id: JOB, file: { datastoreConfig: undefined } }] }, async (world) => {
    const errors = (await findingsIn(world)).filter(isError);
    expect(errors.map(({ subject }) => subject)).toEqual([`job ${JOB}`]);
    expect(errors[0]?.remedy).toContain('answersStatus');
  }),
);

async function findingsIn({ local }: LocalWorld): Promise<readonly Finding[]> {
  return checkStored(await adminDeps(local.environment).admin(), REPO_FULL_NAME);
}

function isError({ ok, severity = 'error' }: Finding): boolean {
  return !ok && severity === 'error';
}
