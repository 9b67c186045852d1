/** A project as the store gives it, for tests: one job, nothing secret; anything may be said otherwise. */
import type { JobDef, ProjectConfig } from '../../../lib/bot/projects/project-config.ts';

export function aJob(more: Partial<JobDef> = {}): JobDef {
  return {
    platformJobId: 'perf/smoke',
    pullRequestNumberParam: 'PR',
    repoFullNameParam: 'REPO',
    repoCommitParam: 'COMMIT',
    datastoreConfig: { testId: '10' },
    ...more,
  };
}

export function aProject(more: Partial<ProjectConfig> = {}): ProjectConfig {
  return {
    projectId: 'pabcdefghijklmno',
    repoFullName: 'acme/shop',
    jobs: { smoke: aJob() },
    secretNames: [],
    activatedAtMs: 0,
    version: 1,
    ...more,
  };
}
