/** Applies what somebody wants of a run to its record: pure, and harmless to repeat. */
import { unreachable } from '../record/errors.ts';
import type { RunChange } from '../record/messages.ts';
import { withRows } from '../reports/summarize.ts';
import { hasEnded, type JobRun } from '../record/job-run.ts';

export function changeRun(run: JobRun, change: RunChange, nowMs: number): JobRun {
  switch (change.kind) {
    case 'cancel':
      if (hasEnded(run) || run.cancelRequested) return run;
      return { ...run, cancelRequested: { by: change.by, atMs: nowMs, why: change.why } };
    case 'join':
      if (hasEnded(run) || run.requestedBy.some(({ id }) => id === change.person.id)) return run;
      return { ...run, requestedBy: [...run.requestedBy, change.person] };
    case 'acknowledge':
      return acknowledge(run, change);
    case 'recheck':
      return reopenForResults(run, nowMs);
    default:
      return unreachable(change);
  }
}

function acknowledge(
  run: JobRun,
  { metric, by, reason }: Extract<RunChange, { kind: 'acknowledge' }>,
): JobRun {
  if (!run.report || run.state !== 'reported') return run;
  const rows = run.report.rows.map((row) =>
    row.name === metric || row.title === metric ? { ...row, acknowledged: { by, reason } } : row,
  );
  return unsettle({ ...run, report: withRows(run.report, rows) });
}

/**
 * A run that ended without results, or could not tell, may still get them: the one way back, taken only when a person asks
 * for it. A verdict that was reached stays: anybody may ask for a recheck.
 */
function reopenForResults(run: JobRun, nowMs: number): JobRun {
  if (!mayGetResults(run)) return run;
  if (!run.horreum) return run;
  const { endedAtMs: _ended, report: _report, cancelRequested: _cancel, ...open } = run;
  const { readyAtMs: _ready, refused: _refused, ...horreum } = run.horreum;
  const history = [...run.history, { state: 'running' as const, atMs: nowMs }];
  const platformRun = { ...run.platformRun, endedAtMs: nowMs };
  return unsettle({
    ...open,
    state: 'running',
    history,
    platformRun,
    horreum: { ...horreum, ...(horreum.runId === undefined ? {} : { foundAtMs: nowMs }) },
    resultsTimeoutMs: Math.min(run.resultsTimeoutMs, 2 * 60_000),
    deadlineAtMs: Math.max(run.deadlineAtMs, nowMs + 5 * 60_000),
  });
}

/** Ended without results, or with some that could not tell. */
export function mayGetResults({ state, report }: JobRun): boolean {
  return state === 'results-missing' || (state === 'reported' && report?.verdict === 'cannot-tell');
}

function unsettle(run: JobRun): JobRun {
  const { settled: _settled, ...published } = run.published;
  return { ...run, published };
}
