/** Reads GitHub Actions' workflow runs: which is ours, where it stands, and where people see it. */
import type { PlatformRef, PlatformState } from '../job-executor.ts';
import { idAt, listAt, numberAt, own, textAt, timeMsAt, withoutUndefined } from '../../json.ts';

/** GitHub has no key for a dispatch: the workflow puts the attempt's name into its run's title. Whole names only: `pb-x` is not `pb-x-2`. */
export function isTitledWith(run: unknown, attemptKey: string): boolean {
  const title = textAt(run, 'display_title') ?? '';
  return title.split(/[^a-z0-9-]+/i).includes(attemptKey);
}

/** `https://api.github.com` → `https://github.com`, `https://ghe.example.com/api/v3` → `https://ghe.example.com` */
export function webAddress(apiUrl: string): string {
  return apiUrl.replace(/\/api\/v3$/, '').replace(/^(https?:\/\/)api\./, '$1');
}

export function stateOfRun(run: unknown, ref: PlatformRef): PlatformState {
  const status = textAt(run, 'status') ?? 'queued';
  const again = (numberAt(run, 'run_attempt') ?? 1) > 1 ? 'run again by a person' : undefined;
  if (status === 'in_progress') {
    return withoutUndefined({
      phase: 'running',
      ref,
      startedAtMs: timeMsAt(run, 'run_started_at'),
      reason: again,
    });
  }
  if (status !== 'completed') {
    const reason =
      status === 'waiting' ? 'waits for a protection rule or an approval in GitHub Actions' : undefined;
    return withoutUndefined({ phase: 'queued', ref, reason });
  }
  const conclusion = textAt(run, 'conclusion') ?? 'failure';
  return withoutUndefined({
    reason: again,
    ...(own(CONCLUSIONS, conclusion) ?? { phase: 'failed' as const, reason: conclusion }),
    ref,
    startedAtMs: timeMsAt(run, 'run_started_at'),
    finishedAtMs: timeMsAt(run, 'updated_at'),
  });
}

/** https://docs.github.com/rest/actions/workflow-runs */
const CONCLUSIONS: Readonly<Record<string, Pick<PlatformState, 'phase' | 'reason'>>> = {
  success: { phase: 'succeeded' },
  neutral: { phase: 'unstable', reason: 'ended as neutral' },
  failure: { phase: 'failed' },
  startup_failure: { phase: 'failed', reason: 'GitHub could not start the workflow (is its file valid?)' },
  action_required: { phase: 'failed', reason: 'GitHub asks for an approval before it runs this workflow' },
  skipped: { phase: 'failed', reason: 'all of its jobs were skipped' },
  stale: { phase: 'failed', reason: 'GitHub gave it up as stale' },
  cancelled: { phase: 'cancelled', reason: 'cancelled in GitHub Actions' },
  timed_out: { phase: 'timed-out' },
};

export interface FailedJob {
  readonly id: string;
  /** `job / step` */
  readonly stage: string;
}

/** The job to look into: the one that failed, else the last. */
export function telltaleJob(jobs: unknown): FailedJob | undefined {
  const list = listAt(jobs, 'jobs');
  const bad = /^(failure|timed_out|cancelled)$/;
  const job = list.find((one) => bad.test(textAt(one, 'conclusion') ?? '')) ?? list.at(-1);
  const id = idAt(job, 'id');
  if (id === undefined) return undefined;
  const step = listAt(job, 'steps').find((one) => bad.test(textAt(one, 'conclusion') ?? ''));
  const names = [textAt(job, 'name'), textAt(step, 'name')].filter((name) => name !== undefined);
  return { id, stage: names.join(' / ') };
}
