/** Reads an Argo `Workflow` object and its log lines, whether Argo Workflows or Argo CD showed it. */
import type { PlatformRef, PlatformState } from '../job-executor.ts';
import { at, parseJson, textAt, timeMsAt, withoutUndefined } from '../../json.ts';
import { nodesOf, type WorkflowNodes } from './workflow-nodes.ts';

/** The label under which a workflow carries the attempt's name. */
export const RUN_LABEL = 'perf-bot/run';

/** A name alone proves nothing: a workflow is ours if it carries our label. */
export function isOurs(workflow: unknown, attemptKey: string): boolean {
  return textAt(workflow, 'metadata', 'labels', RUN_LABEL) === attemptKey;
}

export function stateOfWorkflow(workflow: unknown, ref: PlatformRef): PlatformState {
  const message = textAt(workflow, 'status', 'message');
  const finishedAtMs = timeMsAt(workflow, 'status', 'finishedAt');
  const nodes = nodesOf(workflow);
  const known = withoutUndefined({
    ref,
    startedAtMs: timeMsAt(workflow, 'status', 'startedAt'),
    progress: fraction(textAt(workflow, 'status', 'progress')),
    estimatedDurationMs: estimateMs(at(workflow, 'status', 'estimatedDuration')),
  });
  switch (textAt(workflow, 'status', 'phase')) {
    case undefined:
    case 'Pending':
      return withoutUndefined({
        phase: 'queued',
        ref,
        reason: message ?? 'not picked up by the controller yet',
      });
    case 'Running':
      return withoutUndefined({
        ...known,
        phase: 'running' as const,
        stage: stageOf(nodes.current),
        reason: textAt(nodes.current, 'message') ?? message,
      });
    case 'Succeeded':
      return withoutUndefined({ ...known, phase: 'succeeded', finishedAtMs });
    default:
      return withoutUndefined({ ...known, finishedAtMs, ...badEnd(workflow, nodes, message) });
  }
}

/** A stopped workflow ends as Failed: only `spec.shutdown` tells it from one that failed by itself. */
function badEnd(
  workflow: unknown,
  { root, decisive, failedExit }: WorkflowNodes,
  message: string | undefined,
): Pick<PlatformState, 'phase' | 'fault' | 'warning'> & {
  reason?: string | undefined;
  stage?: string | undefined;
} {
  if (textAt(workflow, 'spec', 'shutdown') !== undefined) return { phase: 'cancelled', reason: message };
  if (textAt(root, 'phase') === 'Succeeded' && failedExit !== undefined) {
    const why = textAt(failedExit, 'message') ?? message ?? 'it does not say why';
    return { phase: 'succeeded', warning: `The job succeeded, but its exit handler failed: ${why}` };
  }
  const reason = textAt(decisive, 'message') ?? message;
  const stage = stageOf(decisive);
  if (textAt(workflow, 'status', 'phase') === 'Error' && /^invalid spec\b/.test(message ?? ''))
    return { phase: 'failed', reason, stage, fault: 'configuration' };
  const isLate = [reason, message].some((text) => DEADLINE.test(text ?? ''));
  return { phase: isLate ? 'timed-out' : 'failed', reason, stage };
}

const DEADLINE =
  /exceeded its deadline|deadline exceeded|active on the node longer|max duration limit exceeded/i;

function stageOf(node: unknown): string | undefined {
  return textAt(node, 'displayName') ?? textAt(node, 'templateName');
}

/** `2/5` */
function fraction(progress: string | undefined): number | undefined {
  const [, done, all] = /^(\d+)\/(\d+)$/.exec(progress ?? '') ?? [];
  return Number(all) > 0 ? Number(done) / Number(all) : undefined;
}

/** Argo gives whole seconds. */
function estimateMs(seconds: unknown): number | undefined {
  return typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : undefined;
}

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ - never `..`, which would lead to another path even encoded. */
const OBJECT_NAME = /^[a-z0-9][-a-z0-9.]{0,252}$/;

/** The pod whose log tells why it ended. Its id ends in the same hash as its pod's name. */
export function failedNode(workflow: unknown): { readonly id: string } | undefined {
  const id = textAt(nodesOf(workflow).pod, 'id');
  return id !== undefined && OBJECT_NAME.test(id) ? { id } : undefined;
}

/** A streamed log is one JSON object a line, `{"result":{"content","podName"}}`; only the given pod's lines, where it has some. */
export function logLines(stream: string, nodeId: string | undefined): string {
  const entries = stream.split('\n').flatMap((line) => {
    const entry = parseJson(line);
    const content = at(entry, 'result', 'content');
    return typeof content === 'string' && at(entry, 'result', 'last') !== true
      ? [{ content, pod: textAt(entry, 'result', 'podName') ?? '' }]
      : [];
  });
  const hash = /-\d+$/.exec(nodeId ?? '')?.[0];
  const ofNode = hash === undefined ? [] : entries.filter(({ pod }) => pod === nodeId || pod.endsWith(hash));
  return (ofNode.length > 0 ? ofNode : entries).map(({ content }) => `${content}\n`).join('');
}

/** The log endpoints count lines, not bytes. */
export function linesFor(maxBytes: number): number {
  return Math.min(1_000, Math.max(20, Math.ceil(maxBytes / 40)));
}
