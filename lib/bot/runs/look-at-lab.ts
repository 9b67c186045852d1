/** Looks at the lab for one run: starts it, finds it, asks for its state or stops it, as the look has planned; and reads the log of a bad end. */
import { UpstreamError } from '../../http/upstream-error.ts';
import type { JobExecutor, PlatformRef, StartRequest } from '../../perflab/job-executor.ts';
import type { JobDef } from '../projects/project-config.ts';
import { attemptKey, type JobRun } from '../record/job-run.ts';
import type { Seen } from './after-look.ts';
import type { BotDeps } from './bot-deps.ts';
import type { LookPlan } from './plan-look.ts';

const LOG_TAIL_BYTES = 16_384;
const LOG_TAIL_LINES = 30;
/** All that is known of a stop at a lab that never answers. */
const TOLD_TO_STOP = 'the lab was told to stop it; it does not say whether it has';

/** One attempt of a run, at its job's lab. */
export interface Attempt {
  readonly executor: JobExecutor;
  readonly job: JobDef;
  readonly run: JobRun;
}

export async function lookAtLab(deps: Pick<BotDeps, 'log'>, attempt: Attempt, plan: LookPlan): Promise<Seen> {
  const { executor, run } = attempt;
  const request = startRequestOf(attempt);
  try {
    if (plan.start === 'start' || plan.start === 'start-again')
      return { started: await executor.startJob(request) };
    if (plan.start === 'find-first') return { found: await find(executor, request, run) };
    const { ref } = run.platformRun;
    if (!ref) return {};
    if (plan.cancel) await executor.cancelRun(request, ref, plan.cancel);
    if (plan.askPlatform) return { platform: await executor.getJobStatus(request, ref) };
    return plan.cancel ? { platform: { phase: 'cancelled', ref, reason: TOLD_TO_STOP } } : {};
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    deps.log.warn('the lab could not be asked', { error });
    if (plan.start === 'start' && !error.retryable)
      return { started: { kind: 'rejected', message: error.message } };
    return {};
  }
}

/** A lab that can't be asked is told to stop whatever it has: nothing more can be done about that run. */
async function find(
  executor: JobExecutor,
  request: StartRequest,
  run: JobRun,
): Promise<PlatformRef | 'nowhere'> {
  if (!executor.can.find && run.cancelRequested) await executor.cancelRun(request, {}, 'gentle');
  return (await executor.findRun(request)) ?? 'nowhere';
}

/** The last lines of the log; undefined where there are none. */
export async function logTailOf(deps: Pick<BotDeps, 'log'>, attempt: Attempt): Promise<string | undefined> {
  const { executor, run } = attempt;
  const { ref } = run.platformRun;
  if (!ref || !executor.can.logs) return undefined;
  try {
    const tail = await executor.logTail(startRequestOf(attempt), ref, LOG_TAIL_BYTES);
    return tail?.trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n');
  } catch (error) {
    deps.log.warn('the log could not be read', { error });
    return undefined;
  }
}

function startRequestOf({ run, job }: Attempt): StartRequest {
  return {
    attemptKey: attemptKey(run),
    job: job.platformJobId,
    parameters: run.parameters,
    requestedAtMs: run.platformRun.requestedAtMs,
    subject: {
      repository: run.repository.fullName,
      ...(run.subject.kind === 'pull-request' ? { pullRequest: run.subject.number } : {}),
      commit: run.headSha,
    },
  };
}
