/** The main job on every platform, through the whole bot on this machine: to the report, cancelled, and with a lost answer. */
import { describe, expect, test } from '@jest/globals';
import {
  JOB,
  startLocalWorld,
  type LocalWorld,
  type LocalWorldOptions,
} from '../../infra/local/scene/local-world.ts';
import { playScene } from '../../infra/local/scene/play-scene.ts';
import type { LabJobBody } from '../../infra/local/perflab/lab-run.ts';
import type { PullRequest } from '../../infra/local/github/state.ts';

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

/** Jobs that last until they are stopped. */
const endless = {
  id: JOB,
  body: (): LabJobBody => (run) => run.wait(86_400_000).then(() => 'failed' as const),
};

async function inWorld(
  options: LocalWorldOptions,
  play: (world: LocalWorld) => Promise<void>,
): Promise<void> {
  const world = await startLocalWorld({ speed: 10, ...options });
  try {
    await play(world);
  } finally {
    await world.close();
  }
}

async function eventually<Value>(look: () => Value | undefined | false): Promise<Value> {
  for (const giveUpMs = Date.now() + GIVE_UP_MS; ;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > giveUpMs) throw new Error(`never came true: ${look.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const checkOf = ({ github }: LocalWorld, { headSha }: PullRequest) =>
  github.checkRuns(headSha).find(({ name }) => name === `perf / ${JOB}`);

/** The key of the run on a pull request, once its check is there. */
const keyOn = (world: LocalWorld, pull: PullRequest) => eventually(() => checkOf(world, pull)?.externalId);

const conclusionOn = (world: LocalWorld, pull: PullRequest) =>
  eventually(() => checkOf(world, pull)?.conclusion ?? undefined);

const runsAtLab = ({ lab }: LocalWorld, key: string) => lab.runs().filter((run) => run.key === key);

describe('plays the scene to the report', () => {
  test.concurrent.each([...PLATFORMS, TOLD_ONLY])(
    'on %s',
    (_, options) =>
      inWorld(options, async (world) => {
        const scene = await playScene(world, () => undefined);
        expect(scene).toMatchObject({ ok: true, check: { conclusion: 'failure' } });
        expect(scene.mention).toContain('@ana');
        expect(scene.calls.jenkins).toBeGreaterThan(0);
        expect(scene.calls.github).toBeGreaterThan(0);
        expect(runsAtLab(world, scene.runKey ?? '')).toHaveLength(1);
        expect(scene.comment?.body).toContain(`${linkOf(world)}`);
      }),
    GIVE_UP_MS,
  );
});

/** Where people find the run. */
function linkOf({ lab, github }: LocalWorld): string {
  return lab.inGitHub ? `${github.url}/acme/perf-jobs/actions/runs/` : '](http://127.0.0.1:';
}

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
        world.addComment('ana', `/perf-bot run ${JOB}`);
        const runningKey = await keyOn(world, running);
        await eventually(() => runsAtLab(world, runningKey)[0]?.began);
        world.github.addComment(waiting, 'ana', `/perf-bot run ${JOB}`);
        const waitingKey = await keyOn(world, waiting);
        await eventually(() => runsAtLab(world, waitingKey).length === 1);

        world.github.addComment(waiting, 'ana', '/perf-bot cancel');
        expect(await conclusionOn(world, waiting)).toBe('cancelled');
        expect(runsAtLab(world, waitingKey).filter(({ began, ended }) => began || !ended)).toEqual([]);
        expect(runsAtLab(world, runningKey)).toMatchObject([{ began: true, ended: false }]);

        world.addComment('ana', '/perf-bot cancel');
        expect(await conclusionOn(world, running)).toBe('cancelled');
        expect(runsAtLab(world, runningKey)).toMatchObject([{ ended: true, outcome: 'aborted' }]);
      }),
    GIVE_UP_MS,
  );

  test.concurrent(
    'on a lab that can only be told: says so, and asks no more',
    () =>
      inWorld({ ...TOLD_ONLY[1], jobs: [endless] }, async (world) => {
        world.addComment('ana', `/perf-bot run ${JOB}`);
        const key = await keyOn(world, world.pullRequest);
        await eventually(() => runsAtLab(world, key)[0]?.began);
        const callsBefore = world.lab.callCount();
        world.addComment('ana', '/perf-bot cancel');
        expect(await conclusionOn(world, world.pullRequest)).toBe('cancelled');
        await eventually(() => runsAtLab(world, key)[0]?.outcome === 'aborted');
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
        world.lab.loseNextStartAnswer();
        const scene = await playScene(world, () => undefined);
        expect(scene).toMatchObject({ ok: true, check: { conclusion: 'failure' } });
        expect(runsAtLab(world, scene.runKey ?? '')).toHaveLength(1);
        expect(world.lab.runs()).toHaveLength(1);
      }),
    GIVE_UP_MS,
  );
});

test(
  'GitHub’s own word that a workflow run has ended wakes the bot, signed, and is all that does',
  () =>
    inWorld({ platform: 'github-actions', horreumEvents: [] }, async (world) => {
      const scene = await playScene(world, () => undefined);
      expect(scene.ok).toBe(true);
      const told = world.github.deliveries.filter(({ event }) => event === 'workflow_run');
      expect(told.map(({ action, statusCode }) => [action, statusCode])).toEqual([
        ['requested', 202],
        ['in_progress', 202],
        ['completed', 202],
      ]);
      expect(told[0]?.request.headers).toHaveProperty(['X-Hub-Signature-256']);
    }),
  GIVE_UP_MS,
);
