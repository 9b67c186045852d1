/** The project as the bot keeps it: the file without its secrets, and who it is. */
import type { Platform } from '../../perflab/job-executor.ts';
import type { ProjectFile } from './project-schema.ts';

export type JobDef = ProjectFile['jobs'][string];
export type Param = NonNullable<NonNullable<JobDef['configurableParams']>[string]>;
export type MetricConfig = NonNullable<JobDef['metrics']>[string];
export type Lab = Omit<NonNullable<ProjectFile['labs']>[string], 'apiKey' | 'caCertificates'>;

export interface ProjectConfig extends Omit<
  ProjectFile,
  'datastoreApiKey' | 'datastoreCaCertificates' | 'jobPlatformApiKey' | 'labs'
> {
  /** A short stable name, kept when the repository is renamed. */
  readonly projectId: string;
  readonly labs?: Readonly<Record<string, Lab>>;
  /** Names of the secrets that the secret store holds for this project. */
  readonly secretNames: readonly string[];
  /** Learnt from the first signed delivery. A repository of the same name but another id is not this project. */
  readonly repositoryId?: number;
  readonly installationId?: number;
  /** Whether the repository was private when a delivery last told. */
  readonly isPrivate?: boolean;
  /** When the project was stored first: nothing written before that ever runs. */
  readonly activatedAtMs: number;
  readonly version: number;
}

/** Name → value of everything secret in a project file; a lab's are `lab:<name>:apiKey` and `lab:<name>:caCertificates`. */
export type ProjectSecrets = Readonly<Record<string, string>>;

export function platformOf(project: ProjectConfig, job: JobDef): Platform {
  return (job.lab === undefined ? undefined : project.labs?.[job.lab]?.platform) ?? job.platform ?? 'jenkins';
}

/** All names that a run's parameters may have at the PerfLab. */
export const RUN_PARAMETER = 'PERF_BOT_RUN';
