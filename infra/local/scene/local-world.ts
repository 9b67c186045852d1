/** Everything on one machine: the bot's local server and stand-ins for GitHub, Jenkins and Horreum, joined as an operator would join the real ones. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectUrls, storeProject } from '../../../lib/bot/projects/admin.ts';
import { createHorreumAdmin } from '../../../lib/horreum/horreum-admin.ts';
import { createOutsideCall } from '../../../lib/http/outside-call.ts';
import { adminDeps } from '../../../lib/wiring/admin.ts';
import { startGitHubStandIn, type GitHubStandIn } from '../github/github-stand-in.ts';
import { startHorreumStandIn, type HorreumStandIn } from '../horreum/start-horreum-stand-in.ts';
import { startJenkinsStandIn, type JenkinsStandIn } from '../jenkins/jenkins-stand-in.ts';
import { createPullRequestPage } from '../page/pull-request-page.ts';
import {
  createLocalEnvironment,
  type LocalEnvironment,
  type Variables,
} from '../server/local-environment.ts';
import { startLocalServer, type LocalServer } from '../server/local-server.ts';
import { benchmarkJob } from './benchmark-job.ts';
import { startCallMeter, type CallMeter } from './call-meter.ts';

export const REPOSITORY = { owner: 'acme', name: 'webshop' };
export const JOB = 'getting-started';
const BOT_PATHS = /^\/(github|horreum|job|config|runs)(\/|$)/;

export interface LocalWorld {
  readonly url: string;
  readonly github: GitHubStandIn;
  readonly jenkins: JenkinsStandIn;
  readonly horreum: HorreumStandIn;
  readonly local: LocalEnvironment;
  readonly server: LocalServer;
  readonly meter: CallMeter;
  readonly pullRequest: { readonly number: number };
  /** How much slower the pull request's code is from now on. */
  setSlowdown(factor: number): void;
  addComment(login: string, body: string): { readonly id: number };
  close(): Promise<void>;
}

export interface LocalWorldOptions {
  readonly port?: number;
  readonly sink?: (line: string) => void;
  readonly variables?: Variables;
  readonly slowdown?: number;
  readonly baselineRuns?: number;
  /** Jenkins' builds go so much faster. */
  readonly speed?: number;
  readonly project?: Record<string, unknown>;
}

export async function startLocalWorld(options: LocalWorldOptions = {}): Promise<LocalWorld> {
  const meter = startCallMeter();
  const folder = await mkdtemp(join(tmpdir(), 'perf-bot-'));
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const webhookSecret = randomBytes(20).toString('hex');
  let slowdown = options.slowdown ?? 1.12;
  let callbackUrl = '';

  const horreum = await startHorreumStandIn();
  const { testId, viewId } = seedHorreum(horreum, options.baselineRuns ?? 20);
  const jenkins = await startJenkinsStandIn({
    user: 'admin',
    executors: 2,
    speed: options.speed ?? 1,
    jobs: [
      {
        name: JOB,
        estimatedDurationMs: 3_000,
        parameters: ['PERF_BOT_RUN', 'PULL_REQUEST_NUMBER', 'REPO_FULL_NAME', 'APP_COMMIT', 'DURATION'].map(
          (name) => ({ name }),
        ),
        run: benchmarkJob({
          horreumUrl: horreum.url,
          horreumKey: horreum.apiKey,
          jobId: JOB,
          callbackUrl: () => callbackUrl,
          slowdown: () => slowdown,
        }),
      },
    ],
  });
  const github = await startGitHubStandIn({ appId: 4242, publicKeyPem: privateKey, webhookSecret });
  const local = await createLocalEnvironment(
    {
      GITHUB_API_URL: github.url,
      GITHUB_APP_ID: '4242',
      GITHUB_PRIVATE_KEY: privateKey,
      GITHUB_WEBHOOK_SECRET: webhookSecret,
      JENKINS_URL: jenkins.url,
      HORREUM_URL: horreum.url,
      SWEEP_INTERVAL_SECONDS: '10',
      PUBLIC_URL: 'http://localhost',
      ...options.variables,
    },
    { dataDir: undefined, secretsDir: folder, sink: options.sink ?? (() => undefined) },
  );
  const page = createPullRequestPage(github);
  const server = await startLocalServer(
    local,
    options.port ?? 0,
    (request, response) =>
      !BOT_PATHS.test(new URL(request.url ?? '/', 'http://x').pathname) && page(request, response),
  );
  const url = `http://localhost:${server.port}`;
  (local.environment.variables as Variables)['PUBLIC_URL'] = url;
  github.hook.url = `http://127.0.0.1:${server.port}/github`;
  github.state.webUrl = url;
  const repository = peopleOf(github);
  await joinProject(local, horreum, {
    ...projectFile(horreum, String(testId), String(viewId)),
    ...options.project,
  });
  callbackUrl = (
    await projectUrls(await adminDeps(local.environment).admin(), `${REPOSITORY.owner}/${REPOSITORY.name}`)
  ).perflab.replace('localhost', '127.0.0.1');
  const pull = github.openPullRequest(repository, {
    author: 'ana',
    headRef: 'faster-checkout',
    title: 'Make the checkout faster',
    body: 'Prices are no longer computed twice.',
  });
  return {
    url,
    github,
    jenkins,
    horreum,
    local,
    server,
    meter,
    pullRequest: pull,
    setSlowdown: (factor) => void (slowdown = factor),
    addComment: (login, body) => github.addComment(pull, login, body),
    async close() {
      await server.close();
      await Promise.all([github.close(), jenkins.close(), horreum.close()]);
      await local.close();
      meter.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function seedHorreum(horreum: HorreumStandIn, runs: number): { testId: number; viewId: number } {
  const { testId } = horreum.seedSampleProject();
  if (runs > 0)
    horreum.seedBaseline({
      testId,
      runs,
      repoFullName: `${REPOSITORY.owner}/${REPOSITORY.name}`,
      jobId: JOB,
    });
  return { testId, viewId: 2 };
}

function peopleOf(github: GitHubStandIn) {
  const repository = github.addRepository(REPOSITORY);
  for (const login of ['ana', 'mia', 'newcomer']) github.addUser({ login });
  github.setPermission(repository, 'ana', 'write');
  github.setPermission(repository, 'mia', 'maintain');
  return repository;
}

/** The original's shape, with what the scene needs beyond it. */
function projectFile(horreum: HorreumStandIn, testId: string, viewId: string): Record<string, unknown> {
  return {
    id: 'webshop',
    repoFullName: `${REPOSITORY.owner}/${REPOSITORY.name}`,
    repositoryUrl: `https://github.com/${REPOSITORY.owner}/${REPOSITORY.name}`,
    datastoreApiKey: horreum.apiKey,
    jobPlatformUser: 'admin',
    jobPlatformApiKey: 'jenkins-token',
    jobs: {
      [JOB]: {
        name: JOB,
        description: 'the shop under a steady load',
        platformJobId: JOB,
        pullRequestNumberParam: 'PULL_REQUEST_NUMBER',
        repoFullNameParam: 'REPO_FULL_NAME',
        repoCommitParam: 'APP_COMMIT',
        datastoreConfig: { testId, viewId },
        configurableParams: {
          DURATION: {
            name: 'DURATION',
            description: 'how long to measure',
            values: ['10s', '60s', '300s'],
            default: '60s',
          },
        },
        metrics: METRICS,
      },
    },
  };
}

const METRIC_TITLES: readonly (readonly [name: string, title: string, policy: string])[] = [
  ['mean_response_time', 'Mean response time', 'gate'],
  ['99_response_time', 'p99 response time', 'gate'],
  ['std_dev_response_time', 'Spread of response times', 'info'],
  ['99_9_response_time', 'p99.9 response time', 'info'],
  ['99_99_response_time', 'p99.99 response time', 'info'],
  ['max_response_time', 'Longest response time', 'info'],
];

const METRICS: Readonly<Record<string, unknown>> = Object.fromEntries(
  METRIC_TITLES.map(([name, title, policy]) => [name, { title, unit: 'ns', direction: 'lower', policy }]),
);

/** Stores the project and registers the Horreum action with its URL token, as `perf-bot config apply` and `horreum connect` do. */
async function joinProject(
  local: LocalEnvironment,
  horreum: HorreumStandIn,
  file: Record<string, unknown>,
): Promise<void> {
  const admin = await adminDeps(local.environment).admin();
  await storeProject(admin, file, { skipChecks: true });
  const urls = await projectUrls(admin, String(file['repoFullName']));
  const horreumAdmin = createHorreumAdmin({
    call: createOutsideCall(),
    baseUrl: horreum.url,
    apiKey: horreum.apiKey,
  });
  for (const { event, testId, url } of urls.horreum) {
    if (event !== 'dataset_labels/computed' && event !== 'run/new') continue;
    const reachable = url.replace('localhost', '127.0.0.1');
    await horreumAdmin.allowSite(`${new URL(reachable).origin}/`);
    await horreumAdmin.createAction({ testId: Number(testId), event, url: reachable });
  }
}
