/** Brings Argo Workflows or Argo CD into the scene, with its jobs as WorkflowTemplates. */
import { startArgoCdStandIn } from '../../argo-cd/argo-cd-stand-in.ts';
import { startArgoWorkflowsStandIn } from '../../argo-workflows/argo-workflows-stand-in.ts';
import type { WorkflowEngine } from '../../argo-workflows/workflow-engine.ts';
import type { WorkflowTemplate } from '../../argo-workflows/workflow.ts';
import { sceneRun, watchServer, type SceneLab, type SceneLabOptions, type SceneLabRun } from './scene-lab.ts';

const NAMESPACE = 'perf';
const WORKFLOWS_TOKEN = 'argo-workflows-token-of-the-scene';

export async function startArgoWorkflowsLab(options: SceneLabOptions): Promise<SceneLab> {
  const argo = await startArgoWorkflowsStandIn({
    templates: argoTemplates(options),
    namespace: NAMESPACE,
    token: WORKFLOWS_TOKEN,
    speed: options.speed,
    clock: options.clock,
  });
  const platform = 'argo-workflows';
  return {
    ...watchServer(
      argo,
      ({ method, path }) => method === 'POST' && path === `/api/v1/workflows/${NAMESPACE}`,
    ),
    platform,
    product: 'Argo Workflows',
    secrets: [WORKFLOWS_TOKEN],
    projectPart: {
      labs: {
        cluster: { platform, url: argo.url, apiKey: WORKFLOWS_TOKEN, settings: { namespace: NAMESPACE } },
      },
    },
    jobPart: (platformJobId) => ({ lab: 'cluster', platformJobId }),
    runs: () => argoRuns(argo.engine),
  };
}

const PLACE = { application: 'lab', project: 'perf', namespace: 'perf' };
const CD_TOKEN = 'argo-cd-token-of-the-scene';

export async function startArgoCdLab(options: SceneLabOptions): Promise<SceneLab> {
  const argo = await startArgoCdStandIn({
    ...PLACE,
    templates: argoTemplates(options),
    token: CD_TOKEN,
    speed: options.speed,
    clock: options.clock,
  });
  const platform = 'argo-cd';
  return {
    ...watchServer(
      argo,
      ({ path, body }) => path.endsWith('/resource/actions/v2') && body.includes('"perf-bot-run"'),
    ),
    platform,
    product: 'Argo CD',
    secrets: [CD_TOKEN],
    projectPart: { labs: { cluster: { platform, url: argo.url, apiKey: CD_TOKEN, settings: PLACE } } },
    jobPart: (platformJobId) => ({ lab: 'cluster', platformJobId }),
    runs: () => argoRuns(argo.engine),
  };
}

function argoTemplates({ jobs, parameters, callbackUrl, machines }: SceneLabOptions): WorkflowTemplate[] {
  return jobs.map(({ id, body, workflowTemplate: own }) => ({
    name: id,
    parameters: parameters.map((name) => ({ name, value: '' })),
    run: body,
    onExit: (workflow) => callBack(callbackUrl(), workflow.parameters['PERF_BOT_RUN']),
    ...(machines === 1 ? { mutex: 'perf-machine' } : {}),
    ...own,
  }));
}

async function callBack(url: string, runKey: string | undefined): Promise<void> {
  await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ runKey }),
  }).catch(() => undefined); // an exit handler that fails would fail the workflow
}

function argoRuns(engine: WorkflowEngine): SceneLabRun[] {
  return engine
    .all()
    .map(({ parameters, run, finishedAtMs }) => sceneRun(parameters, run, finishedAtMs !== undefined));
}
