/** The registry: one executor for each platform. A new platform is its own file, one line here, its settings, and a page of docs. */
import { createArgoCdExecutor } from './argo-cd/argo-cd.ts';
import { createArgoWorkflowsExecutor } from './argo-workflows/argo-workflows.ts';
import { createGitHubActionsExecutor } from './github-actions/github-actions.ts';
import type { GitHubActionsDeps } from './github-actions/actions-client.ts';
import { createJenkinsExecutor } from './jenkins/jenkins.ts';
import type { JobExecutor, LabConnection, Platform } from './job-executor.ts';
import { createWebhookExecutor } from './webhook/webhook.ts';

/** What any of them may need; each takes only its own. */
export type ExecutorDeps = GitHubActionsDeps;

export const EXECUTORS: Readonly<
  Record<Platform, (deps: ExecutorDeps, connection: LabConnection) => JobExecutor>
> = {
  jenkins: createJenkinsExecutor,
  'argo-workflows': createArgoWorkflowsExecutor,
  'argo-cd': createArgoCdExecutor,
  'github-actions': createGitHubActionsExecutor,
  webhook: createWebhookExecutor,
};
