/** Gives a lab that broke down one more chance: the same run as a second attempt, and only when the first is proven to have ended. */
import { type JobDef } from '../projects/project-config.ts';
import { RUN_PARAMETER } from '../../perflab/job-executor.ts';
import { attemptKeyOf } from '../../run-name.ts';
import type { JobRun } from '../record/job-run.ts';

/** The run with a second attempt that nothing was sent for yet, or as it is. */
export function retryLabFault(run: JobRun, job: Pick<JobDef, 'retryLabFaults'>, nowMs: number): JobRun {
  const { failure, platformRun, horreum, endedAtMs: _ended, report: _report, ...rest } = run;
  if (!failure || job.retryLabFaults === false || !mayTryAgain(run)) return run;
  const attempt = platformRun.attempt + 1;
  return {
    ...rest,
    state: 'requested',
    history: [...run.history, { state: 'requested', atMs: nowMs }],
    parameters: { ...run.parameters, [RUN_PARAMETER]: attemptKeyOf(run.runKey, attempt) },
    // No start is counted yet: the next look writes one down before it sends anything.
    platformRun: { attempt, requestedAtMs: nowMs, unknownStarts: 0, misses: 0 },
    deadlineAtMs: nowMs + (run.deadlineAtMs - platformRun.requestedAtMs),
    ...(horreum
      ? {
          horreum: {
            testId: horreum.testId,
            ...(horreum.viewId === undefined ? {} : { viewId: horreum.viewId }),
            ...(horreum.newestBefore === undefined ? {} : { newestBefore: horreum.newestBefore }),
          },
        }
      : {}),
    earlierFailure: failure,
  };
}

/** `lost` is no proof of an end, and a person who stopped the run does not want it again. */
function mayTryAgain({ state, failure, platformRun, horreum, cancelRequested }: JobRun): boolean {
  return (
    state === 'failed' &&
    failure?.looksLike === 'lab' &&
    platformRun.attempt === 1 &&
    platformRun.endedAtMs !== undefined &&
    horreum?.runId === undefined &&
    !cancelRequested
  );
}
