/** Deliveries of GitHub that wait in the queue, one of each kind, and what must follow from it. */
import { runOnFirst } from '../../faults/acts.ts';
import type { Expected } from '../../faults/judge.ts';
import type { Act } from '../../faults/play-scene.ts';
import { endlessJob } from '../../faults/scenario.ts';
import { delivers, isIn } from './moments.ts';
import { cancelled, onceOver, oneWith, reported, saidOn, whileBuilding, type Scene } from './scene.ts';

const onPush: Act = {
  when: () => true,
  act: ({ github, pulls }) => void github.pushToBranch(pulls[0].repository, 'main', 'ana', 'A merge'),
};
/** The judge knows runs on pull requests. */
const IS_OF_MAIN = /which is no run's/;
const mainIsMeasured: Expected = {
  runs: [0, 0],
  ends: [[], []],
  also: async ({ github, pulls: [{ repository }] }) => {
    const sha = repository.branches.get('main') ?? '';
    const ended = github.checkRuns(sha).map(({ status }) => status);
    return ended.join() === 'completed' ? [] : [`the checks of main’s commit: ${ended.join()}`];
  },
};
const pushOptions = () => ({
  gitHubEvents: ['issue_comment', 'pull_request', 'push'],
  projectJob: { automatic: [{ on: 'push' as const, branches: ['main'] }] },
});

export const DELIVERIES: readonly Scene[] = [
  {
    name: 'a label was set',
    acts: [{ when: () => true, act: ({ github, pulls }) => github.setLabel(pulls[0], 'performance', 'ana') }],
    options: () => ({ projectJob: { automatic: [{ on: 'label', label: 'performance', paths: ['**'] }] } }),
    moment: delivers('pull-request', 'labeled'),
    expected: reported,
  },
  {
    name: 'main was pushed to',
    acts: [onPush],
    options: pushOptions,
    moment: delivers('push'),
    expected: mainIsMeasured,
    tolerates: IS_OF_MAIN,
  },
  {
    name: 'a commit of main is being measured',
    acts: [onPush],
    options: pushOptions,
    moment: isIn('running'),
    expected: mainIsMeasured,
    tolerates: IS_OF_MAIN,
  },
  {
    name: 'the pull request was pushed to',
    acts: [runOnFirst, onceOver(({ github, pulls }) => void github.pushTo(pulls[0]))],
    moment: delivers('pull-request', 'synchronize'),
    expected: { ...reported, also: saidOn(0, '1 commit behind') },
  },
  {
    name: 'the pull request was closed',
    acts: [runOnFirst, whileBuilding(({ github, pulls }) => github.closePullRequest(pulls[0]))],
    options: endlessJob,
    moment: delivers('pull-request', 'closed'),
    expected: cancelled,
  },
  {
    name: 'a check was asked for again',
    acts: [
      runOnFirst,
      onceOver(({ github }) => github.rerequestCheckRun(github.checkRuns()[0]?.id ?? 0, 'mia')),
    ],
    moment: delivers('check-button'),
    expected: oneWith(2, 'reported'),
  },
  {
    name: 'the installation was suspended',
    acts: [
      runOnFirst,
      whileBuilding(({ github, pulls }) => github.changeInstallation(pulls[0].repository, 'suspend')),
    ],
    options: endlessJob,
    moment: delivers('installation'),
    expected: cancelled,
    // GitHub refuses all that is written there.
    tolerates: /check run|status comment|mentions/,
  },
  {
    name: 'the repository was taken from the installation',
    acts: [
      runOnFirst,
      whileBuilding(({ github, pulls }) => {
        github.setInstalled(pulls[0].repository, false);
        github.setInstalled(pulls[0].repository, true);
      }),
    ],
    options: endlessJob,
    moment: delivers('installation-repositories'),
    expected: cancelled,
  },
  {
    name: 'the repository was renamed',
    acts: [
      runOnFirst,
      onceOver(({ github, pulls: [{ repository }] }) => {
        github.renameRepository(repository, 'shop');
        github.fire(repository, 'repository', 'renamed', {}, repository.owner);
      }),
    ],
    options: () => ({ gitHubEvents: ['issue_comment', 'pull_request', 'repository'] }),
    moment: delivers('repository'),
    expected: {
      ...reported,
      also: async (world) => ((await world.projectNamed('acme/shop')) ? [] : ['the project did not follow']),
    },
  },
  {
    name: 'GitHub Actions tells of a workflow run',
    acts: [runOnFirst],
    options: () => ({ platform: 'github-actions' }),
    moment: delivers('platform-run'),
    expected: reported,
  },
];
