/** Writes a run's record, or leaves the message to be tried again: who came first has changed it. */
import { UpstreamError } from '../../http/upstream-error.ts';
import type { JobRun } from '../record/job-run.ts';
import type { RunStore } from '../record/run-store.ts';

/** The record as it now stands. Throws a retryable UpstreamError if another worker wrote it meanwhile. */
export async function saveRun(runs: Pick<RunStore, 'save'>, run: JobRun): Promise<JobRun> {
  const saved = await runs.save(run);
  if (!saved) throw new UpstreamError(`another worker changed run ${run.runKey}`, { retryable: true });
  return saved;
}
