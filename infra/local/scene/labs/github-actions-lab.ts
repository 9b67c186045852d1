/** Brings GitHub Actions into the scene: a workflow for each job, in a repository of its own, inside the stand-in for GitHub. */
import { createActionsInGitHub } from '../../github-actions/actions-stand-in.ts';
import type { GitHubStandIn } from '../../github/github-stand-in.ts';
import { sceneRun, type SceneLab, type SceneLabOptions } from './scene-lab.ts';

const REPOSITORY = { owner: 'acme', name: 'perf-jobs' };
const FULL_NAME = `${REPOSITORY.owner}/${REPOSITORY.name}`;

const fileOf = (jobId: string) => `${jobId}.yml`;

export async function startActionsLab({
  jobs,
  parameters,
  speed,
  machines,
  clock,
}: SceneLabOptions): Promise<SceneLab> {
  let github: GitHubStandIn | undefined;
  const { routes, extraRoute, join } = createActionsInGitHub({
    workflows: jobs.map(({ id, body, workflowFile: own }) => ({
      repository: FULL_NAME,
      file: fileOf(id),
      inputs: parameters.map((name) => ({ name })),
      title: (inputs) => `perf ${inputs['PERF_BOT_RUN'] ?? ''}`,
      text: workflowText(parameters),
      ...own,
      run: body,
    })),
    speed,
    clock,
    runners: machines,
  });
  const platform = 'github-actions';
  const isOurs = (path: string) => path.startsWith(`/repos/${FULL_NAME}`) || path.startsWith('/signed-logs/');
  const calls = () => (github?.calls ?? []).filter(({ path }) => isOurs(path));
  return {
    platform,
    product: 'GitHub Actions',
    secrets: [],
    projectPart: { labs: { actions: { platform, settings: { repository: FULL_NAME } } } },
    jobPart: (jobId) => ({ lab: 'actions', platformJobId: fileOf(jobId) }),
    inGitHub: {
      routes: [extraRoute],
      events: ['workflow_run'],
      join(joined) {
        github = joined;
        joined.addRepository(REPOSITORY);
        join(joined);
      },
    },
    callCount: () => calls().length,
    wasStarted: () => calls().some(({ path }) => path.endsWith('/dispatches')),
    runs: () =>
      routes.state.all().map(({ inputs, run, status }) => sceneRun(inputs, run, status === 'completed')),
    loseNextStartAnswer() {
      const fault = { match: /^POST .*\/dispatches$/, afterEffect: true, closeSocket: true };
      github?.faults.push(fault);
      return () => github?.faults.includes(fault) === false;
    },
    close: async () => routes.state.stopAll(),
  };
}

function workflowText(inputs: readonly string[]): string {
  return [
    'name: perf',
    "run-name: 'perf ${{ inputs.PERF_BOT_RUN }}'",
    'on:',
    '  workflow_dispatch:',
    '    inputs:',
    ...inputs.map((name) => `      ${name}: { type: string, default: '' }`),
    '',
  ].join('\n');
}
