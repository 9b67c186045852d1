/** Shows a workflow of the stand-in as Argo does: as a Kubernetes object, whole or cut to some fields, and as a stream of log lines. */
import { isoSeconds } from '../stand-in/clock.ts';
import type { Workflow } from './workflow-engine.ts';

/** The object as Kubernetes and the archive show it. */
export function manifestOf(
  workflow: Workflow,
  namespace: string,
): { metadata: Record<string, unknown>; spec: Record<string, unknown>; status: object } {
  const { name, uid, labels, annotations, template, phase, message, run } = workflow;
  const iso = (ms: number | undefined) => (ms === undefined ? null : isoSeconds(ms));
  const ended = workflow.finishedAtMs !== undefined;
  const nodePhase = ended ? phase : 'Running';
  const podNode = {
    id: `${name}-1391245760`,
    name: `${name}.measure`,
    displayName: run?.stage ?? 'measure',
    type: 'Pod',
    templateName: 'measure',
    phase: nodePhase,
    ...(message === undefined ? {} : { message }),
  };
  return {
    metadata: { name, namespace, uid, labels, annotations, creationTimestamp: iso(workflow.startedAtMs) },
    spec: {
      workflowTemplateRef: { name: template.name, ...(template.cluster ? { clusterScope: true } : {}) },
      arguments: {
        parameters: Object.entries(workflow.parameters).map(([key, value]) => ({ name: key, value })),
      },
      ...(workflow.shutdown ? { shutdown: workflow.shutdown } : {}),
    },
    status:
      phase === ''
        ? {}
        : {
            phase,
            ...(message === undefined ? {} : { message }),
            startedAt: iso(workflow.startedAtMs),
            finishedAt: iso(workflow.finishedAtMs),
            progress: ended ? '2/2' : '1/2',
            nodes: run
              ? {
                  [name]: { id: name, name, type: 'DAG', templateName: 'main', phase: nodePhase },
                  [podNode.id]: podNode,
                }
              : {},
          },
  };
}

/** One JSON object a line, counted from the end per pod; the pod's name ends in its node's hash. */
export function logStream(workflow: Workflow, tailLines: number | undefined): string {
  if (!workflow.run || !workflow.hasPods) return '';
  const lines = workflow.run.log.split('\n').slice(0, -1);
  const shown = tailLines === undefined ? lines : lines.slice(-tailLines);
  const podName = `${workflow.name}-measure-1391245760`;
  return shown.map((content) => `${JSON.stringify({ result: { content, podName } })}\n`).join('');
}

export function pickFields(value: object, fields: string | null): object {
  if (!fields) return value;
  const picked: Record<string, unknown> = {};
  for (const path of fields.split(',')) copy(value, picked, path.split('.'));
  return picked;
}

function copy(from: unknown, to: Record<string, unknown>, [key = '', ...rest]: readonly string[]): void {
  if (typeof from !== 'object' || from === null || !Object.hasOwn(from, key)) return;
  const inner = (from as Record<string, unknown>)[key];
  if (rest.length === 0) {
    to[key] = inner;
    return;
  }
  const below = (to[key] ?? {}) as Record<string, unknown>;
  to[key] = below;
  copy(inner, below, rest);
}
