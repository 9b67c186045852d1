/** Decides what a run becomes after a look: a pure function of the record, what was seen, and the time. */
import type { PlatformRef, PlatformState, StartResult } from '../../perflab/job-executor.ts';
import { unreachable } from '../record/errors.ts';
import { afterUpload, type UploadSeen } from './after-upload.ts';
import { boundedRef, boundedStart, boundedState } from './bounded-state.ts';
import { hasEnded, moveTo, type Failure, type JobRun } from '../record/job-run.ts';

/** What one look brought. Absent: not asked, or the other side could not be reached. */
export interface Seen {
  readonly started?: StartResult;
  /** Answer to "does this attempt exist?": a ref, or `nowhere`. */
  readonly found?: PlatformRef | 'nowhere';
  readonly platform?: PlatformState;
  readonly upload?: UploadSeen;
  /** The lab can only be told: it never says that a job has ended, so the results are not held back for that. */
  readonly uploadIsTheEnd?: boolean;
}

/** Results may be there while the job still tidies up: how long its end is waited for. */
const WAIT_FOR_JOB_END_MS = 20_000;
/** Horreum has labels but no datapoints: when the report says that it can't tell. */
export const WAIT_FOR_RESULTS_MS = 3 * 60_000;
/** A stop that the platform never obeys does not keep the run open for ever. */
const GIVE_UP_STOPPING_MS = 3 * 60_000;
/** Looks that find the run nowhere count only this far apart. */
const MISSES_APART_MS = 5_000;
/** After this many in a row a run counts as lost. */
const MISSES_BEFORE_LOST = 3;

export function afterLook(run: JobRun, seen: Seen, nowMs: number): JobRun {
  if (hasEnded(run)) return run;
  const started = seen.started ? afterStart(run, boundedStart(seen.started), nowMs) : run;
  const found = seen.found === undefined ? started : afterFind(started, seen.found, nowMs);
  const platform = seen.platform ? afterPlatform(found, seen.platform, nowMs) : found;
  const upload = seen.upload ? afterUpload(platform, seen.upload, nowMs) : platform;
  return afterTime(upload, seen, nowMs);
}

function afterStart(run: JobRun, result: StartResult, nowMs: number): JobRun {
  switch (result.kind) {
    case 'accepted': {
      const warned = result.warning === undefined ? run : { ...run, warning: result.warning };
      return moveTo(
        { ...warned, platformRun: { ...run.platformRun, ref: result.ref, misses: 0 } },
        'queued',
        nowMs,
      );
    }
    case 'rejected':
      return fail(run, { looksLike: 'configuration', reason: result.message, stage: 'start' }, nowMs);
    case 'unknown':
      return {
        ...run,
        platformRun: { ...run.platformRun, misses: 0, missedAtMs: nowMs, reason: result.message },
      };
    default:
      return unreachable(result);
  }
}

function afterFind(run: JobRun, found: PlatformRef | 'nowhere', nowMs: number): JobRun {
  if (found === 'nowhere') return missed(run, nowMs);
  const ref = boundedRef(found);
  return moveTo({ ...run, platformRun: { ...run.platformRun, ref, misses: 0 } }, 'queued', nowMs);
}

/** Hints may bring looks close together; only one every few seconds counts. */
function missed(run: JobRun, nowMs: number): JobRun {
  const { platformRun } = run;
  const sinceMs = nowMs - (platformRun.missedAtMs ?? platformRun.requestedAtMs);
  if (sinceMs < MISSES_APART_MS) return run;
  return { ...run, platformRun: { ...platformRun, misses: platformRun.misses + 1, missedAtMs: nowMs } };
}

function afterPlatform(run: JobRun, said: PlatformState, nowMs: number): JobRun {
  const state = boundedState(said, run.platformRun.requestedAtMs, nowMs);
  if (state.phase === 'lost') {
    const again = missed(run, nowMs);
    if (again.platformRun.misses < MISSES_BEFORE_LOST) return again;
    if (run.cancelRequested) return stopped(again, state, nowMs);
    return fail(
      again,
      { looksLike: 'lab', reason: state.reason ?? 'the lab no longer knows this run' },
      nowMs,
    );
  }
  const {
    queuePosition: _position,
    reason: _reason,
    stage: _stage,
    progress: _progress,
    ...kept
  } = run.platformRun;
  const { phase, ref, finishedAtMs, fault, ...told } = state;
  const isOver = phase !== 'queued' && phase !== 'running';
  const endedAtMs = kept.endedAtMs ?? (isOver ? credibleEnd(run, finishedAtMs, nowMs) : undefined);
  const platformRun = {
    ...kept,
    ...told,
    phase,
    ref: { ...kept.ref, ...ref },
    misses: 0,
    ...(endedAtMs === undefined ? {} : { endedAtMs }),
  };
  const known = { ...run, platformRun };
  switch (phase) {
    case 'queued':
      return moveTo(known, 'queued', nowMs);
    case 'running':
      return moveTo(known, 'running', nowMs);
    case 'succeeded':
      return run.horreum ? moveTo(known, 'running', nowMs) : moveTo(known, 'reported', nowMs);
    case 'unstable':
      return fail(known, failureOf('unstable', state, 'the job ended as unstable'), nowMs);
    case 'failed':
      return fail(known, failureOf(fault ?? 'code', state, 'the job failed'), nowMs);
    case 'timed-out':
      return moveTo(
        { ...known, failure: failureOf('aborted', state, 'the job ran into its own time limit') },
        'timed-out',
        nowMs,
      );
    case 'cancelled':
      return stopped(known, state, nowMs);
    default:
      return unreachable(phase);
  }
}

/** The lab's clock is not ours: an end before the start was asked for, or one still to come, counts as seen just now. */
function credibleEnd(run: JobRun, finishedAtMs: number | undefined, nowMs: number): number {
  const { requestedAtMs } = run.platformRun;
  return finishedAtMs !== undefined && finishedAtMs >= requestedAtMs && finishedAtMs <= nowMs
    ? finishedAtMs
    : nowMs;
}

function failureOf(looksLike: Failure['looksLike'], state: PlatformState, otherwise: string): Failure {
  return {
    looksLike,
    reason: state.reason ?? otherwise,
    ...(state.stage === undefined ? {} : { stage: state.stage }),
  };
}

function stopped(run: JobRun, state: PlatformState, nowMs: number): JobRun {
  if (run.cancelRequested?.why === 'deadline') return moveTo(run, 'timed-out', nowMs);
  if (run.cancelRequested) return moveTo(run, 'cancelled', nowMs);
  return moveTo(
    { ...run, failure: failureOf('aborted', state, 'the job was aborted at the lab') },
    'cancelled',
    nowMs,
  );
}

/** What time alone decides, once everything that was seen is in the record. */
function afterTime(run: JobRun, seen: Seen, nowMs: number): JobRun {
  if (hasEnded(run)) return run;
  const { platformRun, horreum, cancelRequested } = run;
  const jobIsOver = platformRun.endedAtMs !== undefined;
  if (cancelRequested && !jobIsOver) {
    const end = cancelRequested.why === 'deadline' ? 'timed-out' : 'cancelled';
    const foundNowhere = !platformRun.ref && seen.found === 'nowhere' && platformRun.misses >= 2;
    const unheeded = nowMs - cancelRequested.atMs >= GIVE_UP_STOPPING_MS;
    if (foundNowhere) return moveTo(run, end, nowMs);
    if (unheeded)
      return moveTo({ ...run, cancelRequested: { ...cancelRequested, unconfirmed: true } }, end, nowMs);
  }
  if (horreum?.readyAtMs !== undefined) {
    const isOver = jobIsOver || seen.uploadIsTheEnd === true;
    if (isOver || nowMs - horreum.readyAtMs >= WAIT_FOR_JOB_END_MS) return moveTo(run, 'reported', nowMs);
  }
  if (run.report && nowMs >= givesUpAtMs(run)) return moveTo(run, 'reported', nowMs);
  if (cancelRequested && cancelRequested.why !== 'deadline' && jobIsOver)
    return moveTo(run, 'cancelled', nowMs);
  // That the job is over may be news of this very look, in which nobody asked Horreum.
  const wasLookedFor = seen.upload !== undefined;
  const isLate = platformRun.endedAtMs !== undefined && nowMs >= platformRun.endedAtMs + run.resultsTimeoutMs;
  if (horreum && isLate && wasLookedFor) return moveTo(run, 'results-missing', nowMs);
  if (nowMs >= run.deadlineAtMs && !cancelRequested) {
    if (jobIsOver) return wasLookedFor ? moveTo(run, 'results-missing', nowMs) : run;
    return { ...run, cancelRequested: { by: 'the time limit', atMs: nowMs, why: 'deadline' } };
  }
  return run;
}

/** When a report is shown although something is still waited for. */
function givesUpAtMs({ horreum, platformRun, resultsTimeoutMs }: JobRun): number {
  const { waitingFor, foundAtMs } = horreum ?? {};
  if (foundAtMs === undefined) return Infinity;
  if (waitingFor === 'results') return foundAtMs + WAIT_FOR_RESULTS_MS;
  if (waitingFor === 'answers') return (platformRun.endedAtMs ?? foundAtMs) + resultsTimeoutMs;
  return Infinity;
}

function fail(run: JobRun, failure: Failure, nowMs: number): JobRun {
  return moveTo({ ...run, failure }, 'failed', nowMs);
}
