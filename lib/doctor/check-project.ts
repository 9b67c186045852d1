/** Checks every connection of a project file: the App on the repository, each job at its lab, and Horreum. */
import { separateSecrets } from '../bot/projects/apply-project.ts';
import type { JobDef, ProjectConfig, ProjectSecrets } from '../bot/projects/project-config.ts';
import { usableSecrets } from '../bot/projects/project-keys.ts';
import type { ProjectFile } from '../bot/projects/project-schema.ts';
import { findingsOf, problem, type Finding } from '../finding.ts';
import { RUN_PARAMETER } from '../perflab/job-executor.ts';
import { checkInstallation } from './check-github-app.ts';
import { checkHorreum } from './check-horreum.ts';
import type { DoctorDeps } from './doctor-deps.ts';

export async function checkProject(
  deps: DoctorDeps,
  file: ProjectFile,
  projectId: string,
): Promise<readonly Finding[]> {
  const given = separateSecrets(file);
  const kept = usableSecrets(given.config, await deps.projectSecrets.get(projectId, true));
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
    findingsOf('GitHub App', () => checkInstallation(deps, file.repoFullName)),
    ...jobs.map(([jobId, job]) => findingsOf(`job ${jobId}`, () => checkJob(deps, project, job, secrets))),
    ...(jobs.some(([, { datastoreConfig }]) => datastoreConfig)
      ? [findingsOf('Horreum', () => checkHorreum(deps, file, projectId, secrets))]
      : []),
  ]);
  return findings.flat();
}

async function checkJob(
  { executorOf }: DoctorDeps,
  project: ProjectConfig,
  job: JobDef,
  secrets: ProjectSecrets,
): Promise<readonly Finding[]> {
  const executor = await executorOf(project, job, secrets);
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
  return problem(
    `job ${platformJobId}`,
    'runs of this job would never finish: the lab can’t be asked where a run stands, and no upload is expected',
    'Set answersStatus to "yes" if the lab answers run.status, or give the job a datastoreConfig.',
  );
}
