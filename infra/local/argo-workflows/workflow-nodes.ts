/** A workflow's nodes as Argo Workflows 4.1.2 was seen to write them: nested, sorted by a hash, and what went wrong said by the pod's node. */
import { isoSeconds } from '../stand-in/clock.ts';
import type { Workflow } from './workflow.ts';

export interface WorkflowNode {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly type: 'Steps' | 'StepGroup' | 'DAG' | 'Retry' | 'Pod';
  readonly templateName: string;
  readonly phase: string;
  readonly message?: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

/** What Argo makes of a node's name: FNV-1a, 32 bits. */
function nodeId(workflow: string, name: string): string {
  if (name === workflow) return workflow;
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(name)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return `${workflow}-${hash}`;
}

export function podNameOf(workflow: string, { id, templateName }: WorkflowNode): string {
  return `${workflow}-${templateName}${id.slice(workflow.length)}`;
}

/** The pods in the order in which they ran: earlier attempts, the last one, the exit handler. */
export function podsOf(workflow: Workflow): WorkflowNode[] {
  const { name, template, run } = workflow;
  if (!run) return [];
  const group = `${name}[0].measure`;
  const attempts = template.earlierAttempts ?? 0;
  const startMs = workflow.startedAtMs ?? 0;
  const pod = (podName: string, phase: string, message?: string, finishedAtMs?: number): WorkflowNode => ({
    id: nodeId(name, podName),
    name: podName,
    displayName: podName.endsWith('.onExit') ? podName : (run.stage ?? 'measure'),
    type: 'Pod',
    templateName: podName.endsWith('.onExit') ? 'notify' : 'measure',
    phase,
    ...(message === undefined ? {} : { message }),
    startedAt: isoSeconds(Math.min(startMs, finishedAtMs ?? startMs)),
    finishedAt: finishedAtMs === undefined ? null : isoSeconds(finishedAtMs),
  });
  const earlier = Array.from({ length: attempts }, (_, index) =>
    pod(`${group}(${index})`, 'Failed', 'main: Error (exit code 1)', startMs - (attempts - index) * 1_000),
  );
  const { mainPhase, mainEndedAtMs } = workflow;
  const stuck = mainPhase === undefined ? template.pendingMessage : undefined;
  const main = pod(
    attempts > 0 ? `${group}(${attempts})` : group,
    mainPhase ?? (stuck === undefined ? 'Running' : 'Pending'),
    stuck ?? (mainPhase === 'Failed' ? (template.podMessage ?? 'main: Error (exit code 1)') : undefined),
    mainEndedAtMs,
  );
  const { exitPhase } = workflow;
  const exitMessage = exitPhase === 'Failed' ? 'main: Error (exit code 7)' : undefined;
  const exit = exitPhase && pod(`${name}.onExit`, exitPhase, exitMessage, workflow.finishedAtMs);
  return [...earlier, main, ...(exit ? [exit] : [])];
}

export function nodesOf(workflow: Workflow): Record<string, WorkflowNode> {
  const { name, template, run, mainPhase = 'Running', mainEndedAtMs } = workflow;
  if (!run) return {};
  const pods = podsOf(workflow);
  const above = (nodeName: string, type: WorkflowNode['type'], message?: string): WorkflowNode => ({
    id: nodeId(name, nodeName),
    name: nodeName,
    displayName: nodeName.slice(name.length) || name,
    type,
    templateName: 'main',
    phase: mainPhase,
    ...(message === undefined || mainPhase !== 'Failed' ? {} : { message }),
    startedAt: isoSeconds(workflow.startedAtMs ?? 0),
    finishedAt: mainEndedAtMs === undefined ? null : isoSeconds(mainEndedAtMs),
  });
  const inner =
    template.earlierAttempts === undefined
      ? []
      : [above(`${name}[0].measure`, 'Retry', 'No more retries left')];
  const nodes =
    template.shape === 'dag'
      ? [above(name, 'DAG'), ...inner, ...pods]
      : [
          above(name, 'Steps', childFailed(workflow)),
          above(`${name}[0]`, 'StepGroup', childFailed(workflow)),
          ...inner,
          ...pods,
        ];
  // Go writes a map's keys in their order.
  return Object.fromEntries(
    nodes.map((node) => [node.id, node] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** All that the workflow itself says of a step that failed; a DAG says nothing. */
export function childFailed({ name, template }: Workflow): string | undefined {
  return template.shape === 'dag' ? undefined : `child '${nodeId(name, `${name}[0].measure`)}' failed`;
}
