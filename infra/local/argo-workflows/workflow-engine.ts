/** Runs workflows as the Argo controller does, in memory: locks, phases, stop and terminate, exit handlers, pods that go away. */
import { startLabRun, type LabJobBody, type LabRunHandle } from '../stand-in/lab-run.ts';
import type { StandInClock } from '../stand-in/clock.ts';

export interface WorkflowTemplate {
  readonly name: string;
  readonly cluster?: boolean;
  /** `value` undefined: it must be sent. */
  readonly parameters: readonly { readonly name: string; readonly value?: string }[];
  readonly run?: LabJobBody;
  /** The exit handler: runs while the phase is not final yet, and not after a terminate; if it fails, so does the workflow. */
  readonly onExit?: (workflow: {
    name: string;
    parameters: Readonly<Record<string, string>>;
    status: string;
  }) => Promise<void>;
  /** A template that must run alone. */
  readonly mutex?: string;
  readonly ignoresStop?: boolean;
}

export interface Workflow {
  readonly uid: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly template: WorkflowTemplate;
  readonly parameters: Readonly<Record<string, string>>;
  shutdown: 'Stop' | 'Terminate' | undefined;
  phase: '' | 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Error';
  message: string | undefined;
  startedAtMs: number | undefined;
  finishedAtMs: number | undefined;
  run: LabRunHandle | undefined;
  /** The pods still exist, so their log can be streamed. */
  hasPods: boolean;
}

export interface WorkflowEngineOptions {
  readonly clock: StandInClock;
  readonly namespace: string;
  readonly uiUrl: () => string;
  /** Until the controller picks a new workflow up. */
  readonly pickUpMs?: number | undefined;
}

export type NewWorkflow = Pick<Workflow, 'name' | 'labels' | 'annotations' | 'template' | 'parameters'>;
export type WorkflowEngine = ReturnType<typeof createWorkflowEngine>;

export function createWorkflowEngine({ clock, namespace, uiUrl, pickUpMs = 100 }: WorkflowEngineOptions) {
  const live = new Map<string, Workflow>();
  const archive = new Map<string, Workflow>();
  const everMade: Workflow[] = [];
  const heldLocks = new Set<string>();

  function create(fresh: NewWorkflow): Workflow | 'exists' {
    if (live.has(fresh.name)) return 'exists';
    const workflow: Workflow = {
      ...fresh,
      uid: `00000000-0000-4000-8000-${String(everMade.length + 1).padStart(12, '0')}`,
      shutdown: undefined,
      phase: '',
      message: undefined,
      startedAtMs: undefined,
      finishedAtMs: undefined,
      run: undefined,
      hasPods: false,
    };
    live.set(workflow.name, workflow);
    everMade.push(workflow);
    clock.after(pickUpMs, () => pickUp(workflow));
    return workflow;
  }

  function pickUp(workflow: Workflow): void {
    if (workflow.run || workflow.finishedAtMs !== undefined) return;
    if (workflow.shutdown === 'Terminate')
      return end(workflow, 'Failed', "Stopped with strategy 'Terminate'");
    const { mutex } = workflow.template;
    if (mutex !== undefined && heldLocks.has(mutex)) {
      workflow.phase = 'Pending'; // and a Stop changes nothing about that: it goes on waiting
      workflow.message = `Waiting for ${namespace}/Mutex/${mutex} lock. Lock status: 0/1`;
      return;
    }
    if (mutex !== undefined) heldLocks.add(mutex);
    workflow.phase = 'Running';
    workflow.message = undefined;
    workflow.startedAtMs = clock.nowMs();
    workflow.hasPods = true;
    workflow.run = startLabRun({
      clock,
      id: workflow.name,
      url: `${uiUrl()}/workflows/${namespace}/${workflow.name}`,
      parameters: workflow.parameters,
      body: workflow.template.run ?? ((run) => run.wait(10_000).then(() => 'succeeded' as const)),
      ignoresStop: workflow.template.ignoresStop,
      onEnd: () => void afterMain(workflow),
    });
  }

  async function afterMain(workflow: Workflow): Promise<void> {
    const outcome = workflow.run?.end?.outcome;
    const phase = outcome === 'succeeded' ? 'Succeeded' : 'Failed';
    const message = workflow.shutdown
      ? `Stopped with strategy '${workflow.shutdown}'`
      : phase === 'Failed'
        ? 'Error (exit code 1)'
        : undefined;
    if (workflow.shutdown === 'Terminate' || !workflow.template.onExit) return end(workflow, phase, message);
    const { name, parameters } = workflow;
    await workflow.template.onExit({ name, parameters, status: phase }).then(
      () => end(workflow, phase, message),
      () => end(workflow, 'Failed', 'error in exit template execution'),
    );
  }

  function end(workflow: Workflow, phase: 'Succeeded' | 'Failed', message: string | undefined): void {
    workflow.phase = phase;
    workflow.message = message;
    workflow.finishedAtMs = clock.nowMs();
    if (workflow.run && workflow.template.mutex !== undefined) heldLocks.delete(workflow.template.mutex);
    for (const other of live.values()) if (other.phase === 'Pending') clock.after(0, () => pickUp(other));
  }

  /** False: it has ended, which Argo answers with an error. */
  function shutDown(workflow: Workflow, strategy: 'Stop' | 'Terminate'): boolean {
    if (workflow.finishedAtMs !== undefined) return false;
    workflow.shutdown = strategy;
    if (workflow.run) workflow.run.stop(strategy === 'Terminate');
    else if (strategy === 'Terminate') clock.after(0, () => pickUp(workflow));
    return true;
  }

  return {
    create,
    shutDown,
    get: (name: string) => live.get(name) ?? archive.get(name),
    isLive: (name: string) => live.has(name),
    all: () => [...live.values()],
    everMade: (name: string) => everMade.filter((workflow) => workflow.name === name),
    /** TTL: out of the cluster, into the archive if there is one. */
    expire(name: string, intoArchive: boolean): void {
      const workflow = live.get(name);
      live.delete(name);
      if (workflow && intoArchive) archive.set(name, workflow);
      if (!intoArchive) archive.delete(name);
    },
    collectPods(name: string): void {
      const workflow = live.get(name);
      if (workflow) workflow.hasPods = false;
    },
    holdLock: (mutex: string) => void heldLocks.add(mutex),
    stopAll: () => live.forEach(({ run }) => run?.kill()),
  };
}
