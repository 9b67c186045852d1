/** A run that says two texts wherever something from outside is shown. */
import type { MetricRow } from '../../../../../lib/bot/record/report.ts';
import type { HorreumLeg, JobRun } from '../../../../../lib/bot/record/job-run.ts';
import { aReport, aRun } from '../../a-run.ts';

export interface Saying {
  readonly text: string;
  /** Default: the same. */
  readonly other?: string;
  readonly labUrl: string;
  /** What is known of the upload. */
  readonly upload: Partial<HorreumLeg>;
  readonly rows: readonly MetricRow[];
}

export function runSaying(
  { text, other = text, labUrl, upload, rows }: Saying,
  its: Pick<JobRun, 'state' | 'endedAtMs'>,
): JobRun {
  const both = [...new Set([text, other])];
  return aRun({
    ...its,
    jobId: text,
    arguments: { [other]: text },
    requestedBy: [{ id: 1, login: other }],
    baseRef: text,
    baseSha: 'f'.repeat(40),
    warning: text,
    platformRun: {
      attempt: 1,
      requestedAtMs: 0,
      unknownStarts: 1,
      misses: 0,
      reason: text,
      stage: other,
      ref: { runId: text, url: labUrl },
    },
    horreum: { testId: text, refused: text, trouble: other, ...upload },
    failure: { looksLike: 'lab', reason: text, stage: other, logTail: both.join('\n'), evidence: text },
    earlierFailure: { looksLike: 'lab', reason: other },
    cancelRequested: { by: text, atMs: 0, why: 'person' },
    report: {
      ...aReport(rows),
      notes: both,
      baseline: text,
      baselineWhy: other,
      environment: [text],
    },
  });
}
