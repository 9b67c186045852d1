/** Puts what Horreum showed of a run's upload into its record. */
import type { Report } from '../record/report.ts';
import { hasEnded, moveTo, type JobRun, type WaitingFor } from '../record/job-run.ts';

/** What a look at the upload found. */
export type UploadSeen =
  /** `undecided`: candidates that are not readable yet. */
  | { readonly kind: 'none'; readonly undecided: readonly number[] }
  | { readonly kind: 'unreachable'; readonly why: string }
  | {
      readonly kind: 'pending';
      readonly runId: number;
      readonly url: string;
      readonly waitingFor: WaitingFor;
      readonly report?: Report;
      /** Evaluations by Horreum that failed so far. */
      readonly evaluationTries?: number;
      /** What could not be read. */
      readonly why?: string;
    }
  | { readonly kind: 'ready'; readonly runId: number; readonly url: string; readonly report: Report }
  | { readonly kind: 'refused'; readonly runId: number; readonly url: string; readonly why: string };

/** An upload that never becomes readable: its transaction failed after Horreum had announced it. */
const GIVE_UP_CANDIDATE_MS = 5 * 60_000;

export function afterUpload(run: JobRun, upload: UploadSeen, nowMs: number): JobRun {
  if (!run.horreum || hasEnded(run)) return run;
  if (upload.kind === 'unreachable') return { ...run, horreum: { ...run.horreum, trouble: upload.why } };
  const { waitingFor: _waiting, refused: _refused, trouble: _trouble, candidates = [], ...leg } = run.horreum;
  if (upload.kind === 'none') {
    const undecided = candidates.filter(
      ({ runId, sinceMs }) => upload.undecided.includes(runId) && nowMs - sinceMs < GIVE_UP_CANDIDATE_MS,
    );
    return {
      ...run,
      horreum: { ...leg, lookedAtMs: nowMs, ...(undecided.length > 0 ? { candidates: undecided } : {}) },
    };
  }
  const horreum = {
    ...leg,
    lookedAtMs: nowMs,
    runId: upload.runId,
    url: upload.url,
    foundAtMs: leg.foundAtMs ?? nowMs,
  };
  if (upload.kind === 'refused')
    return moveTo({ ...run, horreum: { ...horreum, refused: upload.why } }, 'uploaded', nowMs);
  if (upload.kind === 'pending') {
    const { waitingFor, report, why, evaluationTries } = upload;
    const waiting = {
      ...horreum,
      waitingFor,
      ...(why === undefined ? {} : { trouble: why }),
      ...(evaluationTries === undefined ? {} : { evaluationTries }),
    };
    return moveTo({ ...run, ...(report ? { report } : {}), horreum: waiting }, 'uploaded', nowMs);
  }
  return moveTo(
    { ...run, report: upload.report, horreum: { ...horreum, readyAtMs: leg.readyAtMs ?? nowMs } },
    'uploaded',
    nowMs,
  );
}
