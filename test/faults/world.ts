/** Everything on one machine in virtual time: the deployed functions' own code, stand-ins for what is outside, and a fault proxy in between. */
import { generateKeyPairSync } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';
import { startGitHubStandIn, type GitHubStandIn } from '../../infra/local/github/github-stand-in.ts';
import type { RateLimits } from '../../infra/local/github/rate-limits.ts';
import type { PullRequest } from '../../infra/local/github/state.ts';
import {
  startHorreumStandIn,
  type HorreumStandIn,
} from '../../infra/local/horreum/start-horreum-stand-in.ts';
import { startJenkinsStandIn, type JenkinsStandIn } from '../../infra/local/jenkins/jenkins-stand-in.ts';
import { benchmarkJob } from '../../infra/local/scene/benchmark-job.ts';
import type { LabJobBody } from '../../infra/local/perflab/lab-run.ts';
import { answerByRoutes, type HttpHandler } from '../../infra/local/server/http-door.ts';
import { createTable } from '../../infra/local/stores/create-table.ts';
import { createDocumentTable, type DocumentTable } from '../../lib/aws/document-table.ts';
import { createDynamoDeadLetters } from '../../lib/aws/dynamo-dead-letters.ts';
import { createDynamoProjectStore } from '../../lib/aws/dynamo-project-store.ts';
import { createDynamoRunStore } from '../../lib/aws/dynamo-run-store.ts';
import { applyProject } from '../../lib/bot/projects/apply-project.ts';
import { projectUrls } from '../../lib/bot/projects/admin.ts';
import { readProjectFile } from '../../lib/bot/projects/apply-project.ts';
import type { JobRun } from '../../lib/bot/runs/job-run.ts';
import { createHorreumAdmin } from '../../lib/horreum/horreum-admin.ts';
import { reply } from '../../lib/http/api-gateway.ts';
import { createOutsideCall } from '../../lib/http/outside-call.ts';
import { lambdaEnvironment } from '../../lib/wiring/lambda-environment.ts';
import { startAwsStandIn, type AwsStandIn, type AwsStandInOptions } from './aws-stand-in.ts';
import { createContainers, type Containers, type FunctionName } from './containers.ts';
import type { Fault } from './fault.ts';
import { createCallers, startFaultProxy, type Callers, type ProxiedCall } from './fault-proxy.ts';
import type { Place, System } from './places.ts';
import { startServer } from './start-server.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

export const JOB = 'getting-started';
const REPOSITORY = 'acme/webshop';
const APP_ID = 4242;
const WEBHOOK_SECRET = 'webhook-secret-of-the-harness';
const TOKEN_SECRET = 'url-token-secret-of-the-harness';
const JENKINS_TOKEN = 'jenkins-token-of-the-harness';
/** Turns of the event loop without a call under way, after which nothing more will come of itself. */
const SETTLED_TURNS = 12;
/** Virtual time that passes meanwhile. */
const TIMED_OUT_MS = 10_000;

const { privateKey: PRIVATE_KEY } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

export interface World {
  readonly clock: VirtualClock;
  readonly callers: Callers;
  readonly containers: Containers;
  readonly aws: AwsStandIn;
  readonly github: GitHubStandIn;
  readonly jenkins: JenkinsStandIn;
  readonly horreum: HorreumStandIn;
  readonly pulls: readonly [PullRequest, PullRequest];
  /** Places in the order in which they were called. */
  readonly seen: readonly Place[];
  /** Where the functions' HTTP doors are. */
  readonly doorUrl: string;
  readonly webhookSecret: string;
  /** Calls that the list of places lacks, or that went past the proxies. */
  unlisted(): readonly string[];
  /** Webhooks that were answered 202 before their message was in a queue. */
  acknowledgedEarly(): number;
  readonly logLines: readonly string[];
  /** Whatever must never stand in a log line. */
  secrets(): readonly string[];
  runsOf(pull: PullRequest): Promise<readonly JobRun[]>;
  deadLetters(): ReturnType<ReturnType<typeof createDynamoDeadLetters>['list']>;
  /** Lets everything end that is under way; virtual time stands still. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly faultFor?: (call: ProxiedCall) => Fault | undefined;
  readonly aws?: Omit<AwsStandInOptions, 'nowMs'>;
  /** Real time: how long a call that is never answered is waited for. */
  readonly outsideTimeoutSeconds?: number;
  /** What the job does in place of the benchmark. */
  readonly job?: LabJobBody;
  /** GitHub's; by default there is none in the way. */
  readonly rateLimits?: Partial<RateLimits>;
  /** Of Jenkins. Default 2. */
  readonly executors?: number;
  /** How long the job goes on after its upload. */
  readonly lingersMs?: number;
  /** The job hears only a forced stop. */
  readonly ignoresStop?: boolean;
  /** How far the functions' clock is ahead of everybody else's. */
  readonly clockSkewMs?: number;
  /** The door is shut for these: nobody behind it hears of them. */
  readonly losesWebhook?: (path: string) => boolean;
}

let tables: Promise<{ readonly server: Server; readonly url: string }> | undefined;
let tablesMade = 0;

/** One embedded DynamoDB serves all worlds; each has a table of its own. */
export function embeddedTables() {
  return (tables ??= new Promise((resolve, reject) => {
    const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      server.unref();
      resolve({ server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
    });
  }));
}

export async function closeEmbeddedTables(): Promise<void> {
  const open = await tables;
  tables = undefined;
  await new Promise<void>((resolve) => (open ? open.server.close(() => resolve()) : resolve()));
  open?.server.closeAllConnections();
}

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const clock = createVirtualClock(realNowMs());
  const { nowMs } = clock;
  globalThis.Date.now = nowMs;
  const seen: Place[] = [];
  const unlisted = new Set<string>();
  const logLines: string[] = [];
  const tableName = `perf-bot-${(tablesMade += 1)}`;
  const store = await embeddedTables();
  const aws = await startAwsStandIn({ nowMs, ...options.aws });
  const hosts: string[] = [];
  let queuedByDoors = 0;
  const callers = createCallers(() => hosts);
  const horreum = await startHorreumStandIn({ nowMs, schedule: clock.schedule() });
  let callbackUrl = '';
  const benchmark = benchmarkJob({
    horreumUrl: horreum.url,
    horreumKey: horreum.apiKey,
    jobId: JOB,
    callbackUrl: () => callbackUrl,
    slowdown: () => 1.12,
  });
  const jenkins = await startJenkinsStandIn({
    user: 'perf-bot',
    token: JENKINS_TOKEN,
    executors: options.executors ?? 2,
    clock,
    jobs: [
      {
        name: JOB,
        concurrent: true,
        estimatedDurationMs: 3_000,
        parameters: ['PERF_BOT_RUN', 'PULL_REQUEST_NUMBER', 'REPO_FULL_NAME', 'APP_COMMIT'].map((name) => ({
          name,
        })),
        ignoresStop: options.ignoresStop ?? false,
        run: async (job) => {
          const outcome = await (options.job ?? benchmark)(job);
          await job.wait(options.lingersMs ?? 0);
          return outcome;
        },
      },
    ],
  });
  const github = await startGitHubStandIn({
    appId: APP_ID,
    publicKeyPem: PRIVATE_KEY,
    webhookSecret: WEBHOOK_SECRET,
    nowMs,
    rateLimits: { perHour: 50_000, ...options.rateLimits },
  });
  const targets: Record<System, () => string> = {
    github: () => github.url,
    jenkins: () => jenkins.url,
    horreum: () => horreum.url,
    dynamodb: () => store.url,
    sqs: () => aws.url,
    secretsmanager: () => aws.url,
  };
  const proxies = Object.fromEntries(
    await Promise.all(
      (Object.keys(targets) as System[]).map(async (system) => {
        const proxy = await startFaultProxy({
          system,
          targetUrl: targets[system],
          callers,
          faultFor: (call) => {
            seen.push(call.place);
            return options.faultFor?.(call);
          },
          onUnlisted: (words) => void unlisted.add(words),
          onEffect: ({ place, caller }) => {
            if (place.system === 'sqs' && caller?.name.endsWith('-webhook')) queuedByDoors += 1;
          },
          onTimeOut: () => clock.skip(TIMED_OUT_MS),
        });
        return [system, proxy] as const;
      }),
    ),
  ) as Record<System, Awaited<ReturnType<typeof startFaultProxy>>>;
  hosts.push(...Object.values(proxies).map(({ url }) => new URL(url).host));
  const door = await startServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname;
    if (options.losesWebhook?.(path)) return void response.writeHead(502).end();
    answerByRoutes(routes, request, response).then(
      (answered) => answered || response.writeHead(404).end(),
      () => response.writeHead(500).end(),
    );
  });
  const variables = {
    TABLE_NAME: tableName,
    COMMANDS_QUEUE_URL: `${proxies.sqs.url}/000000000000/commands`,
    RUNS_QUEUE_URL: `${proxies.sqs.url}/000000000000/runs`,
    GITHUB_APP_SECRET_ID: 'app',
    WEBHOOK_SECRET_ID: 'webhook',
    GITHUB_API_URL: proxies.github.url,
    JENKINS_URL: proxies.jenkins.url,
    HORREUM_URL: proxies.horreum.url,
    PUBLIC_URL: door.url,
    OUTSIDE_TIMEOUT_SECONDS: String(options.outsideTimeoutSeconds ?? 10),
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'aws-secret-key-of-the-harness',
    AWS_ENDPOINT_URL_DYNAMODB: proxies.dynamodb.url,
    AWS_ENDPOINT_URL_SQS: proxies.sqs.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: proxies.secretsmanager.url,
  };
  const skewed = () => nowMs() + (options.clockSkewMs ?? 0);
  const containers = createContainers(
    () => lambdaEnvironment(variables, skewed, (line) => logLines.push(line)),
    callers,
  );
  let accepted = 0;
  let acknowledgedEarly = 0;
  const behind =
    (name: Extract<FunctionName, `${string}-webhook`>): HttpHandler =>
    async (event) => {
      const answer = await containers.invoke(name, event);
      if (answer !== 'killed' && answer.statusCode === 202) accepted += 1;
      if (accepted > queuedByDoors) acknowledgedEarly += 1;
      return answer === 'killed' ? reply(502, 'the function was killed') : answer;
    };
  const routes = [
    { path: '/github', handler: behind('github-webhook') },
    { path: '/horreum/{token}/{event+}', handler: behind('horreum-webhook') },
    { path: '/job', handler: behind('perflab-webhook') },
    { path: '/job/{token}', handler: behind('perflab-webhook') },
  ];
  github.hook.url = `${door.url}/github`;
  aws.secrets.set('app', JSON.stringify({ appId: String(APP_ID), privateKey: PRIVATE_KEY }));
  aws.secrets.set(
    'webhook',
    JSON.stringify({ githubWebhookSecret: WEBHOOK_SECRET, urlTokenSecret: TOKEN_SECRET }),
  );
  const direct = { region: 'us-east-1', endpoint: store.url, credentials: DIRECT };
  await createTable(tableName, direct);
  const table = createDocumentTable(tableName, direct);
  callbackUrl = await joinProject({ table, nowMs, aws, horreum, publicUrl: door.url });
  const repository = github.addRepository({ owner: 'acme', name: 'webshop' });
  for (const login of ['ana', 'mia']) {
    github.addUser({ login });
    github.setPermission(repository, login, 'write');
  }
  const open = (author: string, headRef: string) =>
    github.openPullRequest(repository, { author, headRef, title: headRef });
  const pulls = [open('ana', 'faster-checkout'), open('mia', 'leaner-cart')] as const;
  const runs = createDynamoRunStore(table, nowMs);

  const settle = async () => {
    for (let quiet = 0; quiet < SETTLED_TURNS; quiet += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      if (callers.underWay() > 0) quiet = 0;
    }
  };
  const world: World = {
    clock,
    callers,
    containers,
    aws,
    github,
    jenkins,
    horreum,
    pulls,
    seen,
    doorUrl: door.url,
    webhookSecret: WEBHOOK_SECRET,
    unlisted: () => [...unlisted, ...[...callers.escaped].map((host) => `past the proxies: ${host}`)],
    acknowledgedEarly: () => acknowledgedEarly,
    logLines,
    secrets: () => [
      WEBHOOK_SECRET,
      TOKEN_SECRET,
      JENKINS_TOKEN,
      Buffer.from(`perf-bot:${JENKINS_TOKEN}`).toString('base64'),
      horreum.apiKey,
      variables.AWS_SECRET_ACCESS_KEY,
      ...PRIVATE_KEY.split('\n').filter((line) => line.length > 40),
      ...github.state.tokens.keys(),
      new URL(callbackUrl).pathname.split('/').at(-1) ?? '',
    ],
    runsOf: (pull) => runs.listBySubject(`PR#${pull.repository.id}#${pull.number}`, 100),
    deadLetters: () => createDynamoDeadLetters(table).list(100),
    settle,
    async close() {
      github.hook.url = undefined;
      await settle();
      await Promise.all([
        github.close(),
        jenkins.close(),
        horreum.close(),
        aws.close(),
        door.close(),
        ...Object.values(proxies).map((proxy) => proxy.close()),
      ]);
      callers.stop();
      globalThis.Date.now = realNowMs;
    },
  };
  await settle();
  // GitHub's times have whole seconds: what is written from here on is later than the project.
  clock.moveTo(nowMs() + 2_000);
  return world;
}

const realNowMs = Date.now;
const DIRECT = { accessKeyId: 'local', secretAccessKey: 'local' };

interface Joining {
  readonly table: DocumentTable;
  readonly nowMs: () => number;
  readonly aws: AwsStandIn;
  readonly horreum: HorreumStandIn;
  readonly publicUrl: string;
}

/** Stores the project and registers its webhooks, as an operator does; the answer is where its jobs call back. */
async function joinProject({ table, nowMs, aws, horreum, publicUrl }: Joining): Promise<string> {
  const { testId } = horreum.seedSampleProject();
  horreum.seedBaseline({ testId, runs: 6, repoFullName: REPOSITORY, jobId: JOB });
  const projects = createDynamoProjectStore(table);
  const secrets = {
    get: () => Promise.resolve({}),
    put: async (projectId: string, given: Readonly<Record<string, string>>) =>
      void aws.secrets.set(`perf-bot/projects/${projectId}`, JSON.stringify(given)),
    remove: () => Promise.resolve(),
  };
  await applyProject(
    { projects, secrets, nowMs },
    readProjectFile({
      id: 'webshop',
      repoFullName: REPOSITORY,
      datastoreApiKey: horreum.apiKey,
      jobPlatformUser: 'perf-bot',
      jobPlatformApiKey: JENKINS_TOKEN,
      jobs: {
        [JOB]: {
          platformJobId: JOB,
          pullRequestNumberParam: 'PULL_REQUEST_NUMBER',
          repoFullNameParam: 'REPO_FULL_NAME',
          repoCommitParam: 'APP_COMMIT',
          datastoreConfig: { testId: String(testId), viewId: '2' },
          metrics: {
            mean_response_time: { title: 'Mean', unit: 'ns', direction: 'lower', policy: 'gate' },
            '99_response_time': { title: 'p99', unit: 'ns', direction: 'lower', policy: 'gate' },
          },
        },
      },
    }),
  );
  const urls = await projectUrls(
    { projects, publicUrl, tokenSecrets: () => Promise.resolve([TOKEN_SECRET]) },
    REPOSITORY,
  );
  const admin = createHorreumAdmin({
    call: createOutsideCall(),
    baseUrl: horreum.url,
    apiKey: horreum.apiKey,
  });
  await admin.allowSite(`${publicUrl}/`);
  for (const { event, testId: id, url } of urls.horreum) {
    if (event === 'dataset_labels/computed' || event === 'run/new')
      await admin.createAction({ testId: Number(id), event, url });
  }
  return urls.perflab;
}
