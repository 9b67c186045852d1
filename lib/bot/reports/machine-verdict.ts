/** The verdict for machines: the same in the comment's hidden block and at GET /runs/{runKey}. docs/verdict.schema.json describes it. */
import type { JobRun } from '../runs/job-run.ts';
import type { MetricRow } from './report.ts';

export interface MachineVerdict {
  readonly version: 1;
  readonly run: string;
  readonly job: string;
  readonly sha: string;
  readonly state: JobRun['state'];
  readonly verdict: string | null;
  readonly counts?: Readonly<Record<string, number>>;
  readonly metrics?: readonly Pick<
    MetricRow,
    | 'name'
    | 'dataset'
    | 'baseline'
    | 'value'
    | 'unit'
    | 'changePercent'
    | 'limitPercent'
    | 'verdict'
    | 'policy'
  >[];
}

export function machineVerdict(run: JobRun, maxMetrics: number): MachineVerdict {
  const { report } = run;
  return {
    version: 1,
    run: run.runKey,
    job: run.jobId,
    sha: run.headSha,
    state: run.state,
    verdict: report && run.state === 'reported' ? report.verdict : null,
    ...(report ? { counts: report.counts } : {}),
    ...(report && maxMetrics > 0 ? { metrics: report.rows.slice(0, maxMetrics).map(publicRow) } : {}),
  };
}

function publicRow({
  name,
  dataset,
  baseline,
  value,
  unit,
  changePercent,
  limitPercent,
  verdict,
  policy,
}: MetricRow) {
  return {
    name,
    verdict,
    policy,
    ...(dataset === undefined ? {} : { dataset }),
    ...(baseline === undefined ? {} : { baseline }),
    ...(value === undefined ? {} : { value }),
    ...(unit === undefined ? {} : { unit }),
    ...(changePercent === undefined ? {} : { changePercent }),
    ...(limitPercent === undefined ? {} : { limitPercent }),
  };
}
