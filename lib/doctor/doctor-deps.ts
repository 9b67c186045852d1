/** Lists what the checks are handed: the secrets and stores that they look at, and the clients that reach the rest. */
import type { QueueDepth } from '../aws/sqs-queue.ts';
import type { DeadLetterStore } from '../bot/operator/dead-letters.ts';
import type { JobDef, ProjectConfig, ProjectSecrets } from '../bot/projects/project-config.ts';
import type { ProjectSecretStore } from '../bot/projects/project-store.ts';
import type { GitHubApp } from '../github/github-app.ts';
import type { GitHubAppKey } from '../github/octokit-app.ts';
import type { HorreumAdmin } from '../horreum/horreum-admin.ts';
import type { JobExecutor } from '../perflab/job-executor.ts';

export interface DoctorDeps {
  readonly nowMs: () => number;
  readonly publicUrl: string;
  /** Undefined until the operator has set it; `gitHubApp` uses it. */
  readonly gitHubAppKey: () => Promise<GitHubAppKey | undefined>;
  readonly gitHubApp: GitHubApp;
  readonly gitHubWebhookSecrets: () => Promise<readonly string[]>;
  /** Newest first. */
  readonly urlTokenSecrets: () => Promise<readonly string[]>;
  readonly projectSecrets: Pick<ProjectSecretStore, 'get'>;
  readonly executorOf: (project: ProjectConfig, job: JobDef, secrets: ProjectSecrets) => Promise<JobExecutor>;
  /** Undefined where neither the project nor the operator names a Horreum. */
  readonly horreumOf: (
    datastoreUrl: string | undefined,
    secrets: ProjectSecrets,
  ) => Promise<HorreumAdmin | undefined>;
  readonly queueDepthOf: (queue: 'commands' | 'runs') => Promise<QueueDepth>;
  readonly letters: DeadLetterStore;
}
