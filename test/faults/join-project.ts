/** Stores the project and registers its webhooks, as an operator does. */
import { createDynamoProjectStore } from '../../lib/aws/dynamo-project-store.ts';
import type { DocumentTable } from '../../lib/aws/document-table.ts';
import { projectUrls } from '../../lib/bot/operator/admin.ts';
import { applyProject, readProjectFile } from '../../lib/bot/projects/apply-project.ts';
import type { ProjectFile } from '../../lib/bot/projects/project-schema.ts';
import { createHorreumAdmin } from '../../lib/horreum/horreum-admin.ts';
import { createOutsideCall } from '../../lib/http/outside-call.ts';
import type { AwsStandIn } from './aws-stand-in.ts';
import { JOB, REPOSITORY, SECRETS, type Outside } from './outside.ts';

export interface Joining {
  readonly table: DocumentTable;
  readonly nowMs: () => number;
  readonly aws: AwsStandIn;
  readonly outside: Outside;
  readonly publicUrl: string;
  /** Where the bot finds the lab, if it has an address of its own. */
  readonly labUrl: string | undefined;
}

export interface ProjectOptions {
  /** Where the bot was when its webhooks were registered at Horreum. Default: where it is. */
  readonly wasAt?: string;
  /** What the project file holds beside the usual. */
  readonly project?: Partial<ProjectFile>;
  /** What its job does. */
  readonly projectJob?: Partial<ProjectFile['jobs'][string]>;
}

const repoFullName = `${REPOSITORY.owner}/${REPOSITORY.name}`;

export async function joinProject(joining: Joining, options: ProjectOptions): Promise<void> {
  const { table, nowMs, aws, outside, publicUrl } = joining;
  const { wasAt = publicUrl } = options;
  const { horreum } = outside;
  const { testId } = horreum.seedSampleProject();
  horreum.seedBaseline({ testId, runs: 6, repoFullName, jobId: JOB });
  const projects = createDynamoProjectStore(table);
  const secrets = {
    get: () => Promise.resolve({}),
    put: async (projectId: string, given: Readonly<Record<string, string>>) =>
      void aws.secrets.set(`perf-bot/projects/${projectId}`, JSON.stringify(given)),
    remove: () => Promise.resolve(),
  };
  await applyProject({ projects, secrets, nowMs }, readProjectFile(projectFile(joining, options, testId)));
  const tokenSecrets = () => Promise.resolve([SECRETS.urlToken]);
  const urlsAt = (address: string) =>
    projectUrls({ projects, publicUrl: address, tokenSecrets }, repoFullName);
  const { perflab } = await urlsAt(publicUrl);
  const { horreum: hooks } = await urlsAt(wasAt);
  const admin = createHorreumAdmin({
    call: createOutsideCall(),
    nowMs: () => Date.now(),
    baseUrl: horreum.url,
    apiKey: horreum.apiKey,
  });
  await admin.allowSite(`${wasAt}/`);
  for (const { event, testId: id, url } of hooks) {
    if (event === 'dataset_labels/computed' || event === 'run/new')
      await admin.createAction({ testId: Number(id), event, url });
  }
  outside.callbackUrl = perflab;
}

function projectFile(
  { outside: { lab, horreum }, labUrl }: Joining,
  { project, projectJob }: ProjectOptions,
  testId: number,
): Record<string, unknown> {
  const part = JSON.stringify(lab.projectPart).replaceAll(lab.url ?? '(none)', labUrl ?? '');
  const metric = (title: string) => ({ title, unit: 'ns', direction: 'lower', policy: 'gate' });
  return {
    id: 'webshop',
    repoFullName,
    datastoreApiKey: horreum.apiKey,
    ...(JSON.parse(part) as Record<string, unknown>),
    ...project,
    jobs: {
      [JOB]: {
        ...lab.jobPart(JOB),
        pullRequestNumberParam: 'PULL_REQUEST_NUMBER',
        repoFullNameParam: 'REPO_FULL_NAME',
        repoCommitParam: 'APP_COMMIT',
        datastoreConfig: { testId: String(testId), viewId: '2' },
        metrics: { mean_response_time: metric('Mean'), '99_response_time': metric('p99') },
        ...projectJob,
      },
    },
  };
}
