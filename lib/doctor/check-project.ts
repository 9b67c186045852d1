/** Tries every connection of a project file: GitHub App, each job at its lab, Horreum's key, test, view, profile and action. */
import type { Finding } from '../finding.ts';
import { UpstreamError } from '../http/upstream-error.ts';
import { separateSecrets } from '../bot/projects/apply-project.ts';
import { type JobDef, type ProjectConfig } from '../bot/projects/project-config.ts';
import { RUN_PARAMETER } from '../perflab/job-executor.ts';
import { usableSecrets } from '../bot/projects/project-keys.ts';
import type { ProjectFile } from '../bot/projects/project-schema.ts';
import type { Settings } from '../settings.ts';
import { executorFor, gitHubAppFor } from '../wiring/bot-deps.ts';
import { checkInstallation } from './check-github-app.ts';
import { checkHorreum } from './check-horreum.ts';
import type { BotEnvironment } from '../wiring/environment.ts';

export async function checkProject(
  environment: BotEnvironment,
  settings: Settings,
  file: ProjectFile,
  projectId: string,
): Promise<readonly Finding[]> {
  const given = separateSecrets(file);
  const kept = usableSecrets(given.config, await environment.projectSecrets.get(projectId, true));
  const secrets = { ...kept, ...given.secrets };
  const project = {
    ...file,
    projectId,
    secretNames: Object.keys(secrets),
    activatedAtMs: 0,
    version: 0,
  } as ProjectConfig;
  const jobs = Object.entries(file.jobs);
  const findings = await Promise.all([
    attempt('GitHub App', () => checkInstallation(environment, settings, file.repoFullName)),
    ...jobs.map(([jobId, job]) =>
      attempt(`job ${jobId}`, () => checkJob(environment, settings, project, job, secrets)),
    ),
    ...(jobs.some(([, { datastoreConfig }]) => datastoreConfig)
      ? [attempt('Horreum', () => checkHorreum(environment, settings, file, projectId, secrets))]
      : []),
  ]);
  return findings.flat();
}

/** What an outside system does not answer is a finding like any other. */
export async function attempt(
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

async function checkJob(
  environment: BotEnvironment,
  settings: Settings,
  project: ProjectConfig,
  job: JobDef,
  secrets: Readonly<Record<string, string>>,
): Promise<readonly Finding[]> {
  const executor = await executorFor(
    environment,
    settings,
    gitHubAppFor(environment, settings),
    project,
    job,
    secrets,
  );
  const mapped = [job.pullRequestNumberParam, job.repoFullNameParam, job.repoCommitParam].filter(
    (name) => name != null,
  );
  const names = new Set([
    RUN_PARAMETER,
    ...mapped,
    ...Object.values(job.configurableParams ?? {}).map(({ name }) => name),
  ]);
  const findings = await executor.checkConnection({ job: job.platformJobId, parameterNames: [...names] });
  return executor.can.status || job.datastoreConfig ? findings : [...findings, neverEnding(job)];
}

/** Such a job's runs could only ever time out. */
function neverEnding({ platformJobId }: JobDef): Finding {
  return {
    ok: false,
    subject: `job ${platformJobId}`,
    message:
      'nothing will ever tell its end: the lab is not asked where a run stands, and no upload is expected',
    remedy: 'set answersStatus to "yes" if the lab answers run.status, or give the job a datastoreConfig',
  };
}
