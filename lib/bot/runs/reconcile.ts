/**
 * Reconciles one run: asks the lab and Horreum what is true now, moves the record along, and brings GitHub in line.
 * Every webhook, the sweeper and the command itself lead here; doing it once too often changes nothing.
 */
import { hasEnded, type JobRun } from '../record/job-run.ts';
import type { RunChange, WhyLook } from '../record/messages.ts';
import type { ProjectConfig } from '../projects/project-config.ts';
import { parametersThatMatter } from '../reports/measured-with.ts';
import { waitsOf } from '../record/table-keys.ts';
import type { BotDeps } from './bot-deps.ts';
import { changeRun } from './change-run.ts';
import { leaseFor, saveRun } from './hold-run.ts';
import { look } from './look.ts';
import { arrangeNextLook } from './next-look.ts';
import { publishRun } from './publish.ts';

/** Somebody else holds the run. */
const BUSY_RETRY_SECONDS = 1;

export async function reconcileRun(deps: BotDeps, runKey: string, why: WhyLook): Promise<void> {
  const run = await deps.runs.get(runKey);
  if (!run) return deps.log.warn('a look at a run that does not exist', { runKey });
  if (why.ofProject !== undefined && why.ofProject !== run.projectId)
    return deps.log.warn('a hint about a run of another project', { runKey, projectId: why.ofProject });
  const nowMs = deps.nowMs();
  if (isOutOfDate(run, why, nowMs)) return;
  const leased = await deps.runs.lease(run, nowMs, leaseFor(nowMs));
  if (!leased) {
    await deps.runQueue.send(
      { version: 1, kind: 'look', runKey, hintedAtMs: nowMs, ...why },
      BUSY_RETRY_SECONDS,
    );
    return;
  }
  const noted = why.change ? await noteChange(deps, leased, why.change, nowMs) : leased;
  const wanted = why.redraw ? unshown(noted) : noted;
  await moveAlong(deps, withCandidate(wanted, why.horreumRunId, nowMs), false);
}

/** Written down before anything is done about it, so that a crash in between does not forget who wanted it. */
async function noteChange(deps: BotDeps, run: JobRun, change: RunChange, nowMs: number): Promise<JobRun> {
  const changed = changeRun(run, change, nowMs);
  if (changed === run) return run;
  return saveRun(deps.runs, changed);
}

/** What the status comment says is out of date, whatever the record says of it. */
function unshown(run: JobRun): JobRun {
  const { statusNews: _news, ...published } = run.published;
  return { ...run, published };
}

/** The first look at a run, by the process that has just created it and holds its lease from the start. */
export async function startFreshRun(deps: BotDeps, run: JobRun): Promise<JobRun> {
  return moveAlong(deps, run, true);
}

/** A change that was made already, or that an ended run no longer takes, asks for nothing. */
function isOutOfDate(run: JobRun, why: WhyLook, nowMs: number): boolean {
  const isWanted = why.change !== undefined && changeRun(run, why.change, nowMs) !== run;
  if (why.redraw || isWanted) return false;
  if (run.published.settled) return true;
  if (why.onlyIfUnmatched && run.horreum?.runId !== undefined) return true;
  if (why.lookNumber !== undefined && why.lookNumber !== run.lookNumber) return true;
  if (isOfAnotherUpload(run, why)) return true;
  return (
    why.hintedAtMs !== undefined &&
    run.lookedAtMs !== undefined &&
    run.lookedAtMs > why.hintedAtMs &&
    (why.horreumRunId === undefined || withCandidate(run, why.horreumRunId, why.hintedAtMs) === run)
  );
}

function isOfAnotherUpload({ horreum }: JobRun, { horreumRunId }: WhyLook): boolean {
  return horreumRunId !== undefined && horreum?.runId !== undefined && horreum.runId !== horreumRunId;
}

function withCandidate(run: JobRun, horreumRunId: number | undefined, nowMs: number): JobRun {
  if (horreumRunId === undefined || !run.horreum || run.horreum.runId !== undefined || hasEnded(run))
    return run;
  const candidates = run.horreum.candidates ?? [];
  if (candidates.some(({ runId }) => runId === horreumRunId)) return run;
  return {
    ...run,
    horreum: {
      ...run.horreum,
      candidates: [...candidates, { runId: horreumRunId, sinceMs: nowMs }].slice(-10),
    },
  };
}

async function moveAlong(deps: BotDeps, run: JobRun, isFresh: boolean): Promise<JobRun> {
  const startedAtMs = deps.nowMs();
  const log = deps.log.with({ runKey: run.runKey });
  const project = await deps.projects.getById(run.projectId);
  const moved = await look({ ...deps, log }, project, run, isFresh);
  if (moved.state !== run.state) log.info('run moved', { from: run.state, to: moved.state });
  if (moved.state === 'reported' && run.state !== 'reported')
    await Promise.all([rememberDurations(deps, moved), rememberParameters(deps, project, moved)]);
  const looked = { ...moved, lookedAtMs: startedAtMs };
  const { run: shown, retryAfterMs } = await publishRun(
    { ...deps, log },
    { project, run: looked, stored: run, isFresh },
  );
  return arrangeNextLook(deps, shown, retryAfterMs);
}

/** Later reports compare only with runs of main that were measured alike. */
async function rememberParameters(
  deps: BotDeps,
  project: ProjectConfig | undefined,
  run: JobRun,
): Promise<void> {
  const job = project?.jobs[run.jobId];
  const horreumRunId = run.horreum?.runId;
  if (!job || horreumRunId === undefined || run.subject.kind !== 'push') return;
  await deps.runs.addMeasured(run.projectId, run.jobId, horreumRunId, parametersThatMatter(job, run));
}

/** What is usual for the job: how long until the report, and how long it waited before it began. */
async function rememberDurations(deps: BotDeps, run: JobRun): Promise<void> {
  const { startedAtMs, requestedAtMs, attempt } = run.platformRun;
  await Promise.all([
    deps.runs.addDuration(run.projectId, run.jobId, deps.nowMs() - run.createdAtMs),
    startedAtMs === undefined || attempt > 1
      ? undefined
      : deps.runs.addDuration(run.projectId, waitsOf(run.jobId), Math.max(0, startedAtMs - requestedAtMs)),
  ]);
}
