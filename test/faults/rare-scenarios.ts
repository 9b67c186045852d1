/** What leads to calls that the bot makes only where a project asks for it, or where another system is as it seldom is. */
import { isBuilding, runOnFirst } from './acts.ts';
import { JOB, REPOSITORY } from './outside.ts';
import { nameOf } from './places.ts';
import { always, failingJob, once, REFUSED, type Scenario } from './scenario.ts';
import type { FaultAnswer } from './fault.ts';

const NOT_FOUND: FaultAnswer = { name: '404', status: 404 };
/** https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api */
const BAD_CREDENTIALS: FaultAnswer = {
  name: '401',
  status: 401,
  headers: { 'content-type': 'application/json' },
  body: '{"message":"Bad credentials"}',
};

const reported = { runs: [1, 0], ends: [['reported'], []] } as const;
const failed = { runs: [1, 0], ends: [['failed'], []] } as const;

export const RARE_SCENARIOS: readonly Scenario[] = [
  {
    name: 'only a team may run jobs',
    acts: [
      { when: () => true, act: ({ github }) => github.addTeam(REPOSITORY.owner, 'performance', ['ana']) },
      runOnFirst,
    ],
    expected: reported,
    options: () => ({ project: { authorizedTeams: [`${REPOSITORY.owner}/performance`] } }),
  },
  {
    name: 'a label starts a run if certain files were changed',
    acts: [{ when: () => true, act: ({ github, pulls }) => github.setLabel(pulls[0], 'performance', 'ana') }],
    expected: reported,
    options: () => ({ projectJob: { automatic: [{ on: 'label', label: 'performance', paths: ['**'] }] } }),
  },
  {
    name: 'GitHub takes a token back',
    acts: [runOnFirst],
    expected: reported,
    // While a token is only seconds old Octokit itself waits for it to be known everywhere: some seconds of real time.
    prelude: () => {
      let given = 0;
      return ({ place, caller }) => {
        if (caller?.name !== 'run-worker' || place.system !== 'github') return undefined;
        if (nameOf(place).endsWith('/access_tokens')) given += 1;
        else if (given === 1) return { kind: 'answer', when: 'before', as: BAD_CREDENTIALS };
        return undefined;
      };
    },
  },
  {
    name: 'a queue is busy for a moment',
    acts: [runOnFirst],
    expected: reported,
    prelude: () => once('sqs SendMessage runs', REFUSED),
  },
  {
    name: 'more uploads come meanwhile than are listed',
    acts: [
      runOnFirst,
      {
        when: (world) => isBuilding(world, 0),
        act: async ({ horreum, projectNamed }) => {
          const repoFullName = `${REPOSITORY.owner}/${REPOSITORY.name}`;
          const project = await projectNamed(repoFullName);
          const testId = Number(project?.jobs[JOB]?.datastoreConfig?.testId);
          horreum.seedBaseline({ testId, runs: 25, repoFullName, jobId: JOB, seed: 'others' });
        },
      },
    ],
    expected: reported,
    options: () => ({ losesWebhook: (path) => !path.startsWith('/github') }),
  },
  {
    name: 'Jenkins has no log that can be read from the end',
    acts: [runOnFirst],
    expected: failed,
    options: failingJob,
    prelude: () => always(({ place }) => nameOf(place).endsWith('/logText/progressiveText'), NOT_FOUND),
  },
  {
    name: 'argo-workflows: the pods of a failed job are gone',
    acts: [runOnFirst],
    expected: failed,
    options: () => ({ ...failingJob(), platform: 'argo-workflows' }),
    prelude: () => always(({ place }) => nameOf(place).endsWith('/log'), NOT_FOUND),
  },
  {
    name: 'argo-workflows: a workflow that was not found is there',
    acts: [runOnFirst],
    expected: reported,
    options: () => ({ platform: 'argo-workflows' }),
    prelude: () => {
      let starts = 0;
      return ({ place }) => {
        const name = nameOf(place);
        if (name === 'argo-workflows POST /api/v1/workflows/*' && (starts += 1) === 1)
          return { kind: 'reset', when: 'after' };
        if (name === 'argo-workflows GET /api/v1/workflows/*/*' && starts === 1)
          return { kind: 'answer', when: 'before', as: NOT_FOUND };
        return undefined;
      };
    },
  },
];
