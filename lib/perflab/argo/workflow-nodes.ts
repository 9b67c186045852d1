/** Finds in a workflow's nodes what decided its end: the workflow's own message names only the child that failed. */
import { at, textAt, timeMsAt } from '../../json.ts';

/** Nodes that only gather others: what they say is that a child failed. */
const GATHERS = /^(Steps|StepGroup|DAG|TaskGroup|Retry)$/;
const BAD_END = /^(Failed|Error)$/;
/** A workflow may hold thousands. */
const MOST_NODES = 5_000;

export interface WorkflowNodes {
  /** Where the entry point's own end shows. */
  readonly root: unknown;
  /** The node that decided a bad end, or undefined. */
  readonly decisive: unknown;
  /** The exit handler's failed node, or undefined. */
  readonly failedExit: unknown;
  /** The pod that runs, or waits to, outside the exit handler. */
  readonly current: unknown;
  /** The pod whose log tells most: the decisive one, else the latest. */
  readonly pod: unknown;
}

export function nodesOf(workflow: unknown): WorkflowNodes {
  const name = textAt(workflow, 'metadata', 'name');
  const nodes = at(workflow, 'status', 'nodes');
  const all: unknown[] =
    typeof nodes === 'object' && nodes !== null ? Object.values(nodes).slice(0, MOST_NODES) : [];
  // Argo sorts them by a hash, so their order says nothing.
  const isOfExit = (node: unknown) =>
    textAt(node, 'name')?.startsWith(`${name ?? textAt(node, 'boundaryID') ?? ''}.onExit`) === true;
  const byEnd = all.toSorted(inTheirOrder);
  const ofExit = byEnd.filter(isOfExit);
  const leaves = byEnd.filter((node) => !isOfExit(node) && !GATHERS.test(textAt(node, 'type') ?? ''));
  const pods = leaves.filter(isPod);
  const decisive = leaves.findLast(endedBadly);
  return {
    root: all.find((node) => name !== undefined && textAt(node, 'id') === name),
    decisive,
    failedExit: ofExit.findLast((node) => isPod(node) && endedBadly(node)) ?? ofExit.findLast(endedBadly),
    current: pods.findLast((pod) => textAt(pod, 'phase') === 'Running') ?? pods.findLast(isPending),
    pod: pods.findLast(endedBadly) ?? pods.at(-1) ?? ofExit.findLast(isPod),
  };
}

function isPod(node: unknown): boolean {
  return textAt(node, 'type') === 'Pod';
}

function isPending(node: unknown): boolean {
  return textAt(node, 'phase') === 'Pending';
}

function endedBadly(node: unknown): boolean {
  return BAD_END.test(textAt(node, 'phase') ?? '');
}

/** By their end, one that has not ended last; Argo's times are whole seconds, so their begin decides between equal ones. */
function inTheirOrder(a: unknown, b: unknown): number {
  const [endA, endB] = [endOf(a), endOf(b)];
  if (endA !== endB) return endA - endB;
  return (timeMsAt(a, 'startedAt') ?? 0) - (timeMsAt(b, 'startedAt') ?? 0);
}

function endOf(node: unknown): number {
  return timeMsAt(node, 'finishedAt') ?? Number.MAX_VALUE;
}
