/** Runs that have ended, in each way: they can be read, and all that shows their end comes to GitHub. */
import { cancelOn, rerunOnFirst, runOnFirst } from '../../faults/acts.ts';
import type { Expected } from '../../faults/judge.ts';
import { requestTo } from '../../faults/operator.ts';
import { nameOf } from '../../faults/places.ts';
import { endlessJob, failingJob, REFUSED, type Scenario } from '../../faults/scenario.ts';
import type { World } from '../../faults/world.ts';
import { has, isSettledAs } from './moments.ts';
import {
  acknowledges,
  answers,
  neverUploads,
  onceOver,
  oneWith,
  reported,
  saidOn,
  say,
  slowerBeyondDoubt,
  type Scene,
} from './scene.ts';

/** The first is the status comment, the second the mention. */
const refusesSecondComment: Scenario['prelude'] = () => {
  let comments = 0;
  return ({ place }) =>
    nameOf(place) === 'github POST /repos/*/*/issues/*/comments' && (comments += 1) === 2
      ? { kind: 'answer', when: 'before', as: REFUSED }
      : undefined;
};

/** What is asked of an ended run: all of it from its record. */
const READING = ['status', 'explain', 'get 27', 'history', 'list', 'queue'].map((command) =>
  say('ana', command),
);

async function expectVerdict(
  { containers, runsOf, pulls }: World,
  state: Expected['ends'][0][number],
): Promise<void> {
  const [{ runKey = '' } = {}] = await runsOf(pulls[0]);
  const asked = { ...requestTo('GET', `/runs/${runKey}`), pathParameters: { runKey } };
  const answer = await containers.invoke('run-verdict', asked);
  const { statusCode = 502, body = '' } = answer === 'killed' ? {} : answer;
  if (statusCode !== 200 || (JSON.parse(body) as { state?: string }).state !== state)
    throw new Error(`the verdict of a run that is ${state}: ${statusCode} ${body}`);
}

const readable = (state: Expected['ends'][0][number]): Pick<Scene, 'moment' | 'then' | 'expected'> => ({
  moment: isSettledAs(state),
  then: [say('ana', 'status'), { when: () => true, act: async (world) => expectVerdict(world, state) }],
  expected: { ...oneWith(1, state), also: answers(1) },
});

export const ENDED_RUNS: readonly Scene[] = [
  {
    name: 'reported, and the report is not all on GitHub',
    acts: [runOnFirst],
    prelude: refusesSecondComment,
    moment: ({ runs }) =>
      runs.some(({ state, published }) => state === 'reported' && !(published as { settled?: true }).settled),
    expected: reported,
  },
  {
    name: 'reported',
    acts: [runOnFirst, onceOver((world) => expectVerdict(world, 'reported'))],
    ...readable('reported'),
    moment: has('COUNTER#VERDICT'),
    then: [...(readable('reported').then ?? []), ...READING, rerunOnFirst],
    expected: { ...oneWith(2, 'reported'), also: answers(6) },
  },
  {
    name: 'reported and acknowledged',
    acts: [runOnFirst, onceOver(acknowledges)],
    options: slowerBeyondDoubt,
    moment: ({ items }) => JSON.stringify(items).includes('"acknowledged":'),
    then: [
      {
        when: () => true,
        act: ({ github, pulls }) => void github.pushTo(pulls[0]),
      },
    ],
    expected: { ...reported, also: saidOn(0, '1 commit behind', 'known') },
  },
  { name: 'failed', acts: [runOnFirst], options: failingJob, ...readable('failed') },
  {
    name: 'failed, since the lab has no such job',
    acts: [runOnFirst],
    options: () => ({ projectJob: { platformJobId: 'no-such-job' } }),
    moment: isSettledAs('failed'),
    then: [say('ana', 'status')],
    expected: oneWith(1, 'failed'),
    tolerates: /ran pb-\w+ 0 times/,
  },
  { name: 'cancelled', acts: [runOnFirst, cancelOn(0)], options: endlessJob, ...readable('cancelled') },
  {
    name: 'timed-out',
    acts: [runOnFirst],
    options: () => ({ ...endlessJob(), projectJob: { timeoutMinutes: 1 } }),
    ...readable('timed-out'),
  },
  { name: 'results-missing', acts: [runOnFirst], options: neverUploads, ...readable('results-missing') },
];
