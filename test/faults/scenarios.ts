/** What is played: the scene, on every lab, and smaller ones that lead to the places which the scene does not reach. */
import { nameOf } from './places.ts';
import { cancelOn, isOver, run, runOnFirst } from './acts.ts';
import { LAB_SCENARIOS } from './lab-scenarios.ts';
import { OPERATOR_SCENARIOS } from './operator-scenarios.ts';
import { RARE_SCENARIOS } from './rare-scenarios.ts';
import {
  always,
  endlessJob,
  failingJob,
  isCommandsRead,
  losesAnswersOf,
  once,
  ASKS_TO_WAIT,
  REFUSED,
  SCENE,
  UNUSABLE,
  type Scenario,
} from './scenario.ts';

const CREATIONS = [
  'github POST /repos/*/*/issues/*/comments',
  'github POST /repos/*/*/check-runs',
  'jenkins POST /job/*/buildWithParameters',
];

export const SCENARIOS: readonly Scenario[] = [
  SCENE,
  ...LAB_SCENARIOS,
  {
    name: 'answers to creations are lost',
    acts: [runOnFirst],
    expected: { runs: [1, 0], ends: [['reported'], []] },
    prelude: losesAnswersOf(CREATIONS),
  },
  {
    name: 'no delivery ever arrived',
    acts: [runOnFirst],
    expected: { runs: [1, 0], ends: [['reported'], []] },
    options: () => ({ losesWebhook: (path) => path.startsWith('/github') }),
  },
  {
    name: 'GitHub asks to wait',
    acts: [runOnFirst],
    expected: { runs: [1, 0], ends: [['reported'], []] },
    prelude: () => once('github POST /repos/*/*/check-runs', ASKS_TO_WAIT),
  },
  {
    name: 'two people want the same',
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
    options: failingJob,
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
    prelude: () => always(isCommandsRead, UNUSABLE),
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
  ...RARE_SCENARIOS,
  ...OPERATOR_SCENARIOS,
];
