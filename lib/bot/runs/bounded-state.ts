/** Cuts what a lab says of a run down to what a record can hold and people can use: a job writes some of it itself. */
import type { PlatformRef, PlatformState, StartResult } from '../../perflab/job-executor.ts';
import { shorten } from '../text/markdown.ts';

const MOST_REASON = 2_000;
const MOST_STAGE = 200;
const MOST_ID = 200;
const MOST_URL = 2_000;
const MOST_WAITING = 1_000_000;
/** A lab's clock may be wrong, but a time further from ours than this is not one of this run. */
const CLOCK_OFF_MS = 24 * 60 * 60_000;
/** No job takes longer. */
const LONGEST_MS = 30 * 24 * 60 * 60_000;

function boundedReason(text: string): string {
  return shorten(text, MOST_REASON);
}

export function boundedStart(result: StartResult): StartResult {
  if (result.kind !== 'accepted') return { ...result, message: boundedReason(result.message) };
  const { warning } = result;
  return {
    ...result,
    ref: boundedRef(result.ref),
    ...(warning === undefined ? {} : { warning: boundedReason(warning) }),
  };
}

/** Part of an id leads nowhere, or elsewhere: an id that is too long is left out, and the run is found by its name. */
export function boundedRef({ queueId, runId, url }: PlatformRef): PlatformRef {
  return {
    ...(fits(queueId, MOST_ID) ? { queueId } : {}),
    ...(fits(runId, MOST_ID) ? { runId } : {}),
    ...(fits(url, MOST_URL) ? { url } : {}),
  };
}

/** Texts are cut; a number or a time that can't be is left out. */
export function boundedState(state: PlatformState, requestedAtMs: number, nowMs: number): PlatformState {
  const { phase, ref, reason, stage, fault, warning, queuePosition, progress } = state;
  const { startedAtMs, finishedAtMs, estimatedDurationMs } = state;
  const from = requestedAtMs - CLOCK_OFF_MS;
  const to = nowMs + CLOCK_OFF_MS;
  return {
    phase,
    ref: boundedRef(ref),
    ...(reason === undefined ? {} : { reason: boundedReason(reason) }),
    ...(stage === undefined ? {} : { stage: shorten(stage, MOST_STAGE) }),
    ...(fault === undefined ? {} : { fault }),
    ...(warning === undefined ? {} : { warning: boundedReason(warning) }),
    ...(isWithin(queuePosition, 1, MOST_WAITING) ? { queuePosition } : {}),
    ...(isWithin(progress, 0, 1) ? { progress } : {}),
    ...(isWithin(startedAtMs, from, to) ? { startedAtMs } : {}),
    ...(isWithin(finishedAtMs, from, to) ? { finishedAtMs } : {}),
    ...(isWithin(estimatedDurationMs, 1, LONGEST_MS) ? { estimatedDurationMs } : {}),
  };
}

function fits(text: string | undefined, mostChars: number): text is string {
  return text !== undefined && text.length <= mostChars;
}

function isWithin(value: number | undefined, least: number, most: number): value is number {
  return value !== undefined && value >= least && value <= most;
}
