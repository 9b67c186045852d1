/** Tries every connection of a project file: GitHub App, each job at its lab, Horreum's key, test, view, profile and action. */
import { createGitHubApp } from '../github/github-app.ts';
import { createHorreumAdmin } from '../horreum/horreum-admin.ts';
import { createOutsideCall } from '../http/outside-call.ts';
import { UpstreamError } from '../http/upstream-error.ts';
import { separateSecrets } from '../bot/projects/apply-project.ts';
import { RUN_PARAMETER, type JobDef, type ProjectConfig } from '../bot/projects/project-config.ts';
import { projectIdOf } from '../bot/projects/project-id.ts';
import type { ProjectFile } from '../bot/projects/project-schema.ts';
import { horreumUrl } from '../bot/projects/project-urls.ts';
import type { Finding } from '../perflab/job-executor.ts';
import type { Settings } from '../settings.ts';
import { executorFor } from './bot-deps.ts';
import type { BotEnvironment } from './environment.ts';

const EVENT = 'dataset_labels/computed';

export async function checkProject(
  environment: BotEnvironment,
  settings: Settings,
  file: ProjectFile,
): Promise<readonly Finding[]> {
  const projectId = projectIdOf(file.repoFullName);
  const kept = await environment.projectSecrets.get(projectId);
  const secrets = { ...kept, ...separateSecrets(file).secrets };
  const project = {
    ...file,
    projectId,
    secretNames: Object.keys(secrets),
    activatedAtMs: 0,
    version: 0,
  } as ProjectConfig;
  const jobs = Object.entries(file.jobs);
  const findings = await Promise.all([
    attempt('GitHub App', () => checkGitHub(environment, settings, file)),
    ...jobs.map(([jobId, job]) =>
      attempt(`job ${jobId}`, () => checkJob(environment, settings, project, job, secrets)),
    ),
    ...(jobs.some(([, { datastoreConfig }]) => datastoreConfig)
      ? [attempt('Horreum', () => checkHorreum(environment, settings, file, projectId, secrets))]
      : []),
  ]);
  return findings.flat();
}

async function attempt(
  subject: string,
  check: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return [
      {
        ok: false,
        subject,
        message: error.message,
        remedy: 'look whether the address is right and can be reached from here',
      },
    ];
  }
}

/** What the App must be allowed to do. https://docs.github.com/en/rest/overview/permissions-required-for-github-apps */
const PERMISSIONS: Readonly<Record<string, 'read' | 'write'>> = {
  checks: 'write',
  pull_requests: 'write',
  issues: 'read',
  contents: 'read',
  metadata: 'read',
};
const EVENTS = ['issue_comment', 'pull_request'];

async function checkGitHub(
  environment: BotEnvironment,
  settings: Settings,
  file: ProjectFile,
): Promise<Finding[]> {
  const key = await environment.gitHubApp();
  if (!key)
    return [
      {
        ok: false,
        subject: 'GitHub App',
        message: 'its id and private key are not set',
        remedy: 'run `perf-bot setup`, or put them into the secret store',
        severity: 'warning',
      },
    ];
  const app = createGitHubApp({ ...key, apiUrl: settings.gitHubApiUrl, nowMs: environment.nowMs });
  const [owner = '', repo = ''] = file.repoFullName.split('/');
  const subject = `GitHub App on ${file.repoFullName}`;
  try {
    const { data } = await app.requestAsApp('GET /repos/{owner}/{repo}/installation', { owner, repo });
    const { permissions = {}, events = [] } = data as {
      permissions?: Record<string, string>;
      events?: string[];
    };
    const missing = Object.entries(PERMISSIONS)
      .filter(([name, level]) => permissions[name] !== level && permissions[name] !== 'write')
      .map(([name, level]) => `${name}: ${level}`);
    const unheard = EVENTS.filter((name) => !events.includes(name));
    return [
      { ok: true, subject, message: 'installed' },
      missing.length === 0
        ? { ok: true, subject, message: 'has the permissions' }
        : {
            ok: false,
            subject,
            message: `lacks ${missing.join(', ')}`,
            remedy: 'add them in the App’s settings and accept them in the installation',
          },
      unheard.length === 0
        ? { ok: true, subject, message: 'gets the events' }
        : {
            ok: false,
            subject,
            message: `is not subscribed to ${unheard.join(', ')}`,
            remedy: 'subscribe in the App’s settings',
          },
    ];
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.status !== 404) throw error;
    return [
      {
        ok: false,
        subject,
        message: 'not installed on this repository',
        remedy: 'install it there: the App’s page, “Install”',
      },
    ];
  }
}

async function checkJob(
  environment: BotEnvironment,
  settings: Settings,
  project: ProjectConfig,
  job: JobDef,
  secrets: Readonly<Record<string, string>>,
): Promise<readonly Finding[]> {
  const executor = await executorFor(environment, settings, project, job, secrets);
  const mapped = [job.pullRequestNumberParam, job.repoFullNameParam, job.repoCommitParam].filter(
    (name) => name != null,
  );
  const names = new Set([
    RUN_PARAMETER,
    ...mapped,
    ...Object.values(job.configurableParams ?? {}).map(({ name }) => name),
  ]);
  return executor.checkConnection({ job: job.platformJobId, parameterNames: [...names] });
}

async function checkHorreum(
  environment: BotEnvironment,
  settings: Settings,
  file: ProjectFile,
  projectId: string,
  secrets: Readonly<Record<string, string>>,
): Promise<readonly Finding[]> {
  const baseUrl = file.datastoreUrl ?? settings.horreumUrl;
  if (!baseUrl)
    return [
      {
        ok: false,
        subject: 'Horreum',
        message: 'no address is configured',
        remedy: 'set datastoreUrl in the project file, or HORREUM_URL',
      },
    ];
  const ca = secrets['datastoreCaCertificates'] ?? (await environment.labCa());
  const horreum = createHorreumAdmin({
    call: createOutsideCall({ ca, allowedHosts: settings.allowedHosts }),
    baseUrl,
    apiKey: secrets['datastoreApiKey'],
  });
  const version = await horreum.getVersion();
  const findings: Finding[] = [versionFinding(version)];
  try {
    const roles = await horreum.getRoles();
    findings.push(
      roles.includes('viewer')
        ? { ok: true, subject: 'Horreum key', message: 'is valid' }
        : {
            ok: false,
            subject: 'Horreum key',
            message: 'its user has no role viewer',
            remedy: 'give the user the role viewer of the test’s team',
          },
    );
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.status !== 401) throw error;
    findings.push({
      ok: false,
      subject: 'Horreum key',
      message: 'was refused',
      remedy: 'make a new one at Horreum (user settings, API keys); a key ends after 30 days without use',
    });
    return findings;
  }
  const [secret] = await environment.urlTokenSecrets();
  for (const [jobId, job] of Object.entries(file.jobs)) {
    if (!job.datastoreConfig) continue;
    const url =
      secret === undefined
        ? undefined
        : horreumUrl(settings.publicUrl, secret, projectId, job.datastoreConfig.testId, EVENT);
    findings.push(...(await checkTest(horreum, jobId, job, url)));
  }
  return findings;
}

function versionFinding(version: string): Finding {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  const subject = `Horreum ${version}`;
  if (major > 0 || minor >= 19) return { ok: true, subject, message: 'sends dataset_labels/computed' };
  if (minor === 18 && patch >= 1)
    return {
      ok: false,
      subject,
      message: 'does not know dataset_labels/computed',
      remedy: 'register experiment_result/new instead, or upgrade to 0.19',
      severity: 'warning',
    };
  return {
    ok: false,
    subject,
    message: 'never fires its webhooks',
    remedy: 'upgrade to 0.18.1 or later; until then results come with the sweeper, minutes late',
    severity: 'warning',
  };
}

async function checkTest(
  horreum: ReturnType<typeof createHorreumAdmin>,
  jobId: string,
  job: JobDef,
  url: string | undefined,
): Promise<Finding[]> {
  const testId = Number(job.datastoreConfig?.testId);
  const subject = `Horreum test ${testId} of ${jobId}`;
  const test = await horreum.findTest(testId);
  if (!test)
    return [
      {
        ok: false,
        subject,
        message: 'does not exist, or the key may not see it',
        remedy: 'look up the id in the test’s address',
      },
    ];
  const [views, profiles, actions] = await Promise.all([
    horreum.listViews(testId),
    horreum.listProfiles(testId),
    horreum.listActions(testId).catch(() => undefined),
  ]);
  const viewId = job.datastoreConfig?.viewId;
  const registered = actions?.some((action) => action.url === url && action.active);
  return [
    { ok: true, subject, message: `is ${test.name}` },
    ...(viewId == null || views.some(({ id }) => String(id) === viewId)
      ? []
      : [
          {
            ok: false,
            subject,
            message: `has no view ${viewId}`,
            remedy: `its views: ${views.map(({ id, name }) => `${id} (${name})`).join(', ')}`,
          },
        ]),
    profiles.length > 0
      ? { ok: true, subject, message: `has ${profiles.length} experiment profile(s)` }
      : {
          ok: false,
          subject,
          message: 'has no experiment profile: nothing will be compared',
          remedy: 'add one at Horreum (test, Experiments)',
          severity: 'warning',
        },
    registered
      ? { ok: true, subject, message: 'posts to Perf Bot' }
      : {
          ok: false,
          subject,
          message: actions
            ? 'does not post to Perf Bot'
            : 'its actions can’t be read with this key (role tester)',
          remedy: `register the URL that \`perf-bot horreum url\` prints, or run \`perf-bot horreum connect\``,
          severity: 'warning',
        },
  ];
}
