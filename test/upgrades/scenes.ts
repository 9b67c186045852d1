/** The scenes whose stored state is kept for each release: each is stopped at one moment, and goes on from there with a later version. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PLATFORMS } from '../../lib/perflab/job-executor.ts';
import { cancelOn, isBuilding, isOver, rerunOnFirst, run, runOnBoth, runOnFirst } from '../faults/acts.ts';
import type { Expected } from '../faults/judge.ts';
import { askUntilAnswered, requestTo } from '../faults/operator.ts';
import { JOB, REPOSITORY } from '../faults/outside.ts';
import { nameOf } from '../faults/places.ts';
import type { Act } from '../faults/play-scene.ts';
import {
  always,
  ASKS_TO_WAIT,
  endlessJob,
  failingJob,
  isCommandsRead,
  losesAnswersOf,
  once,
  REFUSED,
  UNUSABLE,
  type Scenario,
} from '../faults/scenario.ts';
import type { World } from '../faults/world.ts';
import type { Seen } from './snapshot.ts';

export interface Scene extends Omit<Scenario, 'expected'> {
  /** Where the snapshot is taken: what is stored and queued then is the fixture. */
  readonly moment: (seen: Seen) => boolean;
  /** What people do after that. */
  readonly then?: readonly Act[];
  /** What must have become of it in the end. */
  readonly expected: Expected;
  /** What the judge of the fault matrix finds wrong, and is right in this scene. */
  readonly tolerates?: RegExp;
}

const MINUTE_MS = 60_000;
const REPO_FULL_NAME = `${REPOSITORY.owner}/${REPOSITORY.name}`;

const isIn =
  (state: string) =>
  ({ runs }: Seen): boolean =>
    runs.some((one) => one['state'] === state);
const isSettledAs =
  (state: string) =>
  ({ runs }: Seen): boolean =>
    runs.some((one) => one['state'] === state && (one['published'] as { settled?: true }).settled === true);

/** As far as a moment is known by it. */
interface Message {
  readonly kind?: string;
  readonly delivery?: { readonly kind: string; readonly action?: string };
  readonly change?: { readonly kind: string };
  readonly redraw?: true;
  readonly postponed?: number;
}

const waits =
  (queue: 'commands' | 'runs', isIt: (message: Message) => boolean) =>
  ({ messages }: Seen): boolean =>
    messages(queue).some(isIt);
const delivers = (kind: string, action?: string) =>
  waits(
    'commands',
    ({ delivery }) => delivery?.kind === kind && (action === undefined || delivery.action === action),
  );
const isPutOff = ({ postponed = 0 }: Message) => postponed > 0;

const oneWith = (runs: number, ...ends: Expected['ends'][0]): Expected => ({
  runs: [runs, 0],
  ends: [ends, []],
});
const reported = oneWith(1, 'reported');
const cancelled = oneWith(1, 'cancelled');

const say = (login: string, command: string, when: Act['when'] = () => true): Act => ({
  when,
  act: ({ github, pulls }) => void github.addComment(pulls[0], login, `/perf-bot ${command}`),
});
const onceOver = (act: Act['act']): Act => ({ when: (world) => isOver(world, 0), act });
const whileBuilding = (act: Act['act']): Act => ({ when: (world) => isBuilding(world, 0), act });

/** A worker dies while it holds the run's lease, so that the next wish for that run has to wait in a queue. */
const diesHolding =
  (place: string, nth = 1): NonNullable<Scenario['prelude']> =>
  () => {
    let calls = 0;
    return ({ place: called, caller }) =>
      nameOf(called) === place && (calls += 1) === nth && caller?.name === 'run-worker'
        ? { kind: 'killed', when: 'before' }
        : undefined;
  };
const onceKilled = (act: Act['act']): Act => ({
  when: ({ seen }) => seen.some(({ caller }) => caller?.killed),
  act,
});
const slowerBeyondDoubt = () => ({ slowdown: 2 });
const acknowledges: Act['act'] = ({ github, pulls }) => {
  github.setPermission(pulls[0].repository, 'mia', 'maintain');
  github.addComment(pulls[0], 'mia', '/perf-bot ack mean_response_time "known"');
};

/** The first is the status comment, the second the mention. */
const refusesSecondComment = () => {
  let comments = 0;
  return ({ place }: Parameters<ReturnType<typeof always>>[0]) =>
    nameOf(place) === 'github POST /repos/*/*/issues/*/comments' && (comments += 1) === 2
      ? ({ kind: 'answer', when: 'before', as: REFUSED } as const)
      : undefined;
};

const neverUploads = () => ({
  job: async (job: { wait(ms: number): Promise<void> }) => {
    await job.wait(2_000);
    return 'succeeded' as const;
  },
  projectJob: { resultsTimeoutMinutes: 1 },
});

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

const ORIGINAL = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', 'lib', 'bot', 'projects', 'original-project.json'), 'utf8'),
) as object;

/** Everything that a project file may hold. */
const WHOLE_FILE = {
  repoFullName: 'acme/everything',
  minimumPermission: 'triage',
  authorizedTeams: ['acme/performance'],
  readOnlyCommands: 'authorized',
  datastoreUrl: 'https://horreum.example',
  datastoreApiKey: 'fake-horreum-key',
  jobPlatformUrl: 'https://jenkins.example',
  jobPlatformUser: 'bench',
  jobPlatformApiKey: 'fake-jenkins-key',
  labs: {
    cluster: {
      platform: 'argo-workflows',
      url: 'https://argo.example',
      apiKey: 'fake-argo-key',
      settings: { namespace: 'perf' },
    },
  },
  quotas: { runsPerPersonPerDay: 5, runsAtATime: 2, runsPerBotPerDay: 1 },
  check: { completeWhenNothingApplies: true, failOnCannotTell: true, failOnMissingResults: true },
  cancelOnClose: false,
  jobs: {
    checkout: {
      name: 'Checkout',
      platformJobId: 'perf/checkout',
      description: 'Measures the checkout',
      timeoutMinutes: 30,
      resultsTimeoutMinutes: 5,
      pullRequestNumberParam: 'PR',
      repoFullNameParam: 'REPO',
      repoCommitParam: 'COMMIT',
      datastoreConfig: { testId: 10, viewId: null },
      configurableParams: {
        USERS: { name: 'USERS', description: 'how many', pattern: '\\d+', default: '10' },
        SIZE: { name: 'SIZE', values: ['small', 'large'] },
      },
      metrics: {
        rt: { title: 'Response time', unit: 'ms', direction: 'lower', threshold: 5, policy: 'gate' },
        load: { policy: 'info' },
      },
      history: {
        commitLabel: 'commit',
        branchLabel: 'branch',
        environmentLabels: ['host'],
        mainValue: 'main',
        maxRuns: 30,
      },
      access: { authorizedUsers: ['ana'] },
      comment: 'quiet',
      automatic: [
        { on: 'label', label: 'performance', paths: ['src/**'], parameters: { SIZE: 'small' } },
        { on: 'push', branches: ['main'] },
        { on: 'opened', cancelOlder: true },
      ],
      retryLabFaults: false,
    },
    'on-the-cluster': { platformJobId: 'bench', lab: 'cluster', datastoreConfig: { testId: '11' } },
  },
} as const;

const subjectOf = ({ items }: Seen, field: string) =>
  items.some(({ subject }) => subject !== undefined && field in (subject as object));
const has = (prefix: string) => (seen: Seen) => seen.items.some(({ pk }) => String(pk).startsWith(prefix));

/** A fork's pull request beside the two that every world has. */
const forkAsks: Act = {
  when: () => true,
  act: ({ github, pulls: [{ repository }] }) => {
    github.addUser({ login: 'newcomer' });
    const fork = github.openPullRequest(repository, {
      author: 'newcomer',
      headRef: 'from-outside',
      title: 'From outside',
      fromFork: true,
    });
    github.addComment(fork, 'newcomer', `/perf-bot run ${JOB}`);
  },
};
const forkOf = ({ github, pulls }: World) => github.pull(3, pulls[0].repository);
const approveFork: Act = {
  when: (world) => forkOf(world).comments.some(({ author }) => author.type === 'Bot'),
  act: (world) =>
    void world.github.addComment(forkOf(world), 'mia', `/perf-bot approve ${forkOf(world).headSha}`),
};
const forkIsReported: Expected = {
  runs: [0, 0],
  ends: [[], []],
  also: async (world) => {
    const states = (await world.runsOf(forkOf(world))).map(({ state }) => state);
    return states.join() === 'reported' ? [] : [`the fork’s runs: ${states.join()}`];
  },
};

const onPush: Act = {
  when: () => true,
  act: ({ github, pulls }) => void github.pushToBranch(pulls[0].repository, 'main', 'ana', 'A merge'),
};
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

const saidOn =
  (index: 0 | 1, ...words: string[]) =>
  ({ pulls }: World): Promise<string[]> => {
    const text = pulls[index].comments
      .filter(({ author }) => author.type === 'Bot')
      .map(({ body }) => body)
      .join('\n');
    return Promise.resolve(words.filter((one) => !text.includes(one)).map((one) => `nobody says ${one}`));
  };

/** What is asked of an ended run: all of it from its record. */
const READING = ['status', 'explain', 'get 27', 'history', 'list', 'queue'].map((command) =>
  say('ana', command),
);
/** Commands without an answer would pass unseen. */
const answers =
  (count: number) =>
  ({ pulls: [{ comments }] }: World): Promise<string[]> => {
    const replies = comments.filter(({ body }) => body.includes('perf-bot:reply')).length;
    return Promise.resolve(replies >= count ? [] : [`only ${replies} of ${count} commands were answered`]);
  };

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

const EVENTS = ['issue_comment', 'pull_request', 'push', 'repository', 'workflow_run'];

/** One after another, so that they lie in the queue in this order. */
const deliverEverything: Act['act'] = async ({ github, lab, pulls }) => {
  const [pull] = pulls;
  const { repository, number, headSha: sha } = pull;
  const head = { sha, repo: { id: repository.id } };
  const updated_at = new Date(pull.updatedAtMs).toISOString();
  const pull_request = { number, draft: false, updated_at, head, base: { ref: 'main' } };
  const check_run = { id: github.checkRuns()[0]?.id, head_sha: sha, external_id: lab.runs()[0]?.key };
  const fire = async (event: string, action: string, parts: Record<string, unknown>) => {
    github.fire(repository, event, action, parts, pull.author);
    await github.webhooksSettled();
  };
  const issue = github.openIssue(repository, 'mia', 'No pull request');
  github.addComment(issue, 'mia', '/perf-bot help');
  await github.webhooksSettled();
  for (const action of ['opened', 'reopened', 'ready_for_review', 'synchronize', 'labeled', 'closed'])
    await fire('pull_request', action, { pull_request, label: { name: 'performance' } });
  for (const identifier of ['rerun', 'recheck', 'ack'])
    await fire('check_run', 'requested_action', { check_run, requested_action: { identifier } });
  await fire('check_run', 'rerequested', { check_run });
  await fire('push', '', { ref: 'refs/heads/main', after: sha, commits: [{ modified: ['src/a.ts'] }] });
  const workflow_run = { id: 77, display_title: `getting-started ${lab.runs()[0]?.key}` };
  await fire('workflow_run', 'completed', { workflow_run });
  for (const action of ['created', 'new_permissions_accepted', 'suspend', 'unsuspend', 'deleted'])
    await fire('installation', action, {});
  const removed = [{ id: repository.id, full_name: REPO_FULL_NAME, private: false }];
  await fire('installation_repositories', 'added', { repositories_added: removed, repositories_removed: [] });
  await fire('installation_repositories', 'removed', {
    repositories_added: [],
    repositories_removed: removed,
  });
  for (const action of ['renamed', 'transferred', 'privatized', 'publicized', 'deleted'])
    await fire('repository', action, {});
};

const tellEverything: Act['act'] = async (world) => {
  const urls = (await askUntilAnswered(world, 'GET', `/config/${REPO_FULL_NAME}/urls`)) as {
    readonly perflab: string;
    readonly horreum: readonly { readonly event: string; readonly url: string }[];
  };
  const post = (url: string, body: object) => fetch(url, { method: 'POST', body: JSON.stringify(body) });
  const base = urls.horreum[0]?.url.split('/').slice(0, -2).join('/') ?? '';
  await post(`${base}/run/new`, { id: 3 });
  await post(`${base}/dataset_labels/computed`, { runId: 3 });
  await post(`${base}/experiment_result/new`, { datasetInfo: { runId: 3 } });
  await post(`${base}/change/new`, { change: { dataset: { runId: 3 } } });
  await post(`${base}/test/new`, {});
  const runKey = world.lab.runs()[0]?.key;
  await post(urls.perflab, { runKey });
  await post(urls.perflab, { jobId: JOB });
  await post(urls.perflab, {
    jobId: JOB,
    buildNumber: '1',
    repoFullName: REPO_FULL_NAME,
    pullRequestNumber: 1,
  });
  await post(urls.perflab, {});
};

export const SCENES: readonly Scene[] = [
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
    acts: [runOnBoth],
    options: () => ({ executors: 1, job: endlessThenDone }),
    moment: ({ runs }) =>
      runs.some(({ state }) => state === 'running') && runs.some(({ state }) => state === 'queued'),
    expected: { runs: [1, 1], ends: [['results-missing'], ['results-missing']] },
  },
  ...PLATFORMS.map((platform): Scene => ({
    name: platform === 'jenkins' ? 'running' : `running at ${platform}`,
    acts: [runOnFirst],
    options: () => ({ platform, project: { quotas: { runsPerPersonPerDay: 5, runsAtATime: 3 } } }),
    moment: isIn('running'),
    expected: reported,
  })),
  { name: 'uploaded', acts: [runOnFirst], moment: isIn('uploaded'), expected: reported },
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
    name: 'failed by the lab, and tried again',
    acts: [runOnFirst],
    options: breaksTwice,
    moment: ({ runs }) =>
      runs.some(({ state, earlierFailure }) => state === 'running' && earlierFailure !== undefined),
    expected: oneWith(1, 'failed'),
  },
  {
    name: 'failed, since the lab has no such job',
    acts: [runOnFirst],
    options: () => ({ projectJob: { platformJobId: 'no-such-job' } }),
    moment: isSettledAs('failed'),
    then: [say('ana', 'status')],
    expected: oneWith(1, 'failed'),
    tolerates: /ran pb-\w+ 0 times/,
  },
  {
    name: 'being cancelled',
    acts: [runOnFirst, cancelOn(0)],
    options: endlessJob,
    moment: ({ runs }) => runs.some(({ cancelRequested }) => cancelRequested !== undefined),
    expected: cancelled,
  },
  { name: 'cancelled', acts: [runOnFirst, cancelOn(0)], options: endlessJob, ...readable('cancelled') },
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
    name: 'timed-out',
    acts: [runOnFirst],
    options: () => ({ ...endlessJob(), projectJob: { timeoutMinutes: 1 } }),
    ...readable('timed-out'),
  },
  { name: 'results-missing', acts: [runOnFirst], options: neverUploads, ...readable('results-missing') },
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
    acts: [
      {
        when: () => true,
        act: (world) => {
          run(world, 0, 'ana');
          run(world, 0, 'mia');
        },
      },
    ],
    moment: (seen) => seen.items.some(({ joins }) => joins !== undefined) && has('JOINED#')(seen),
    expected: { ...reported, also: saidOn(0, '@ana @mia') },
  },
  {
    name: 'a cancel waits for the lease',
    acts: [
      runOnFirst,
      onceKilled(({ github, pulls }) => void github.addComment(pulls[0], 'mia', '/perf-bot cancel')),
    ],
    options: endlessJob,
    prelude: diesHolding('jenkins GET /job/*/*/api/json'),
    moment: waits('runs', ({ change }) => change?.kind === 'cancel'),
    expected: cancelled,
  },
  {
    name: 'an acknowledgement waits for the lease',
    acts: [runOnFirst, onceKilled(acknowledges)],
    options: slowerBeyondDoubt,
    prelude: diesHolding('github POST /repos/*/*/issues/*/comments', 2),
    moment: waits('runs', ({ change }) => change?.kind === 'acknowledge'),
    expected: { ...reported, also: saidOn(0, 'known') },
  },
  {
    name: 'a recheck waits for the lease',
    acts: [
      runOnFirst,
      onceKilled(({ github, pulls }) => void github.addComment(pulls[0], 'ana', '/perf-bot recheck')),
    ],
    options: neverUploads,
    prelude: diesHolding('github POST /repos/*/*/issues/*/comments', 2),
    moment: waits('runs', ({ change }) => change?.kind === 'recheck'),
    expected: oneWith(1, 'results-missing'),
    tolerates: /has 2 ends in its history/,
  },
  {
    name: 'a new drawing waits for the lease',
    acts: [runOnFirst, onceKilled(({ github, pulls }) => void github.pushTo(pulls[0]))],
    prelude: diesHolding('github POST /repos/*/*/issues/*/comments', 2),
    moment: waits('runs', ({ redraw }) => redraw === true),
    expected: { ...reported, also: saidOn(0, '1 commit behind') },
  },
  {
    name: 'a fork waits for an approval',
    acts: [forkAsks],
    moment: (seen) => subjectOf(seen, 'askedFor'),
    then: [approveFork],
    expected: forkIsReported,
  },
  {
    name: 'a fork was approved',
    acts: [forkAsks, approveFork],
    moment: (seen) => subjectOf(seen, 'approvedShas') && isIn('running')(seen),
    expected: forkIsReported,
  },
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
  },
  {
    name: 'a commit of main is being measured',
    acts: [onPush],
    options: pushOptions,
    moment: isIn('running'),
    expected: mainIsMeasured,
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
    then: [
      {
        when: ({ lab }) => lab.runs().every(({ ended }) => ended),
        act: ({ github, pulls }) => github.changeInstallation(pulls[0].repository, 'unsuspend'),
      },
    ],
    expected: cancelled,
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
  {
    name: 'Horreum tells of an upload',
    acts: [runOnFirst],
    moment: waits('runs', ({ kind }) => kind === 'horreum'),
    expected: reported,
  },
  {
    name: 'the lab tells of an end',
    acts: [runOnFirst],
    moment: waits('runs', ({ kind }) => kind === 'perflab'),
    expected: reported,
  },
  {
    name: 'Horreum tells of an upload without labels while two runs are open',
    acts: [runOnBoth],
    moment: waits('runs', (message) => message.kind === 'horreum' && isPutOff(message)),
    expected: { runs: [1, 1], ends: [['reported'], ['reported']] },
  },
  {
    name: 'a command was put off',
    acts: [runOnFirst],
    prelude: () => once('github GET /repos/*/*/pulls/*', ASKS_TO_WAIT),
    moment: waits('commands', isPutOff),
    expected: reported,
  },
  {
    name: 'a lost command was found',
    acts: [runOnFirst],
    options: () => ({ losesWebhook: (path) => path.startsWith('/github') }),
    moment: delivers('comment'),
    expected: reported,
  },
  {
    name: 'a delivery is asked for again',
    acts: [
      {
        when: () => true,
        act: (world) => {
          world.github.webhookFaults.push({ match: /^issue_comment/, how: 'fail' });
          run(world, 0, 'ana');
        },
      },
    ],
    moment: has('COUNTER#REDELIVER'),
    expected: reported,
  },
  {
    name: 'everything that GitHub delivers',
    acts: [runOnFirst, whileBuilding(deliverEverything)],
    options: () => ({ ...endlessJob(), gitHubEvents: EVENTS }),
    moment: ({ messages }) => messages('commands').length > 20,
    expected: oneWith(1, 'cancelled', 'results-missing'),
    tolerates: /has \d runs/,
  },
  {
    name: 'everything that Horreum and a lab tell',
    acts: [runOnFirst, whileBuilding(tellEverything)],
    options: () => ({ lingersMs: 30_000 }),
    moment: ({ messages }) => messages('runs').length > 8,
    expected: reported,
  },
  {
    name: 'GitHub asks to wait',
    acts: [runOnFirst],
    prelude: () => once('github POST /repos/*/*/check-runs', ASKS_TO_WAIT),
    moment: has('LIMIT#'),
    expected: reported,
  },
  {
    name: 'a command died',
    acts: [runOnFirst],
    prelude: (world) => always((call) => isCommandsRead(call) && !isToldOfDeath(world()), UNUSABLE),
    moment: has('DEAD#'),
    then: [
      {
        when: (world) => isToldOfDeath(world) && Object.values(world.aws.messages).flat().length === 0,
        async act(world) {
          const letters = (await askUntilAnswered(world, 'GET', '/admin/dead-letters')) as {
            readonly messageId: string;
          }[];
          for (const { messageId } of letters)
            await askUntilAnswered(world, 'POST', `/admin/dead-letters/${messageId}/replay`);
        },
      },
    ],
    expected: reported,
  },
  {
    name: 'a look died',
    acts: [runOnFirst],
    prelude: () =>
      always(
        ({ place, caller }) => caller?.name === 'run-worker' && nameOf(place) === 'dynamodb UpdateItem RUN',
        UNUSABLE,
      ),
    moment: has('DEAD#'),
    expected: oneWith(1, 'failed'),
  },
  {
    name: 'projects',
    acts: [
      {
        when: () => true,
        async act(world) {
          await askUntilAnswered(world, 'POST', '/config?skip-checks=true', ORIGINAL);
          await askUntilAnswered(world, 'POST', '/config?skip-checks=true', WHOLE_FILE);
          const changed = { ...WHOLE_FILE, datastoreApiKey: 'another-fake-horreum-key' };
          await askUntilAnswered(world, 'PUT', '/config/acme/everything?skip-checks=true', changed);
        },
      },
    ],
    moment: ({ items }) => items.some(({ listSort }) => listSort === 'acme/everything'),
    then: [
      {
        when: () => true,
        async act(world) {
          const all = JSON.stringify(await askUntilAnswered(world, 'GET', '/config'));
          for (const one of ['acme/webshop', 'acme/shop', 'acme/everything'])
            if (!all.includes(`"${one}"`)) throw new Error(`the list of projects lacks ${one}`);
          for (const one of ['acme/shop', 'acme/everything']) {
            const shown = (await askUntilAnswered(world, 'GET', `/config/${one}`)) as object;
            await askUntilAnswered(world, 'GET', `/config/${one}/urls`);
            // What is shown is a project file that can be given again.
            await askUntilAnswered(world, 'PUT', `/config/${one}?skip-checks=true`, shown);
          }
        },
      },
      runOnFirst,
    ],
    expected: reported,
  },
];

const isToldOfDeath = ({ pulls }: World) =>
  pulls[0].comments.some(({ body }) => body.includes('perf-bot:dead'));

async function endlessThenDone(job: { wait(ms: number): Promise<void> }) {
  await job.wait(MINUTE_MS);
  return 'succeeded' as const;
}
