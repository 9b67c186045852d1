/** Keeps and shows workflow runs as GitHub Actions does: runners, titles, the list that lags behind, cancel and re-run. */
import { isoSeconds, type StandInClock } from '../stand-in/clock.ts';
import { startLabRun, type LabJobBody, type LabRunHandle } from '../stand-in/lab-run.ts';

export interface ActionsWorkflow {
  /** `owner/name` */
  readonly repository: string;
  /** `perf.yml` */
  readonly file: string;
  readonly inputs: readonly { readonly name: string; readonly required?: boolean }[];
  /** The run-name; without one every run is titled by the workflow's name. */
  readonly title?: (inputs: Readonly<Record<string, string>>) => string;
  /** The file's text, for who reads it. */
  readonly text?: string;
  readonly run?: LabJobBody;
  readonly state?: 'active' | 'disabled_manually';
  readonly dispatchable?: boolean;
  /** Holds on to `cancel` in a step with `always()`: only `force-cancel` ends it. */
  readonly ignoresStop?: boolean;
}

export interface ActionsRun {
  readonly id: number;
  readonly workflow: ActionsWorkflow;
  readonly inputs: Readonly<Record<string, string>>;
  readonly title: string;
  readonly createdAtMs: number;
  attempt: number;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: 'success' | 'failure' | 'neutral' | 'cancelled' | null;
  startedAtMs: number;
  updatedAtMs: number;
  run: LabRunHandle | undefined;
  isListed: boolean;
}

export interface ActionsStateOptions {
  readonly clock: StandInClock;
  readonly runners: number;
  /** Until a new run is in the list. */
  readonly listLagMs: number;
  readonly webUrl: () => string;
  /** Told of `requested`, `in_progress` and `completed`, as the webhook `workflow_run` is. */
  readonly onEvent: (action: 'requested' | 'in_progress' | 'completed', run: ActionsRun) => void;
}

const CONCLUSIONS = {
  succeeded: 'success',
  failed: 'failure',
  unstable: 'neutral',
  aborted: 'cancelled',
} as const;

export type ActionsState = ReturnType<typeof createActionsState>;

export function createActionsState({ clock, runners, listLagMs, webUrl, onEvent }: ActionsStateOptions) {
  let runs: ActionsRun[] = [];
  let nextId = 19_000_000_001;
  let taken = 0;

  function dispatch(workflow: ActionsWorkflow, inputs: Readonly<Record<string, string>>): ActionsRun {
    const nowMs = clock.nowMs();
    const run: ActionsRun = {
      id: nextId++,
      workflow,
      inputs,
      title: workflow.title?.(inputs) ?? 'perf',
      createdAtMs: nowMs,
      attempt: 1,
      status: 'queued',
      conclusion: null,
      startedAtMs: nowMs,
      updatedAtMs: nowMs,
      run: undefined,
      isListed: false,
    };
    runs = [run, ...runs];
    clock.after(listLagMs, () => void (run.isListed = true));
    onEvent('requested', run);
    clock.after(0, assign);
    return run;
  }

  /** Hands waiting runs to runners, oldest first. */
  function assign(): void {
    for (const run of runs.filter(({ status }) => status === 'queued').reverse()) {
      if (taken >= runners) return;
      taken += 1;
      run.status = 'in_progress';
      run.startedAtMs = run.updatedAtMs = clock.nowMs();
      const { workflow } = run;
      run.run = startLabRun({
        clock,
        id: String(run.id),
        url: `${webUrl()}/${workflow.repository}/actions/runs/${run.id}`,
        parameters: run.inputs,
        body: workflow.run ?? ((lab) => lab.wait(10_000).then(() => 'succeeded' as const)),
        ignoresStop: workflow.ignoresStop,
        onEnd: () => {
          taken -= 1;
          complete(run, CONCLUSIONS[run.run?.end?.outcome ?? 'failed']);
          clock.after(0, assign);
        },
      });
      onEvent('in_progress', run);
    }
  }

  function complete(run: ActionsRun, conclusion: NonNullable<ActionsRun['conclusion']>): void {
    run.status = 'completed';
    run.conclusion = conclusion;
    run.updatedAtMs = clock.nowMs();
    onEvent('completed', run);
  }

  return {
    dispatch,
    get: (id: number) => runs.find((run) => run.id === id),
    list: (workflow: ActionsWorkflow) => runs.filter((run) => run.workflow === workflow && run.isListed),
    all: () => runs,
    /** False: it has completed. Answered at once, done a little later. */
    cancel(run: ActionsRun, forced: boolean): boolean {
      if (run.status === 'completed') return false;
      clock.after(0, () => {
        if (run.status === 'queued') complete(run, 'cancelled');
        else run.run?.stop(forced);
      });
      return true;
    },
    /** A person presses "Re-run all jobs": same id, next attempt. */
    rerun(run: ActionsRun): void {
      run.attempt += 1;
      run.status = 'queued';
      run.conclusion = null;
      clock.after(0, assign);
    },
    delete: (id: number) => void (runs = runs.filter((run) => run.id !== id)),
    stopAll: () => runs.forEach(({ run }) => run?.kill()),
  };
}

export function exportRun(run: ActionsRun, origin: string): Record<string, unknown> {
  const { id, title, workflow, status, conclusion, attempt } = run;
  return {
    id,
    name: 'perf',
    display_title: title,
    path: `.github/workflows/${workflow.file}`,
    event: 'workflow_dispatch',
    head_branch: 'main',
    status,
    conclusion,
    run_attempt: attempt,
    html_url: `${origin}/${workflow.repository}/actions/runs/${id}`,
    created_at: isoSeconds(run.createdAtMs),
    run_started_at: isoSeconds(run.startedAtMs),
    updated_at: isoSeconds(run.updatedAtMs),
  };
}

export function exportJob(run: ActionsRun): unknown {
  const { status, conclusion } = run;
  const step = { name: run.run?.stage ?? 'Set up job', status, conclusion, number: 2 };
  return {
    id: run.id * 10,
    run_id: run.id,
    name: 'perf',
    status,
    conclusion,
    steps: [{ name: 'Set up job', status: 'completed', conclusion: 'success', number: 1 }, step],
  };
}
