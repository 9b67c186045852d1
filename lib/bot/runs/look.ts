/** Looks at a run: asks the lab and Horreum side by side, moves the record along by what they say, and explains a bad end. */
import { onRefusal, onUpstreamError } from '../../http/upstream-error.ts';
import type { JobExecutor } from '../../perflab/job-executor.ts';
import { staysPrivate, type JobDef, type ProjectConfig } from '../projects/project-config.ts';
import { hasEnded, moveTo, subjectKeyOf, type JobRun } from '../record/job-run.ts';
import { chosenParameters, parametersThatMatter } from '../reports/measured-with.ts';
import { classifyFailure } from '../reports/classify-failure.ts';
import { afterLook } from './after-look.ts';
import type { BotDeps } from './bot-deps.ts';
import { saveRun } from './hold-run.ts';
import { logTailOf, lookAtLab, type Attempt } from './look-at-lab.ts';
import { lookAtUpload } from './look-at-upload.ts';
import { planLook } from './plan-look.ts';
import { retryLabFault } from './retry-lab-fault.ts';

/** The run as it is after the look. `isFresh`: this very process has just created the attempt, so nothing can have been sent. */
export async function look(
  deps: BotDeps,
  project: ProjectConfig | undefined,
  run: JobRun,
  isFresh: boolean,
): Promise<JobRun> {
  if (hasEnded(run)) return run;
  const job = project?.jobs[run.jobId];
  if (!project || !job) return withoutJob(run, deps.nowMs());
  const executor = await executorOrRefusal(deps, project, job);
  if ('reason' in executor) return afterLook(withoutLab(run, executor, deps.nowMs()), {}, deps.nowMs());
  const canTell = executor.can.status;
  const plan = planLook(run, deps.nowMs(), canTell, isFresh);
  const marked = plan.start === 'start-again' ? await markStart(deps, run) : run;
  const attempt = { executor, job, run: marked };
  const [lab, upload] = await Promise.all([
    lookAtLab(deps, attempt, plan),
    plan.askHorreum ? lookAtHorreum(deps, project, job, marked) : undefined,
  ]);
  const seen = { ...lab, ...(upload ? { upload } : {}), ...(canTell ? {} : { uploadIsTheEnd: true }) };
  const moved = afterLook(marked, seen, deps.nowMs());
  return hasEnded(moved) ? explainEnd(deps, { ...attempt, run: moved }) : moved;
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
  return deps.executorOf(project, job).catch(onRefusal(({ message }) => ({ reason: message })));
}

/** Before its start that ends a run; later the run waits until the configuration is mended, or its deadline comes. */
function withoutLab(run: JobRun, { reason }: { readonly reason: string }, nowMs: number): JobRun {
  if (run.platformRun.ref && nowMs < run.deadlineAtMs) return run;
  return moveTo({ ...run, failure: { looksLike: 'configuration', reason, stage: 'start' } }, 'failed', nowMs);
}

/** Forgets the misses before a start is sent again: after a crash the start is looked for, not repeated. */
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

async function lookAtHorreum(deps: BotDeps, project: ProjectConfig, job: JobDef, run: JobRun) {
  const datastore = await deps.datastoreOf(project, run.repository).catch(asUnreachable);
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
    parameters: parametersThatMatter(job, run),
    chosen: chosenParameters(job, run),
    recordedParameters: () => deps.runs.measuredWith(run.projectId, run.jobId),
  };
  const takenHorreumRuns = new Set(others.flatMap(({ horreum }) => horreum?.runId ?? []));
  const repositoryIsPrivate = staysPrivate(project, run.repository);
  return lookAtUpload(
    { datastore, takenHorreumRuns, measured, repositoryIsPrivate, nowMs: deps.nowMs() },
    run,
    job,
  );
}

const asUnreachable = onUpstreamError(({ message }) => ({ kind: 'unreachable', why: message }) as const);

/** Other runs of the same pull request. */
async function otherRuns(deps: BotDeps, run: JobRun): Promise<readonly JobRun[]> {
  const runs = await deps.runs.listBySubject(subjectKeyOf(run), 50);
  return runs.filter(({ runKey }) => runKey !== run.runKey);
}

/** A bad end gets the log's last lines and what the failure looks like; a lab's fault is tried once more. */
async function explainEnd(deps: BotDeps, attempt: Attempt): Promise<JobRun> {
  const { run, job } = attempt;
  const isBad =
    run.state === 'failed' ||
    run.state === 'timed-out' ||
    (run.state === 'cancelled' && run.failure !== undefined);
  if (!isBad) return run;
  const logTail = await logTailOf(deps, attempt);
  const failure = run.failure ?? { looksLike: 'code', reason: 'it ran out of time' };
  const explained = classifyFailure({ ...failure, ...(logTail === undefined ? {} : { logTail }) });
  return retryLabFault({ ...run, failure: explained }, job, deps.nowMs());
}
