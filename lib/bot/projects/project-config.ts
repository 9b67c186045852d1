/** A project as the bot keeps it: its file without the secrets, and its identity. */
import type { Platform } from '../../perflab/job-executor.ts';
import { shortHash } from '../record/run-key.ts';
import type { JobDef } from './job-schema.ts';
import type { ProjectFile } from './project-schema.ts';

export type { JobDef };
export type MetricConfig = NonNullable<JobDef['metrics']>[string];
export type Lab = Omit<NonNullable<ProjectFile['labs']>[string], 'apiKey' | 'caCertificates'>;

export interface ProjectConfig extends Omit<
  ProjectFile,
  'datastoreApiKey' | 'datastoreCaCertificates' | 'jobPlatformApiKey' | 'labs'
> {
  /** A short stable name, kept when the repository is renamed. */
  readonly projectId: string;
  readonly labs?: Readonly<Record<string, Lab>>;
  /** Names of this project's secrets in the secret store. */
  readonly secretNames: readonly string[];
  /** Learnt from the first signed delivery. A repository with the same name but another id is not this project. */
  readonly repositoryId?: number;
  readonly installationId?: number;
  /** Whether the repository was private in the latest delivery. */
  readonly isPrivate?: boolean;
  /** When the project was first stored: no command written before that ever runs. */
  readonly activatedAtMs: number;
  readonly version: number;
}

/** Whether what is written in the repository stays among those who may read it: it may have been opened since the run began. */
export function staysPrivate(project: ProjectConfig, repository: { readonly private: boolean }): boolean {
  return repository.private && project.isPrivate !== false;
}

/** Labels that name a commit or a branch in some job. */
export function identityLabelsOf({ jobs }: Pick<ProjectConfig, 'jobs'>): string[] {
  return Object.values(jobs).flatMap(({ history }) =>
    [history?.commitLabel, history?.branchLabel].filter((label) => label !== undefined),
  );
}

/** Name → value of everything secret in a project file; a lab's are `lab:<name>:apiKey` and `lab:<name>:caCertificates`. */
export type ProjectSecrets = Readonly<Record<string, string>>;

export function platformOf(project: ProjectConfig, job: JobDef): Platform {
  return (job.lab === undefined ? undefined : project.labs?.[job.lab]?.platform) ?? job.platform ?? 'jenkins';
}

/** Made from the repository's name when the project is first stored, and kept when that changes. */
export function projectIdOf(repoFullName: string): string {
  return `p${shortHash([repoFullName.toLowerCase()], 15)}`;
}

/** A project as it may be shown: the same keys as the file, each secret as stars and where it is kept. */
export function maskedProject(project: ProjectConfig): Record<string, unknown> {
  const { secretNames, labs, ...rest } = project;
  const masked: Record<string, unknown> = { ...rest };
  for (const name of secretNames.filter((secret) => !secret.startsWith('lab:')))
    masked[name] = '*** (in the secret store)';
  if (labs) {
    masked['labs'] = Object.fromEntries(
      Object.entries(labs).map(([labName, lab]) => {
        const own = secretNames
          .filter((name) => name.startsWith(`lab:${labName}:`))
          .map((name) => name.split(':')[2] ?? name);
        return [
          labName,
          { ...lab, ...Object.fromEntries(own.map((name) => [name, '*** (in the secret store)'])) },
        ];
      }),
    );
  }
  return masked;
}
