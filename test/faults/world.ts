/** Everything on one machine in virtual time: the deployed functions' own code, stand-ins for what is outside, and a fault proxy in between. */
import type { PullRequest } from '../../infra/local/github/state/records.ts';
import { createDynamoDeadLetters } from '../../lib/aws/dynamo-dead-letters.ts';
import { createDynamoProjectStore } from '../../lib/aws/dynamo-project-store.ts';
import { createDynamoRunStore } from '../../lib/aws/dynamo-run-store.ts';
import type { ProjectConfig } from '../../lib/bot/projects/project-config.ts';
import type { JobRun } from '../../lib/bot/record/job-run.ts';
import { lambdaEnvironment } from '../../lib/wiring/lambda-environment.ts';
import { startAwsStandIn, type AwsStandIn, type AwsStandInOptions } from './aws-stand-in.ts';
import { createContainers, type Containers } from './containers.ts';
import { startDoors } from './doors.ts';
import { makeFreshTable, type FreshTable } from './embedded-tables.ts';
import type { Fault } from './fault.ts';
import type { Callers, ProxiedCall, ProxyOptions } from './fault-proxy.ts';
import { joinProject, type ProjectOptions } from './join-project.ts';
import { APP, SECRETS, startOutside, type Outside, type OutsideOptions } from './outside.ts';
import { startProxies, type Targets } from './proxies.ts';
import type { StartedServer } from './start-server.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

/** Turns of the event loop without a call under way, after which nothing more will come of itself. */
const SETTLED_TURNS = 12;

export interface World extends Pick<Outside, 'github' | 'lab' | 'horreum'> {
  readonly clock: VirtualClock;
  readonly callers: Callers;
  readonly containers: Containers;
  readonly aws: AwsStandIn;
  readonly pulls: readonly [PullRequest, PullRequest];
  /** Where the functions' HTTP doors are. */
  readonly doorUrl: string;
  readonly table: Pick<FreshTable, 'name' | 'url'>;
  /** What differs from world to world, such as an address with its port or a key, and the name that it has in every world. */
  readonly ownNames: readonly (readonly [own: string, everywhere: string])[];
  /** Calls in the order in which they were made. */
  readonly seen: readonly ProxiedCall[];
  /** Calls that the list of places lacks, or that went past the proxies. */
  unlisted(): readonly string[];
  /** Webhooks that were answered 202 before their message was in a queue. */
  acknowledgedEarly(): number;
  readonly logLines: readonly string[];
  /** Whatever must never stand in a log line. */
  secrets(): readonly string[];
  runsOf(pull: PullRequest): Promise<readonly JobRun[]>;
  projectNamed(repoFullName: string): Promise<ProjectConfig | undefined>;
  deadLetters(): ReturnType<ReturnType<typeof createDynamoDeadLetters>['list']>;
  /** Lets everything end that is under way; virtual time stands still. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export interface WorldOptions extends OutsideOptions, ProjectOptions {
  readonly onCall?: ProxyOptions['onCall'];
  readonly faultFor?: (call: ProxiedCall) => Fault | undefined;
  readonly aws?: Omit<AwsStandInOptions, 'nowMs'>;
  /** Real time: how long a call that is never answered is waited for. */
  readonly outsideTimeoutSeconds?: number;
  /** How far the functions' clock is ahead of everybody else's. */
  readonly clockSkewMs?: number;
  /** When it begins. Default: now. */
  readonly startMs?: number;
  /** The door is shut for these: nobody behind it hears of them. */
  readonly losesWebhook?: (path: string) => boolean;
}

const realNowMs = Date.now;

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const clock = createVirtualClock(options.startMs ?? realNowMs());
  const { nowMs } = clock;
  // Libraries that take no clock live in the same time.
  globalThis.Date.now = nowMs;
  const fresh = await makeFreshTable();
  const aws = await startAwsStandIn({ nowMs, ...options.aws });
  const outside = await startOutside(clock, options);
  const { github, lab, horreum } = outside;
  const targets = {
    github: github.url,
    horreum: horreum.url,
    dynamodb: fresh.url,
    sqs: aws.url,
    secretsmanager: aws.url,
    ...(lab.url === undefined ? {} : { [lab.platform]: lab.url }),
  };
  const { proxies, callers, seen, unlisted, queuedByDoors } = await startProxies(targets, clock, options);
  const doors = await startDoors({
    containers: () => containers,
    queuedByDoors,
    losesWebhook: options.losesWebhook,
  });
  const variables = variablesOf(fresh.name, proxies, doors.url, options);
  const logLines: string[] = [];
  const skewed = () => nowMs() + (options.clockSkewMs ?? 0);
  const containers = createContainers(
    () => lambdaEnvironment(variables, skewed, (line) => logLines.push(line)),
    callers,
  );
  github.hook.url = `${doors.url}/github`;
  aws.secrets.set('app', JSON.stringify({ appId: String(APP.appId), privateKey: APP.privateKeyPem }));
  aws.secrets.set(
    'webhook',
    JSON.stringify({ githubWebhookSecret: SECRETS.webhook, urlTokenSecret: SECRETS.urlToken }),
  );
  const labUrl = proxies[lab.platform]?.url;
  const joining = { table: fresh.table, nowMs, aws, outside, publicUrl: doors.url, labUrl };
  await joinProject(joining, options);
  const pulls = outside.openPullRequests();
  const runs = createDynamoRunStore(fresh.table, nowMs);
  const settle = async () => {
    for (let quiet = 0; quiet < SETTLED_TURNS; quiet += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      if (callers.underWay() > 0) quiet = 0;
    }
  };
  await settle();
  // GitHub's times have whole seconds: what is written from here on is later than the project.
  clock.moveTo(nowMs() + 2_000);
  return {
    clock,
    callers,
    containers,
    aws,
    github,
    lab,
    horreum,
    pulls,
    doorUrl: doors.url,
    table: fresh,
    ownNames: [
      [hostOf(doors.url), 'perf-bot.test'],
      ...Object.entries(targets).map(([system, url]) => [hostOf(url), `${system}.test`] as const),
      ...Object.entries(proxies).map(([system, { url }]) => [hostOf(url), `${system}-proxy.test`] as const),
      // As it stands in a JSON text within a JSON text.
      [escaped(escaped(APP.privateKeyPem)), 'fake-private-key'],
      ...[horreum.apiKey, ...lab.secrets].map((key, index) => [key, `fake-key-${index + 1}`] as const),
      ...github.state.installations.map(({ id }, index) => [String(id), String(51_000_001 + index)] as const),
    ],
    seen,
    unlisted: () => [...unlisted, ...[...callers.escaped].map((host) => `past the proxies: ${host}`)],
    acknowledgedEarly: () => doors.acknowledgedEarly(),
    logLines,
    secrets: () => [
      ...Object.values(SECRETS),
      ...lab.secrets,
      horreum.apiKey,
      ...APP.privateKeyPem.split('\n').filter((line) => line.length > 40),
      ...github.state.tokens.keys(),
      new URL(outside.callbackUrl).pathname.split('/').at(-1) ?? '',
    ],
    runsOf: (pull) => runs.listBySubject(`PR#${pull.repository.id}#${pull.number}`, 100),
    projectNamed: (repoFullName) => createDynamoProjectStore(fresh.table).getByName(repoFullName),
    deadLetters: () => createDynamoDeadLetters(fresh.table).list(100),
    settle,
    async close() {
      github.hook.url = undefined;
      await settle();
      await Promise.all([outside, aws, doors, ...Object.values(proxies)].map((one) => one.close()));
      callers.stop();
      globalThis.Date.now = realNowMs;
    },
  };
}

const hostOf = (url: string) => new URL(url).host;
const escaped = (text: string) => JSON.stringify(text).slice(1, -1);

/** What the stack gives to the functions, each address being a proxy's. */
function variablesOf(
  tableName: string,
  proxies: Readonly<Targets<StartedServer>>,
  publicUrl: string,
  { outsideTimeoutSeconds = 10 }: WorldOptions,
): Record<string, string> {
  return {
    TABLE_NAME: tableName,
    COMMANDS_QUEUE_URL: `${proxies.sqs.url}/000000000000/commands`,
    RUNS_QUEUE_URL: `${proxies.sqs.url}/000000000000/runs`,
    GITHUB_APP_SECRET_ID: 'app',
    WEBHOOK_SECRET_ID: 'webhook',
    GITHUB_API_URL: proxies.github.url,
    ...(proxies.jenkins ? { JENKINS_URL: proxies.jenkins.url } : {}),
    HORREUM_URL: proxies.horreum.url,
    PUBLIC_URL: publicUrl,
    OUTSIDE_TIMEOUT_SECONDS: String(outsideTimeoutSeconds),
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: SECRETS.aws,
    AWS_ENDPOINT_URL_DYNAMODB: proxies.dynamodb.url,
    AWS_ENDPOINT_URL_SQS: proxies.sqs.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: proxies.secretsmanager.url,
  };
}
