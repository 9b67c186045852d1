/** Shows a workflow of the stand-in as Argo does: as a Kubernetes object, whole or cut to some fields, and as a stream of log lines. */
import { isoSeconds } from '../stand-in/clock.ts';
import type { Workflow } from './workflow.ts';
import { nodesOf, podNameOf, podsOf, type WorkflowNode } from './workflow-nodes.ts';

/** The object as Kubernetes and the archive show it. */
export function manifestOf(
  workflow: Workflow,
  namespace: string,
): { metadata: Record<string, unknown>; spec: Record<string, unknown>; status: object } {
  const { name, uid, labels, annotations, template, phase, message } = workflow;
  const iso = (ms: number | undefined) => (ms === undefined ? null : isoSeconds(ms));
  const ended = workflow.finishedAtMs !== undefined;
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
            nodes: nodesOf(workflow),
          },
  };
}

/** One JSON object a line, the pods in turn, counted from the end per pod; a pod's name ends in its node's hash. */
export function logStream(workflow: Workflow, tailLines: number | undefined): string {
  if (!workflow.run || !workflow.hasPods) return '';
  return podsOf(workflow)
    .flatMap((node) => {
      const lines = podLog(workflow, node).split('\n').slice(0, -1);
      const shown = tailLines === undefined ? lines : lines.slice(-tailLines);
      const podName = podNameOf(workflow.name, node);
      return shown.map((content) => `${JSON.stringify({ result: { content, podName } })}\n`);
    })
    .join('');
}

/** What one pod wrote: the last attempt what the job logged, an earlier one only which it was. */
export function podLog({ run, template }: Workflow, { name }: WorkflowNode): string {
  if (name.endsWith('.onExit')) return template.exitLog === undefined ? '' : `${template.exitLog}\n`;
  const attempt = /\((\d+)\)$/.exec(name)?.[1];
  const isEarlier = attempt !== undefined && Number(attempt) < (template.earlierAttempts ?? 0);
  return isEarlier ? `log of attempt ${attempt}\n` : (run?.log ?? '');
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
