/** Rows become a report: sorted, counted and given one verdict, so that the words above can't disagree with the table below. */
import type { MetricRow, MetricVerdict, Report, ReportVerdict } from '../record/report.ts';

/** A record holds at most 400 KB, and a run's other fields need some of it. */
const MAX_ROWS = 600;
const MAX_ROWS_BYTES = 220_000;

export type ReportFacts = Pick<Report, 'datasets' | 'notes' | 'baseline' | 'baselineWhy' | 'environment'>;

export function summarize(rows: readonly MetricRow[], about: ReportFacts): Report {
  const counts: Record<MetricVerdict, number> = {
    worse: 0,
    better: 0,
    changed: 0,
    same: 0,
    'cannot-tell': 0,
    info: 0,
  };
  for (const row of rows) counts[isJudged(row) ? row.verdict : 'info'] += 1;
  const sorted = [...rows].sort((one, other) => rank(one) - rank(other));
  const kept = sorted.slice(0, howManyFit(sorted));
  return {
    datasets: about.datasets,
    notes: about.notes,
    ...(about.baseline === undefined ? {} : { baseline: about.baseline }),
    ...(about.baselineWhy === undefined ? {} : { baselineWhy: about.baselineWhy }),
    ...(about.environment === undefined ? {} : { environment: about.environment }),
    verdict: verdictOf(rows),
    rows: kept,
    omittedRows: rows.length - kept.length,
    counts,
  };
}

/** The same report after something was said of its rows, such as an acknowledgement. */
export function withRows(report: Report, rows: readonly MetricRow[]): Report {
  const { verdict, rows: sorted } = summarize(rows, report);
  return { ...report, verdict: report.omittedRows > 0 ? worse(report, verdict) : verdict, rows: sorted };
}

/** Rows that were left out are none that need somebody's eyes, unless very many are. */
function worse(report: Report, verdict: ReportVerdict): ReportVerdict {
  const kept = report.rows.filter((row) => isJudged(row) && row.verdict === 'worse').length;
  return report.counts.worse > kept ? report.verdict : verdict;
}

/** Whether the row takes part in the verdict. */
export function isJudged({ verdict, policy }: MetricRow): boolean {
  return verdict !== 'info' && policy !== 'info';
}

/** How many rows take part in the verdict, left-out ones too. */
export function judgedCount({ counts }: Pick<Report, 'counts'>): number {
  return counts.worse + counts.better + counts.changed + counts.same + counts['cannot-tell'];
}

function verdictOf(rows: readonly MetricRow[]): ReportVerdict {
  const judged = rows.filter(isJudged);
  const has = (verdict: MetricVerdict) => judged.some((row) => row.verdict === verdict && !row.acknowledged);
  if (has('worse')) return 'slower';
  if (has('changed')) return 'changed';
  if (judged.length === 0 || has('cannot-tell')) return 'cannot-tell';
  return has('better') ? 'faster' : 'unchanged';
}

const ORDER: Readonly<Record<MetricVerdict, number>> = {
  worse: 0,
  changed: 1,
  'cannot-tell': 2,
  better: 3,
  same: 4,
  info: 5,
};

/** What is judged first, then by verdict, a gate before a warning, the greater change first. */
function rank(row: MetricRow): number {
  const policy = { gate: 0, warn: 1, info: 2 }[row.policy];
  const size = Math.min(1, Math.abs(row.changePercent ?? 0) / 1000);
  return (isJudged(row) ? 0 : 1000) + ORDER[row.verdict] * 10 + policy + (1 - size) * 0.9;
}

function howManyFit(rows: readonly MetricRow[]): number {
  let bytes = 0;
  const tooMany = rows.findIndex((row, index) => {
    bytes += Buffer.byteLength(JSON.stringify(row));
    return index >= MAX_ROWS || bytes > MAX_ROWS_BYTES;
  });
  return tooMany < 0 ? rows.length : tooMany;
}

/** Six pictures of one metric in six datasets would leave no room for the others. */
export function eachOnceFirst(rows: readonly MetricRow[]): MetricRow[] {
  const first = new Map(rows.toReversed().map((row) => [row.name, row]));
  const isFirst = (row: MetricRow) => first.get(row.name) === row;
  return [...rows.filter(isFirst), ...rows.filter((row) => !isFirst(row))];
}
