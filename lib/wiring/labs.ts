/** Connects to a project's labs and its Horreum: their addresses, the keys that belong to them, and one executor for each platform. */
import {
  identityLabelsOf,
  platformOf,
  staysPrivate,
  type JobDef,
  type ProjectConfig,
  type ProjectSecrets,
} from '../bot/projects/project-config.ts';
import { usableSecrets } from '../bot/projects/project-keys.ts';
import { perflabUrl } from '../bot/projects/project-urls.ts';
import type { Datastore } from '../horreum/datastore.ts';
import { createHorreumAdmin, type HorreumAdmin } from '../horreum/horreum-admin.ts';
import type { HorreumConnection } from '../horreum/horreum-call.ts';
import { createPublicDatastore } from '../horreum/public-datastore.ts';
import { createHorreumDatastore } from '../horreum/horreum-datastore.ts';
import { createOutsideCall, type OutsideCall } from '../http/outside-call.ts';
import { UpstreamError } from '../http/upstream-error.ts';
import { createArgoCdExecutor } from '../perflab/argo-cd/argo-cd.ts';
import { createArgoWorkflowsExecutor } from '../perflab/argo-workflows/argo-workflows.ts';
import type { GitHubActionsDeps } from '../perflab/github-actions/actions-client.ts';
import { createGitHubActionsExecutor } from '../perflab/github-actions/github-actions.ts';
import { createJenkinsExecutor } from '../perflab/jenkins/jenkins.ts';
import type { JobExecutor, LabConnection, Platform } from '../perflab/job-executor.ts';
import { discreet } from '../perflab/discreet-executor.ts';
import { createWebhookExecutor } from '../perflab/webhook/webhook.ts';
import type { Settings } from '../settings.ts';
import type { BotEnvironment } from './environment.ts';

/** A new platform is a folder in lib/perflab, one line here, its settings, and a page of docs. */
export const EXECUTORS: Readonly<
  Record<Platform, (deps: GitHubActionsDeps, connection: LabConnection) => JobExecutor>
> = {
  jenkins: createJenkinsExecutor,
  'argo-workflows': createArgoWorkflowsExecutor,
  'argo-cd': createArgoCdExecutor,
  'github-actions': createGitHubActionsExecutor,
  webhook: createWebhookExecutor,
};

/** `accessTo`: the App's access to a repository, for jobs that run in GitHub Actions. */
export async function executorOf(
  environment: BotEnvironment,
  settings: Settings,
  accessTo: GitHubActionsDeps['accessTo'],
  project: ProjectConfig,
  job: JobDef,
  secrets: ProjectSecrets,
): Promise<JobExecutor> {
  const ownCa = job.lab === undefined ? undefined : secrets[`lab:${job.lab}:caCertificates`];
  const call = await outsideCall(environment, settings, ownCa);
  const deps = { call, nowMs: environment.nowMs, accessTo };
  const connection = connectionOf(settings, project, job, secrets);
  const executor = discreet(
    EXECUTORS[platformOf(project, job)](deps, connection),
    await knownSecrets(environment, connection, secrets),
  );
  const [tokenSecret] = await environment.urlTokenSecrets();
  if (executor.platform !== 'webhook' || tokenSecret === undefined) return executor;
  const callbackUrl = perflabUrl(settings.publicUrl, tokenSecret, project.projectId);
  return { ...executor, startJob: (request) => executor.startJob({ ...request, callbackUrl }) };
}

/** Certificates are no secrets, and short values would strike ordinary words. */
const SHORTEST_SECRET_CHARS = 4;

async function knownSecrets(
  environment: BotEnvironment,
  { user, token }: LabConnection,
  secrets: ProjectSecrets,
): Promise<string[]> {
  const ofProject = Object.entries(secrets).flatMap(([name, value]) =>
    name.endsWith('caCertificates') ? [] : [value],
  );
  const ofBot = [...(await environment.urlTokenSecrets()), (await environment.gitHubApp())?.privateKey];
  const login = user !== undefined && token !== undefined ? `${user}:${token}` : undefined;
  return [login, ...ofProject, ...ofBot].filter(
    (secret): secret is string => secret !== undefined && secret.length >= SHORTEST_SECRET_CHARS,
  );
}

/** The lab of a job: its own by name, else the project's, else the operator's default. */
export function connectionOf(
  settings: Pick<Settings, 'jenkinsUrl' | 'gitHubApiUrl'>,
  project: ProjectConfig,
  job: JobDef,
  secrets: ProjectSecrets,
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
      `GitHub Actions is reached at ${settings.gitHubApiUrl} only: remove the url from the lab of job ${job.platformJobId}`,
      { retryable: false },
    );
  return {
    baseUrl: baseUrl.replace(/\/+$/, ''),
    user: lab ? lab.user : project.jobPlatformUser,
    token: job.lab === undefined ? secrets['jobPlatformApiKey'] : secrets[`lab:${job.lab}:apiKey`],
    settings: { ...lab?.settings, ...job.platformSettings },
  };
}

/** An evaluation of experiments may take so many times as long as another call. */
const EVALUATION_TIMES_USUAL = 1.5;

/** Where anybody can read the repository, behind the gate for what is not PUBLIC. */
export async function datastoreOf(
  environment: BotEnvironment,
  settings: Settings,
  project: ProjectConfig,
  repository: { readonly private: boolean },
): Promise<Datastore> {
  const secrets = await secretsOf(environment, project);
  const connection = await horreumConnection(environment, settings, project.datastoreUrl, secrets);
  if (!connection)
    throw new UpstreamError('no Horreum is configured: set datastoreUrl in the project file or HORREUM_URL', {
      retryable: false,
    });
  const datastore = createHorreumDatastore(connection);
  return staysPrivate(project, repository)
    ? datastore
    : createPublicDatastore(datastore, identityLabelsOf(project));
}

/** Undefined where neither the project nor the operator names a Horreum. */
export async function horreumAdminOf(
  environment: BotEnvironment,
  settings: Settings,
  datastoreUrl: string | undefined,
  secrets: ProjectSecrets,
): Promise<HorreumAdmin | undefined> {
  const connection = await horreumConnection(environment, settings, datastoreUrl, secrets);
  return connection && createHorreumAdmin(connection);
}

async function horreumConnection(
  environment: BotEnvironment,
  settings: Settings,
  datastoreUrl: string | undefined,
  secrets: ProjectSecrets,
): Promise<HorreumConnection | undefined> {
  const baseUrl = datastoreUrl ?? settings.horreumUrl;
  if (!baseUrl) return undefined;
  const call = await outsideCall(environment, settings, secrets['datastoreCaCertificates']);
  return {
    call,
    nowMs: environment.nowMs,
    baseUrl,
    apiKey: secrets['datastoreApiKey'],
    evaluationTimeoutMs: EVALUATION_TIMES_USUAL * settings.outsideTimeoutMs,
  };
}

/** `ownCa`: certificates that the project gives; without them the operator's count. */
async function outsideCall(
  environment: BotEnvironment,
  { allowedHosts, outsideTimeoutMs: timeoutMs }: Settings,
  ownCa: string | undefined,
): Promise<OutsideCall> {
  return createOutsideCall({ ca: ownCa ?? (await environment.labCa()), allowedHosts, timeoutMs });
}

type ProjectWithKeys = Pick<
  ProjectConfig,
  'projectId' | 'secretNames' | 'datastoreUrl' | 'jobPlatformUrl' | 'labs'
>;

/** A project's secrets. Each key counts only where it was given for the host that it would be sent to. */
export async function secretsOf(
  { projectSecrets }: Pick<BotEnvironment, 'projectSecrets'>,
  project: ProjectWithKeys,
): Promise<ProjectSecrets> {
  if (project.secretNames.length === 0) return {};
  const usable = usableSecrets(project, await projectSecrets.get(project.projectId));
  if (project.secretNames.every((name) => Object.hasOwn(usable, name))) return usable;
  // The project was changed since its secrets were read: a key for its new address may be there by now.
  return usableSecrets(project, await projectSecrets.get(project.projectId, true));
}
