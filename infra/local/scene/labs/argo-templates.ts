/** The scene's jobs as WorkflowTemplates: all parameters have a value, and the exit handler calls back with the run's name. */
import type { WorkflowEngine, WorkflowTemplate } from '../../argo-workflows/workflow-engine.ts';
import { sceneRun, type SceneLabOptions, type SceneLabRun } from './scene-lab.ts';

export function argoTemplates({
  jobs,
  parameters,
  callbackUrl,
  machines,
}: SceneLabOptions): WorkflowTemplate[] {
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

export function argoRuns(engine: WorkflowEngine): SceneLabRun[] {
  return engine
    .all()
    .map(({ parameters, run, finishedAtMs }) => sceneRun(parameters, run, finishedAtMs !== undefined));
}
