/** Plans what one look at a run has to do: a pure decision from the record and the time. */
import { hasEnded, type JobRun } from '../record/job-run.ts';

export interface LookPlan {
  /** `start`: nothing was sent yet. `find-first`: a start's outcome is unknown, look for it before trying again. */
  readonly start?: 'start' | 'find-first' | 'start-again';
  readonly askPlatform: boolean;
  readonly askHorreum: boolean;
  readonly cancel?: 'gentle' | 'firm' | 'kill';
}

/** How long a stop may go unheeded before a harder one is sent. https://www.jenkins.io/doc/book/using/aborting-a-build/ */
const FIRM_AFTER_MS = 30_000;
const KILL_AFTER_MS = 60_000;
/** A start with an unknown outcome is repeated only when the run was found nowhere twice, some seconds apart. */
const MISSES_BEFORE_STARTING_AGAIN = 2;
/** How often a running job's upload is looked for without a hint. */
const UNPROMPTED_LOOK_EVERY_MS = 5 * 60_000;

/** `isFresh`: this very process has just created the attempt, so nothing can have been sent. */
export function planLook(
  run: JobRun,
  nowMs: number,
  platformTellsStatus: boolean,
  isFresh = false,
): LookPlan {
  if (hasEnded(run)) return { askPlatform: false, askHorreum: false };
  const { platformRun, horreum, cancelRequested } = run;
  const askHorreum =
    horreum !== undefined &&
    horreum.readyAtMs === undefined &&
    (horreum.runId !== undefined ||
      horreum.candidates !== undefined ||
      uploadIsExpected(run, nowMs, platformTellsStatus));
  if (!platformRun.ref) {
    if (isFresh) return { start: 'start', askPlatform: false, askHorreum: false };
    const nothingSent = platformRun.unknownStarts === 0;
    const again = (nothingSent || platformRun.misses >= MISSES_BEFORE_STARTING_AGAIN) && !cancelRequested;
    return { start: again ? 'start-again' : 'find-first', askPlatform: false, askHorreum };
  }
  const askPlatform = platformTellsStatus && platformRun.endedAtMs === undefined;
  if (!cancelRequested || platformRun.endedAtMs !== undefined) return { askPlatform, askHorreum };
  const waitedMs = nowMs - cancelRequested.atMs;
  const cancel = waitedMs >= KILL_AFTER_MS ? 'kill' : waitedMs >= FIRM_AFTER_MS ? 'firm' : 'gentle';
  return { askPlatform, askHorreum, cancel };
}

function uploadIsExpected(run: JobRun, nowMs: number, platformTellsStatus: boolean): boolean {
  const { endedAtMs, startedAtMs, ref } = run.platformRun;
  if (endedAtMs !== undefined) return true;
  if (ref && !platformTellsStatus) return true;
  if (startedAtMs === undefined) return false;
  return nowMs - Math.max(startedAtMs, run.horreum?.lookedAtMs ?? 0) >= UNPROMPTED_LOOK_EVERY_MS;
}
