/** What is played: the scene, and smaller ones that lead to the places which the scene does not reach. */
import type { Fault, FaultAnswer } from './fault.ts';
import type { ProxiedCall } from './fault-proxy.ts';
import type { Expected } from './judge.ts';
import { nameOf } from './places.ts';
import { cancelOn, isOver, rerunOnFirst, run, runOnBoth, runOnFirst } from './acts.ts';
import type { Act } from './play-scene.ts';
import type { World, WorldOptions } from './world.ts';

export interface Scenario {
  readonly name: string;
  readonly acts: readonly Act[];
  readonly expected: Expected;
  /** A command that comes again minutes after its worker was killed may find that the run it would have joined is over. */
  readonly expectedAfterKill?: Expected;
  readonly options?: () => Omit<WorldOptions, 'faultFor'>;
  /** Breaks calls all the same, so that the bot gets to where it looks for what it did. */
  readonly prelude?: (world: () => World) => (call: ProxiedCall) => Fault | undefined;
}

/** Each name is struck once, by a call that takes effect and whose answer is lost. */
function losesAnswersOf(names: readonly string[]): () => (call: ProxiedCall) => Fault | undefined {
  return () => {
    const left = new Set(names);
    return ({ place }) => (left.delete(nameOf(place)) ? { kind: 'reset', when: 'after' } : undefined);
  };
}

const CREATIONS = [
  'github POST /repos/*/*/issues/*/comments',
  'github POST /repos/*/*/check-runs',
  'jenkins POST /job/*/buildWithParameters',
];

const REFUSED: FaultAnswer = { name: '503', status: 503 };
/** An answer that no SDK repeats. */
const UNUSABLE: FaultAnswer = {
  name: 'ValidationException',
  status: 400,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: '{"__type":"com.amazon.coral.validate#ValidationException","message":"made by the fault proxy"}',
};

const always =
  (fits: (call: ProxiedCall) => boolean, as: FaultAnswer) =>
  (call: ProxiedCall): Fault | undefined =>
    fits(call) ? { kind: 'answer', when: 'before', as } : undefined;

function endlessJob(): Omit<WorldOptions, 'faultFor'> {
  return {
    ignoresStop: true,
    job: async (job) => {
      job.stage('measure');
      await job.wait(3_600_000);
      return 'succeeded';
    },
  };
}

/** Who cancels too late gets a result. */
const STOPPED_OR_DONE = ['cancelled', 'reported'] as const;

export const SCENE: Scenario = {
  name: 'run, cancel, rerun on two pull requests',
  acts: [runOnBoth, cancelOn(1), rerunOnFirst],
  expected: { runs: [2, 1], ends: [['reported'], STOPPED_OR_DONE] },
};

export const SCENARIOS: readonly Scenario[] = [
  SCENE,
  {
    name: 'answers to creations are lost',
    acts: [runOnFirst],
    expected: { runs: [1, 0], ends: [['reported'], []] },
    prelude: losesAnswersOf(CREATIONS),
  },
  {
    name: 'two people want the same',
    expectedAfterKill: { runs: [2, 0], ends: [['reported'], []] },
    acts: [
      {
        when: () => true,
        act: (world) => {
          run(world, 0, 'ana');
          run(world, 0, 'mia');
        },
      },
    ],
    expected: { runs: [1, 0], ends: [['reported'], []] },
  },
  {
    name: 'the results are there long before the job ends',
    acts: [runOnFirst],
    expected: { runs: [1, 0], ends: [['reported'], []], mostMs: 60_000 },
    options: () => ({ lingersMs: 20 * 60_000 }),
  },
  {
    name: 'a job fails',
    acts: [runOnFirst],
    expected: { runs: [1, 0], ends: [['failed'], []] },
    options: () => ({
      job: async (job) => {
        await job.wait(2_000);
        job.log('FAILED: one assertion of 7');
        return 'failed';
      },
    }),
  },
  {
    name: 'a job does not heed a stop',
    acts: [runOnFirst, cancelOn(0)],
    expected: { runs: [1, 0], ends: [['cancelled'], []] },
    options: endlessJob,
  },
  {
    name: 'a job heeds nothing but a kill',
    acts: [runOnFirst, cancelOn(0)],
    expected: { runs: [1, 0], ends: [['cancelled'], []] },
    options: endlessJob,
    prelude: () => always(({ place }) => nameOf(place).endsWith('/term'), REFUSED),
  },
  {
    name: 'a delivery fails',
    acts: [
      {
        when: () => true,
        act: (world) => {
          world.github.webhookFaults.push({ match: /^issue_comment/, how: 'fail' });
          run(world, 0, 'ana');
        },
      },
    ],
    expected: { runs: [1, 0], ends: [['reported'], []] },
  },
  {
    name: 'a push comes after the report',
    acts: [
      runOnFirst,
      {
        when: (world) => isOver(world, 0),
        act: ({ github, pulls }) => void github.pushTo(pulls[0]),
      },
    ],
    expected: { runs: [1, 0], ends: [['reported'], []] },
  },
  {
    name: 'a command can never be carried out',
    acts: [runOnFirst],
    expected: { runs: [0, 0], ends: [[], []] },
    prelude: () =>
      always(
        ({ place, caller }) =>
          caller?.name === 'command-worker' && nameOf(place) === 'dynamodb GetItem REPOSITORY',
        UNUSABLE,
      ),
  },
  {
    name: 'a run can never be looked at',
    acts: [runOnFirst],
    expected: { runs: [1, 0], ends: [['failed'], []] },
    prelude: () =>
      always(
        ({ place, caller }) => caller?.name === 'run-worker' && nameOf(place) === 'dynamodb UpdateItem RUN',
        UNUSABLE,
      ),
  },
];
