/** Describes the project of the scene: its repository, its jobs, its file in the original's shape, and its test at Horreum. */
import type { HorreumStandIn } from '../horreum/horreum-stand-in.ts';
import type { SeededBaseline } from '../horreum/seed.ts';
import type { LabJobBody } from '../stand-in/lab-run.ts';
import type { BenchmarkTools } from './benchmark-job.ts';
import type { LabJob, SceneLab } from './labs/scene-lab.ts';

export const REPOSITORY = { owner: 'acme', name: 'webshop' };
export const REPO_FULL_NAME = `${REPOSITORY.owner}/${REPOSITORY.name}`;
export const JOB = 'getting-started';
export const PULL_REQUEST = {
  author: 'ana',
  headRef: 'faster-checkout',
  title: 'Make the checkout faster',
  body: 'Prices are no longer computed twice.',
};

export interface SceneJob {
  readonly id: string;
  /** What the job does; default: the usual benchmark. */
  readonly body?: (tools: BenchmarkTools) => LabJobBody;
  /** Settings of the job that differ at a lab of that kind. */
  readonly jenkins?: LabJob['jenkins'];
  readonly workflowTemplate?: LabJob['workflowTemplate'];
  readonly workflowFile?: LabJob['workflowFile'];
  /** Fields of the job in the project file; `undefined` takes one out. */
  readonly file?: Readonly<Record<string, unknown>>;
}

/** What every job declares. */
export const PARAMETERS = ['PERF_BOT_RUN', 'PULL_REQUEST_NUMBER', 'REPO_FULL_NAME', 'APP_COMMIT', 'DURATION'];

export function labJob({ id, body, ...own }: SceneJob, tools: BenchmarkTools): LabJob {
  return { ...own, id, body: body ? body(tools) : tools.usual };
}

export interface SceneConnections {
  readonly datastoreApiKey: string;
  readonly testId: number;
  readonly viewId: number;
  readonly repoFullName?: string;
}

export function projectFile(
  jobs: readonly SceneJob[],
  lab: Pick<SceneLab, 'projectPart' | 'jobPart'>,
  { datastoreApiKey, testId, viewId, repoFullName = REPO_FULL_NAME }: SceneConnections,
): Record<string, unknown> {
  const datastoreConfig = { testId: String(testId), viewId: String(viewId) };
  return {
    id: 'webshop',
    repoFullName,
    repositoryUrl: `https://github.com/${repoFullName}`,
    datastoreApiKey,
    ...lab.projectPart,
    jobs: Object.fromEntries(
      jobs.map(({ id, file }) => [id, { ...jobFile(id), ...lab.jobPart(id), datastoreConfig, ...file }]),
    ),
  };
}

function jobFile(id: string): Record<string, unknown> {
  return {
    name: id,
    description: 'the shop under a steady load',
    pullRequestNumberParam: 'PULL_REQUEST_NUMBER',
    repoFullNameParam: 'REPO_FULL_NAME',
    repoCommitParam: 'APP_COMMIT',
    configurableParams: {
      DURATION: {
        name: 'DURATION',
        description: 'how long to measure',
        values: ['10s', '60s', '300s'],
        default: '60s',
      },
    },
    metrics: METRICS,
  };
}

const METRIC_TITLES: readonly (readonly [name: string, title: string, policy: string])[] = [
  ['mean_response_time', 'Mean response time', 'gate'],
  ['99_response_time', 'p99 response time', 'gate'],
  ['std_dev_response_time', 'Spread of response times', 'info'],
  ['99_9_response_time', 'p99.9 response time', 'info'],
  ['99_99_response_time', 'p99.99 response time', 'info'],
  ['max_response_time', 'Longest response time', 'info'],
];

const METRICS: Readonly<Record<string, unknown>> = Object.fromEntries(
  METRIC_TITLES.map(([name, title, policy]) => [name, { title, unit: 'ns', direction: 'lower', policy }]),
);

export interface HorreumTest {
  readonly testId: number;
  readonly viewId: number;
}

export function seedSampleTest(
  horreum: HorreumStandIn,
  baseline: Pick<SeededBaseline, 'runs' | 'repoFullName'>,
): HorreumTest {
  const { testId } = horreum.seedSampleProject();
  if (baseline.runs > 0) horreum.seedBaseline({ testId, ...baseline, jobId: JOB });
  return { testId, viewId: 2 };
}
