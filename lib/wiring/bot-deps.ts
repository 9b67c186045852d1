/** Joins everything that the workers need: stores, queues, GitHub, the labs and Horreum, each project with its own keys. */
import { createDocumentTable, type DocumentTable } from '../aws/document-table.ts';
import { createDynamoLimits } from '../aws/dynamo-limits.ts';
import { createDynamoProjectStore } from '../aws/dynamo-project-store.ts';
import { createDynamoRunStore } from '../aws/dynamo-run-store.ts';
import type { BotDeps } from '../bot/runs/bot-deps.ts';
import {
  platformOf,
  type JobDef,
  type ProjectConfig,
  type ProjectSecrets,
} from '../bot/projects/project-config.ts';
import { createGitHubApp, type GitHubApp } from '../github/github-app.ts';
import { createGitHubAsApp } from '../github/as-app.ts';
import { createGitHubClient } from '../github/github-client.ts';
import type { GitHub } from '../github/github.ts';
import { withCallLimits } from '../github/limited-app.ts';
import { createHorreumDatastore } from '../horreum/horreum-datastore.ts';
import { createCallLimits } from '../http/call-limits.ts';
import { createOutsideCall } from '../http/outside-call.ts';
import { UpstreamError } from '../http/upstream-error.ts';
import { perflabUrl } from '../bot/projects/project-urls.ts';
import { countMetric, createLog } from '../log.ts';
import { EXECUTORS } from '../perflab/executors.ts';
import type { JobExecutor, LabConnection } from '../perflab/job-executor.ts';
import { readSettings, type EnvironmentName, type Settings } from '../settings.ts';
import { gitHubAppKey, type BotEnvironment } from './environment.ts';
import { secretsOf } from './project-secrets.ts';
import { queuesOf } from './queues.ts';
import { tableConfig } from './table-config.ts';

/** Only workers that send commands know that queue; who takes the dead letters sends nothing. */
function neededBy(functionName: string): readonly EnvironmentName[] {
  return functionName === 'dead-letters' ? ['TABLE_NAME'] : ['TABLE_NAME', 'RUNS_QUEUE_URL'];
}

export interface Wired {
  readonly deps: BotDeps;
  readonly table: DocumentTable;
  readonly settings: Settings;
}

export function wireBot(environment: BotEnvironment, functionName: string): Wired {
  const settings = readSettings(environment.variables, neededBy(functionName));
  const { nowMs } = environment;
  const table = createDocumentTable(settings.tableName, tableConfig(environment));
  const queues = queuesOf(environment, settings);
  const app = withCallLimits(
    gitHubAppFor(environment, settings),
    createCallLimits(createDynamoLimits(table), nowMs),
  );
  const projects = createDynamoProjectStore(table);
  const deps: BotDeps = {
    runs: createDynamoRunStore(table, nowMs),
    projects,
    gitHubOf: clientsOf(app),
    gitHubAsApp: createGitHubAsApp(app),
    executorOf: (project, job) => executorOf(environment, settings, app, project, job),
    datastoreOf: (project) => datastoreOf(environment, settings, project),
    commandQueue: queues.commands,
    runQueue: queues.runs,
    settings,
    log: createLog(environment.sink, settings.logLevel, { function: functionName }),
    countMetric: (name, value) => countMetric(environment.sink, name, value, nowMs()),
    nowMs,
  };
  return { deps, table, settings };
}

function clientsOf(app: GitHubApp): (installationId: number) => GitHub {
  const clients = new Map<number, GitHub>();
  return (installationId) => {
    const known = clients.get(installationId);
    if (known) return known;
    app.prepare(installationId);
    const client = createGitHubClient(app, installationId);
    clients.set(installationId, client);
    return client;
  };
}

async function executorOf(
  environment: BotEnvironment,
  settings: Settings,
  app: Pick<GitHubApp, 'accessTo'>,
  project: ProjectConfig,
  job: JobDef,
): Promise<JobExecutor> {
  const secrets = await secretsOf(environment, project);
  return executorFor(environment, settings, app, project, job, secrets);
}

export async function executorFor(
  environment: BotEnvironment,
  settings: Settings,
  { accessTo }: Pick<GitHubApp, 'accessTo'>,
  project: ProjectConfig,
  job: JobDef,
  secrets: ProjectSecrets,
): Promise<JobExecutor> {
  const labCa = job.lab === undefined ? undefined : secrets[`lab:${job.lab}:caCertificates`];
  const call = createOutsideCall({
    ca: labCa ?? (await environment.labCa()),
    allowedHosts: settings.allowedHosts,
    timeoutMs: settings.outsideTimeoutMs,
  });
  const deps = { call, nowMs: environment.nowMs, accessTo };
  const executor = EXECUTORS[platformOf(project, job)](deps, connectionOf(settings, project, job, secrets));
  const [tokenSecret] = await environment.urlTokenSecrets();
  if (executor.platform !== 'webhook' || tokenSecret === undefined) return executor;
  const callbackUrl = perflabUrl(settings.publicUrl, tokenSecret, project.projectId);
  return { ...executor, startJob: (request) => executor.startJob({ ...request, callbackUrl }) };
}

/** Its key is read from the secret store when GitHub is first called; until it is there, the message waits. */
export function gitHubAppFor(environment: BotEnvironment, { gitHubApiUrl }: Settings): GitHubApp {
  return createGitHubApp({
    keyOf: () => gitHubAppKey(environment, gitHubApiUrl),
    apiUrl: gitHubApiUrl,
    nowMs: environment.nowMs,
  });
}

/** The lab of a job: its own by name, else the project's, else the operator's default. */
export function connectionOf(
  settings: Pick<Settings, 'jenkinsUrl' | 'gitHubApiUrl'>,
  project: ProjectConfig,
  job: JobDef,
  secrets: Readonly<Record<string, string>>,
): LabConnection {
  const lab = job.lab === undefined ? undefined : project.labs?.[job.lab];
  const isActions = platformOf(project, job) === 'github-actions';
  const baseUrl =
    lab?.url ?? (isActions ? settings.gitHubApiUrl : (project.jobPlatformUrl ?? settings.jenkinsUrl));
  if (!baseUrl)
    throw new UpstreamError(
      `the lab of job ${job.platformJobId} has no URL: set jobPlatformUrl in the project file or JENKINS_URL`,
      { retryable: false },
    );
  // The App's own token is sent there.
  if (isActions && new URL(baseUrl).origin !== new URL(settings.gitHubApiUrl).origin)
    throw new UpstreamError(
      `GitHub Actions is reached at ${settings.gitHubApiUrl} only: take the url out of the lab of job ${job.platformJobId}`,
      { retryable: false },
    );
  return {
    baseUrl: baseUrl.replace(/\/+$/, ''),
    user: lab ? lab.user : project.jobPlatformUser,
    token: job.lab === undefined ? secrets['jobPlatformApiKey'] : secrets[`lab:${job.lab}:apiKey`],
    settings: { ...lab?.settings, ...job.platformSettings },
  };
}

async function datastoreOf(environment: BotEnvironment, settings: Settings, project: ProjectConfig) {
  const baseUrl = project.datastoreUrl ?? settings.horreumUrl;
  if (!baseUrl)
    throw new UpstreamError('no Horreum is configured: set datastoreUrl in the project file or HORREUM_URL', {
      retryable: false,
    });
  const secrets = await secretsOf(environment, project);
  const ca = secrets['datastoreCaCertificates'] ?? (await environment.labCa());
  return createHorreumDatastore({
    call: createOutsideCall({
      ca,
      allowedHosts: settings.allowedHosts,
      timeoutMs: settings.outsideTimeoutMs,
    }),
    baseUrl,
    apiKey: secrets['datastoreApiKey'],
  });
}
