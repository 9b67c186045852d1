/** Runs that have not ended, in each of their states and on each platform. */
import { PLATFORMS } from '../../../lib/perflab/job-executor.ts';
import { cancelOn, rerunOnFirst, run, runOnFirst } from '../../faults/acts.ts';
import { endlessJob, losesAnswersOf, once, REFUSED } from '../../faults/scenario.ts';
import { delivers, has, isIn } from './moments.ts';
import {
  cancelled,
  neverUploads,
  onceOver,
  oneWith,
  reported,
  runOnSecond,
  saidOn,
  type Scene,
} from './scene.ts';

/** The first build breaks by the lab's fault, the second by the code's. */
const breaksTwice = () => {
  let builds = 0;
  return {
    job: async (job: { wait(ms: number): Promise<void>; log(line: string): void }) => {
      builds += 1;
      await job.wait(20_000);
      job.log(builds === 1 ? 'No space left on device' : 'AssertionError: expected 3 but was 4');
      return 'failed' as const;
    },
  };
};

const takesAMinute = async (job: { wait(ms: number): Promise<void> }) => {
  await job.wait(60_000);
  return 'succeeded' as const;
};

export const OPEN_RUNS: readonly Scene[] = [
  { name: 'asked', acts: [runOnFirst], moment: delivers('comment'), expected: reported },
  {
    name: 'requested',
    acts: [runOnFirst],
    prelude: () => once('jenkins POST /job/*/buildWithParameters', REFUSED),
    moment: isIn('requested'),
    expected: reported,
  },
  {
    name: 'requested, and nobody knows whether the job was started',
    acts: [runOnFirst],
    prelude: losesAnswersOf(['jenkins POST /job/*/buildWithParameters']),
    moment: isIn('requested'),
    expected: reported,
  },
  {
    name: 'queued',
    acts: [runOnFirst, runOnSecond],
    options: () => ({ executors: 1, job: takesAMinute }),
    moment: ({ runs }) =>
      runs.some(({ state }) => state === 'running') && runs.some(({ state }) => state === 'queued'),
    expected: { runs: [1, 1], ends: [['results-missing'], ['results-missing']] },
  },
  ...PLATFORMS.map((platform): Scene => ({
    name: platform === 'jenkins' ? 'running' : `running at ${platform}`,
    acts: [runOnFirst],
    options: () => ({ platform, project: { quotas: { runsPerPersonPerDay: 1, runsAtATime: 3 } } }),
    moment: isIn('running'),
    // Mia joins the run, and Ana has used up her quota.
    then: [{ when: () => true, act: (world) => run(world, 0, 'mia') }, rerunOnFirst],
    expected: { ...reported, also: saidOn(0, '@ana @mia') },
  })),
  { name: 'uploaded', acts: [runOnFirst], moment: isIn('uploaded'), expected: reported },
  {
    name: 'failed by the lab, and tried again',
    acts: [runOnFirst],
    options: breaksTwice,
    moment: ({ runs }) =>
      runs.some(({ state, earlierFailure }) => state === 'running' && earlierFailure !== undefined),
    expected: oneWith(1, 'failed'),
    // One for each attempt.
    tolerates: /has 2 ends in its history/,
  },
  {
    name: 'being cancelled',
    acts: [runOnFirst, cancelOn(0)],
    options: endlessJob,
    moment: ({ runs }) => runs.some(({ cancelRequested }) => cancelRequested !== undefined),
    expected: cancelled,
  },
  {
    name: 'at its deadline',
    acts: [runOnFirst],
    options: () => ({ ...endlessJob(), projectJob: { timeoutMinutes: 1 } }),
    moment: ({ runs }) =>
      runs.some(
        ({ cancelRequested }) => (cancelRequested as { why?: string } | undefined)?.why === 'deadline',
      ),
    expected: oneWith(1, 'timed-out'),
  },
  {
    name: 'opened again by a recheck',
    acts: [
      runOnFirst,
      onceOver(({ github, pulls }) => void github.addComment(pulls[0], 'ana', '/perf-bot recheck')),
    ],
    options: neverUploads,
    moment: ({ runs }) =>
      runs.some(({ state, history }) => state === 'running' && (history as object[]).length > 4),
    expected: oneWith(1, 'results-missing'),
    tolerates: /has 2 ends in its history/,
  },
  {
    name: 'joined',
    acts: [runOnFirst, { when: ({ lab }) => lab.runs().length > 0, act: (world) => run(world, 0, 'mia') }],
    moment: (seen) => seen.items.some(({ joins }) => joins !== undefined) && has('JOINED#')(seen),
    // Both commands come once more, when the run is over.
    then: [
      onceOver(({ github }) => {
        for (const { event, guid } of [...github.deliveries])
          if (event === 'issue_comment') github.redeliver(guid);
      }),
    ],
    expected: { ...reported, also: saidOn(0, '@ana @mia') },
  },
];
