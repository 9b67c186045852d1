/** The verdict for machines: the same in the comment's hidden block and at GET /runs/{runKey}. docs/verdict.schema.json describes it. */
import type { JobRun } from '../record/job-run.ts';
import { hasEnded } from '../record/job-run.ts';
import type { MetricRow, MetricVerdict, Report, Undecided } from '../record/report.ts';
import { isJudged } from './summarize.ts';

export interface MachineVerdict {
  readonly version: 1;
  readonly run: string;
  readonly job: string;
  /** The commit that was measured. */
  readonly sha: string;
  readonly state: JobRun['state'];
  /** Whether anything more will come. */
  readonly ended: boolean;
  /** Null until there is one, and where nothing was measured. `acknowledged`: all that is worse was accepted by somebody. */
  readonly verdict: Report['verdict'] | 'acknowledged' | null;
  readonly counts?: Readonly<Record<MetricVerdict, number>>;
  /** Why nothing was measured, in one word. */
  readonly failure?: string;
  readonly baseline?: string;
  readonly metrics?: readonly MachineMetric[];
  /** Metrics that the report has beyond those listed. */
  readonly metricsLeftOut?: number;
}

export interface MachineMetric {
  readonly name: string;
  readonly dataset?: number;
  readonly unit?: string;
  readonly direction?: 'lower' | 'higher';
  readonly policy: 'gate' | 'warn' | 'info';
  readonly verdict: MetricVerdict;
  /** Numbers are null where they are none, such as NaN. */
  readonly baseline?: number | null;
  readonly value?: number | null;
  readonly changePercent?: number;
  readonly limitPercent?: number;
  readonly careAboutPercent?: number;
  readonly undecided?: Undecided;
  readonly acknowledged?: boolean;
}

export function machineVerdict(run: JobRun, maxMetrics: number): MachineVerdict {
  const { report, failure } = run;
  const isOver = run.state === 'reported';
  const listed = report?.rows.slice(0, maxMetrics) ?? [];
  return {
    version: 1,
    run: run.runKey,
    job: run.jobId,
    sha: run.headSha,
    state: run.state,
    ended: hasEnded(run),
    verdict: report && isOver ? verdictOf(report) : null,
    ...(failure && hasEnded(run) ? { failure: failure.looksLike } : {}),
    ...(report && isOver ? { counts: report.counts } : {}),
    ...(report?.baseline !== undefined && isOver ? { baseline: report.baseline } : {}),
    ...(report && isOver && maxMetrics > 0
      ? {
          metrics: listed.map(metricOf),
          metricsLeftOut: report.rows.length + report.omittedRows - listed.length,
        }
      : {}),
  };
}

function verdictOf({ verdict, rows }: Report): Report['verdict'] | 'acknowledged' {
  const isClean = verdict === 'unchanged' || verdict === 'faster';
  const accepted = rows.some((row) => isJudged(row) && row.verdict === 'worse' && row.acknowledged);
  return isClean && accepted ? 'acknowledged' : verdict;
}

function metricOf(row: MetricRow): MachineMetric {
  const { name, policy, verdict, dataset, unit, direction, baseline, value, changePercent, limitPercent } =
    row;
  return {
    name,
    policy,
    verdict,
    ...(dataset === undefined ? {} : { dataset }),
    ...(unit === undefined ? {} : { unit }),
    ...(direction === undefined ? {} : { direction }),
    ...(baseline === undefined ? {} : { baseline: finite(baseline) }),
    ...(value === undefined ? {} : { value: finite(value) }),
    ...(changePercent === undefined ? {} : { changePercent }),
    ...(limitPercent === undefined ? {} : { limitPercent }),
    ...(row.careAboutPercent === undefined ? {} : { careAboutPercent: row.careAboutPercent }),
    ...(row.undecided === undefined ? {} : { undecided: row.undecided }),
    ...(row.acknowledged ? { acknowledged: true } : {}),
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
