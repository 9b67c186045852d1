/** Runs workflows as the Argo controller does, in memory: locks, phases, stop and terminate, exit handlers, pods that go away. */
import { startLabRun } from '../stand-in/lab-run.ts';
import type { StandInClock } from '../stand-in/clock.ts';
import { childFailed } from './workflow-nodes.ts';
import type { Workflow } from './workflow.ts';

export interface WorkflowEngineOptions {
  readonly clock: StandInClock;
  readonly namespace: string;
  readonly uiUrl: () => string;
  /** Until the controller picks a new workflow up. */
  readonly pickUpMs?: number | undefined;
}

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/ */
const MOST_LABEL = 63;

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
      mainPhase: undefined,
      mainEndedAtMs: undefined,
      exitPhase: undefined,
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
    const { mutex, invalidSpec, name } = workflow.template;
    if (name.length > MOST_LABEL) return; // the controller can't set its label of that name, and tries for ever
    if (invalidSpec !== undefined) return end(workflow, 'Error', `invalid spec: ${invalidSpec}`);
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
        ? childFailed(workflow)
        : undefined;
    workflow.mainPhase = phase;
    workflow.mainEndedAtMs = clock.nowMs();
    if (workflow.shutdown === 'Terminate' || !workflow.template.onExit) return end(workflow, phase, message);
    const { name, parameters } = workflow;
    workflow.exitPhase = 'Running';
    await workflow.template.onExit({ name, parameters, status: phase }).then(
      () => {
        if (workflow.exitPhase !== 'Running') return; // terminated
        workflow.exitPhase = 'Succeeded';
        end(workflow, phase, message);
      },
      () => {
        if (workflow.exitPhase !== 'Running') return;
        workflow.exitPhase = 'Failed';
        end(workflow, 'Failed', 'main: Error (exit code 7)');
      },
    );
  }

  function end(
    workflow: Workflow,
    phase: 'Succeeded' | 'Failed' | 'Error',
    message: string | undefined,
  ): void {
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
    if (workflow.exitPhase === 'Running' && strategy === 'Terminate') {
      workflow.exitPhase = 'Failed'; // killed in the middle of its work
      end(workflow, 'Failed', "Stopped with strategy 'Terminate'");
    } else if (workflow.run) workflow.run.stop(strategy === 'Terminate');
    else if (strategy === 'Terminate') clock.after(0, () => pickUp(workflow));
    return true;
  }

  return {
    create,
    shutDown,
    get: (name: string) => live.get(name) ?? archive.get(name),
    isLive: (name: string) => live.has(name),
    all: () => [...live.values()],
    archived: () => [...archive.values()],
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
