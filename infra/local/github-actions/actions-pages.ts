/** What GitHub's API shows of a workflow run and of its job. */
import type { ActionsRun } from './actions-state.ts';

export function exportRun(run: ActionsRun, origin: string): Record<string, unknown> {
  const iso = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
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
    created_at: iso(run.createdAtMs),
    run_started_at: iso(run.startedAtMs),
    updated_at: iso(run.updatedAtMs),
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
