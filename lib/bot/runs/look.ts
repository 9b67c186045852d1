/** Carries out what a look has planned: starts, finds, asks or stops the platform run, and reads Horreum, side by side. */
import { UpstreamError } from '../../http/upstream-error.ts';
import type { JobExecutor, PlatformRef, StartRequest } from '../../perflab/job-executor.ts';
import type { BotDeps } from './bot-deps.ts';
import type { JobDef, ProjectConfig } from '../projects/project-config.ts';
import { classifyFailure } from '../reports/classify-failure.ts';
import type { Seen } from './after-look.ts';
import { attemptKey, hasEnded, moveTo, subjectKeyOf, type JobRun } from '../record/job-run.ts';
import { lookAtUpload } from './look-at-upload.ts';
import { planLook, type LookPlan } from './plan-look.ts';
import { retryLabFault } from './retry-lab-fault.ts';
import { saveRun } from './save-run.ts';

const LOG_TAIL_BYTES = 16_384;
const LOG_TAIL_LINES = 30;
/** All that is ever known of a stop at a lab that can only be told. */
const TOLD_TO_STOP = 'the lab was told to stop it; it does not say whether it has';

export interface Looked {
  /** The record as it was written before anything was sent. */
  readonly run: JobRun;
  readonly seen: Seen;
  /** Adds the log's tail and what the failure looks like to a run that has just ended badly; a lab's fault is tried once more. */
  readonly explain: (ended: JobRun) => Promise<JobRun>;
}

const asItIs = (run: JobRun): Promise<JobRun> => Promise.resolve(run);

export async function look(
  deps: BotDeps,
  project: ProjectConfig | undefined,
  run: JobRun,
  isFresh: boolean,
): Promise<Looked> {
  if (hasEnded(run)) return { run, seen: {}, explain: asItIs };
  const job = project?.jobs[run.jobId];
  if (!project || !job) return { run: withoutJob(run, deps.nowMs()), seen: {}, explain: asItIs };
  const executor = await executorOrRefusal(deps, project, job);
  if ('reason' in executor)
    return { run: withoutLab(run, executor, deps.nowMs()), seen: {}, explain: asItIs };
  const plan = planLook(run, deps.nowMs(), executor.can.status, isFresh);
  const marked = plan.start === 'start-again' ? await markStart(deps, run) : run;
  const [platform, upload] = await Promise.all([
    lookAtPlatform(deps, executor, marked, job, plan),
    plan.askHorreum ? lookAtHorreum(deps, project, job, marked) : undefined,
  ]);
  const seen: Seen = {
    ...platform,
    ...(upload ? { upload } : {}),
    ...(executor.can.status ? {} : { uploadIsTheEnd: true }),
  };
  return { run: marked, seen, explain: (ended) => explainEnd(deps, executor, job, ended) };
}

function withoutJob(run: JobRun, nowMs: number): JobRun {
  const failure = {
    looksLike: 'configuration',
    reason: 'the project or the job was removed from the configuration',
  } as const;
  return moveTo({ ...run, failure }, 'failed', nowMs);
}

/** The lab, or why it can't be reached as it is configured. */
async function executorOrRefusal(
  deps: BotDeps,
  project: ProjectConfig,
  job: JobDef,
): Promise<JobExecutor | { readonly reason: string }> {
  try {
    return await deps.executorOf(project, job);
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.retryable) throw error;
    return { reason: error.message };
  }
}

/** Before the start that ends the run; later it waits for the configuration to be mended, or for its deadline. */
function withoutLab(run: JobRun, { reason }: { readonly reason: string }, nowMs: number): JobRun {
  if (run.platformRun.ref && nowMs < run.deadlineAtMs) return run;
  return moveTo({ ...run, failure: { looksLike: 'configuration', reason, stage: 'start' } }, 'failed', nowMs);
}

/** Forgets the misses before a start is sent again: a crash right after it is then looked for, not repeated. */
async function markStart(deps: BotDeps, run: JobRun): Promise<JobRun> {
  const { platformRun } = run;
  return saveRun(deps.runs, {
    ...run,
    platformRun: {
      ...platformRun,
      misses: 0,
      missedAtMs: deps.nowMs(),
      unknownStarts: platformRun.unknownStarts + 1,
    },
  });
}

function startRequestOf(run: JobRun, job: JobDef): StartRequest {
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

async function lookAtPlatform(
  deps: BotDeps,
  executor: JobExecutor,
  run: JobRun,
  job: JobDef,
  plan: LookPlan,
): Promise<Seen> {
  const request = startRequestOf(run, job);
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

/** A lab that can't be asked is told to stop what it may have: nothing more can be done about that run. */
async function find(
  executor: JobExecutor,
  request: StartRequest,
  run: JobRun,
): Promise<PlatformRef | 'nowhere'> {
  if (!executor.can.find && run.cancelRequested) await executor.cancelRun(request, {}, 'gentle');
  return (await executor.findRun(request)) ?? 'nowhere';
}

async function lookAtHorreum(deps: BotDeps, project: ProjectConfig, job: JobDef, run: JobRun) {
  const datastore = await deps.datastoreOf(project).catch(asUnreachable);
  if ('kind' in datastore) return datastore;
  const others = await otherRuns(deps, run);
  const gitHub = deps.gitHubOf(run.installationId);
  const measured = {
    baseRef: run.baseRef,
    headSha: run.headSha,
    ...(run.baseSha === undefined ? {} : { baseSha: run.baseSha }),
    sameRequestRuns: others
      .filter(({ claimKey, state }) => claimKey === run.claimKey && state === 'reported')
      .flatMap(({ horreum }) => horreum?.runId ?? []),
    compare: (base: string, head: string) => gitHub.compareCommits(run.repository, base, head),
  };
  const takenHorreumRuns = new Set(others.flatMap(({ horreum }) => horreum?.runId ?? []));
  return lookAtUpload({ datastore, takenHorreumRuns, measured }, run, job);
}

function asUnreachable(error: unknown): { readonly kind: 'unreachable'; readonly why: string } {
  if (error instanceof UpstreamError) return { kind: 'unreachable', why: error.message };
  throw error;
}

/** Other runs of the same pull request. */
async function otherRuns(deps: BotDeps, run: JobRun): Promise<readonly JobRun[]> {
  const runs = await deps.runs.listBySubject(subjectKeyOf(run), 50);
  return runs.filter(({ runKey }) => runKey !== run.runKey);
}

async function explainEnd(deps: BotDeps, executor: JobExecutor, job: JobDef, run: JobRun): Promise<JobRun> {
  const { ref } = run.platformRun;
  const wantsLog =
    run.state === 'failed' ||
    run.state === 'timed-out' ||
    (run.state === 'cancelled' && run.failure !== undefined);
  if (!wantsLog) return run;
  const tail =
    ref && executor.can.logs
      ? await executor.logTail(startRequestOf(run, job), ref, LOG_TAIL_BYTES).catch((error: unknown) => {
          deps.log.warn('the log could not be read', { error });
          return undefined;
        })
      : undefined;
  const failure = run.failure ?? { looksLike: 'code', reason: 'it ran out of time' };
  const logTail = tail?.trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n');
  const explained = classifyFailure({ ...failure, ...(logTail === undefined ? {} : { logTail }) });
  return retryLabFault({ ...run, failure: explained }, job, deps.nowMs());
}
