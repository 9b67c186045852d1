/** Holds a run while it is moved: by a lease that outlives every worker, and by writes that fail when somebody else wrote meanwhile. */
import { UpstreamError } from '../../http/upstream-error.ts';
import type { JobRun } from '../record/job-run.ts';
import type { RunStore } from '../record/run-store.ts';

/** Longer than any function may take, so that two never move one run. */
const LEASE_MS = 45_000;

export function leaseFor(nowMs: number): number {
  return nowMs + LEASE_MS;
}

/** The record as it now stands. Throws a retryable UpstreamError if another worker wrote it meanwhile. */
export async function saveRun(runs: Pick<RunStore, 'save'>, run: JobRun): Promise<JobRun> {
  const saved = await runs.save(run);
  if (!saved) throw new UpstreamError(`another worker changed run ${run.runKey}`, { retryable: true });
  return saved;
}
