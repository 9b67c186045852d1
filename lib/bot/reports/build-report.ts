/** From an upload's labels and experiments to a Report: every number is computed here, once, and the words follow from the rows. */
import type {
  ExperimentResult,
  Json,
  Variable,
  VariableComparison,
  View,
  ViewedDataset,
} from '../../horreum/datastore.ts';
import type { JobDef, MetricConfig } from '../projects/project-config.ts';
import type { MetricRow, MetricVerdict, Report, ReportVerdict } from './report.ts';

/** A record holds at most 400 KB; so many rows always fit. */
export const MAX_ROWS = 600;

export interface DatasetResults extends ViewedDataset {
  readonly labels: Readonly<Record<string, Json>>;
  readonly experiments: readonly ExperimentResult[];
}

export interface ReportInput {
  readonly job: JobDef;
  readonly datasets: readonly DatasetResults[];
  readonly view: View | undefined;
  readonly variables: readonly Variable[];
  readonly evaluationFailed: boolean;
}

export function buildReport(input: ReportInput): Report {
  const several = input.datasets.length > 1;
  const rows = input.datasets.flatMap((dataset) => {
    const place = several ? { dataset: dataset.ordinal } : {};
    const compared = comparedRows(dataset, input);
    const known = new Set(compared.flatMap(({ name, labels }) => [name, ...labels]));
    return [...compared.map(({ labels: _labels, ...row }) => row), ...plainRows(dataset, input, known)].map(
      (row) => ({ ...row, ...place }),
    );
  });
  return summarize(rows, { datasets: input.datasets.length, notes: notesOf(input), ...baselineOf(input) });
}

/** The report over these rows: counts and verdict always follow from them. */
export function summarize(
  rows: readonly MetricRow[],
  about: Pick<Report, 'datasets' | 'notes' | 'baseline'>,
): Report {
  const counts: Record<MetricVerdict, number> = {
    worse: 0,
    better: 0,
    changed: 0,
    same: 0,
    'cannot-tell': 0,
    info: 0,
  };
  for (const row of rows) counts[row.verdict] += 1;
  const sorted = [...rows].sort((one, other) => rank(one) - rank(other));
  return {
    ...about,
    verdict: verdictOf(rows),
    rows: sorted.slice(0, MAX_ROWS),
    omittedRows: Math.max(0, rows.length - MAX_ROWS),
    counts,
  };
}

function verdictOf(rows: readonly MetricRow[]): ReportVerdict {
  const judged = rows.filter(({ verdict, policy }) => verdict !== 'info' && policy !== 'info');
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

function rank(row: MetricRow): number {
  const policy = { gate: 0, warn: 1, info: 2 }[row.policy];
  return ORDER[row.verdict] * 10 + policy;
}

function comparedRows(dataset: DatasetResults, input: ReportInput) {
  const matched = dataset.experiments.filter(({ profile }) => profile !== undefined);
  return matched.flatMap(({ profile, results }) =>
    Object.entries(results).map(([name, comparison]) => {
      const labels = input.variables.find((variable) => variable.name === name)?.labels ?? [];
      const configured = configOf(input.job, name, labels);
      const declared = profile?.comparisons.find(({ variableName }) => variableName === name);
      const prefix = matched.length > 1 && profile ? `${profile.name}: ` : '';
      return {
        ...judgeByHorreum(name, comparison, configured, declared),
        title: prefix + (configured?.title ?? name),
        labels,
      };
    }),
  );
}

function configOf(job: JobDef, name: string, labels: readonly string[]): MetricConfig | undefined {
  const metrics = job.metrics ?? {};
  return [name, ...labels]
    .map((key) => (Object.hasOwn(metrics, key) ? metrics[key] : undefined))
    .find((found) => found !== undefined);
}

type Declared = { readonly threshold?: number; readonly greaterBetter?: boolean } | undefined;

function judgeByHorreum(
  name: string,
  comparison: VariableComparison,
  configured: MetricConfig | undefined,
  declared: Declared,
): MetricRow {
  const { experimentValue: value, baselineValue: baseline } = comparison;
  const changePercent = changeOf(baseline, value);
  const direction =
    configured?.direction ??
    (declared?.greaterBetter === undefined ? undefined : declared.greaterBetter ? 'higher' : 'lower');
  const limitPercent =
    configured?.threshold ?? (declared?.threshold === undefined ? undefined : declared.threshold * 100);
  const horreumSays = ({ BETTER: 'better', SAME: 'same', WORSE: 'worse' } as const)[comparison.overall];
  const row = {
    name,
    title: name,
    policy: configured?.policy ?? 'gate',
    baseline,
    value,
    ...(configured?.unit === undefined ? {} : { unit: configured.unit }),
    ...(direction === undefined ? {} : { direction }),
    ...(limitPercent === undefined ? {} : { limitPercent }),
  } satisfies Partial<MetricRow>;
  if (changePercent === undefined) {
    return { ...row, verdict: 'cannot-tell', why: whyNoChange(baseline, value) };
  }
  const verdict =
    limitPercent === undefined || direction === undefined
      ? horreumSays
      : judgeByLimit(changePercent, limitPercent, direction);
  return { ...row, changePercent, verdict, ...(verdict === horreumSays ? {} : { horreumSays }) };
}

/** Change in percent of the baseline; undefined where a percentage says nothing. */
export function changeOf(baseline: number, value: number): number | undefined {
  if (!Number.isFinite(baseline) || !Number.isFinite(value) || baseline === 0)
    return baseline === 0 && value === 0 ? 0 : undefined;
  return ((value - baseline) / Math.abs(baseline)) * 100;
}

function judgeByLimit(
  changePercent: number,
  limitPercent: number,
  direction: 'lower' | 'higher',
): 'worse' | 'better' | 'same' {
  if (Math.abs(changePercent) <= limitPercent) return 'same';
  return changePercent > 0 === (direction === 'higher') ? 'better' : 'worse';
}

function whyNoChange(baseline: number, value: number): string {
  if (baseline === 0) return 'the baseline is zero, so a change in percent says nothing';
  return Number.isFinite(value) ? 'the baseline is no finite number' : 'the value is no finite number';
}

/** What the view shows, and metrics that the project names, without a comparison. */
function plainRows(
  dataset: DatasetResults,
  { job, view }: ReportInput,
  known: ReadonlySet<string>,
): MetricRow[] {
  const titles = new Map(
    view?.components.flatMap(({ title, labels }) => labels.map((label) => [label, title] as const)),
  );
  const viewed = Object.values(dataset.view).flatMap((values) => Object.entries(values));
  const named = Object.keys(job.metrics ?? {})
    .filter((label) => label in dataset.labels)
    .map((label) => [label, dataset.labels[label] ?? null] as const);
  const byLabel = new Map<string, Json>([...named, ...viewed]);
  return [...byLabel]
    .filter(([label]) => !known.has(label))
    .map(([label, value]) => {
      const configured = job.metrics?.[label];
      return {
        name: label,
        title: configured?.title ?? titles.get(label) ?? label,
        policy: configured?.policy ?? 'info',
        verdict: 'info',
        ...(configured?.unit === undefined ? {} : { unit: configured.unit }),
        ...(configured?.direction === undefined ? {} : { direction: configured.direction }),
        ...shown(value),
      };
    });
}

function shown(value: Json): { value: number } | { text: string } {
  if (typeof value === 'number') return { value };
  if (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)))
    return { value: Number(value) };
  if (typeof value === 'string') return { text: value.slice(0, 200) };
  if (value === null) return { text: '(none)' };
  if (Array.isArray(value))
    return {
      text:
        value.length === 0 ? '(empty list)' : `${value.length} × ${JSON.stringify(value[0]).slice(0, 60)}`,
    };
  return { text: JSON.stringify(value).slice(0, 200) };
}

function notesOf({ datasets, evaluationFailed, job }: ReportInput): string[] {
  const notes = new Set<string>();
  const experiments = datasets.flatMap((dataset) => dataset.experiments);
  if (evaluationFailed)
    notes.add('Horreum could not evaluate its experiment profiles; look at the profile’s configuration');
  else if (datasets.some((dataset) => dataset.experiments.length === 0))
    notes.add('an experiment profile matches but has no baseline run yet: nothing to compare with');
  else if (experiments.every(({ profile }) => profile === undefined))
    notes.add('no experiment profile of the Horreum test matches this run: nothing to compare with');
  for (const { logs } of experiments)
    for (const { level, message } of logs) if (level >= 2) notes.add(message.slice(0, 300));
  if (!job.datastoreConfig) notes.add('the job has no results store configured');
  return [...notes].slice(0, 10);
}

function baselineOf({ datasets }: ReportInput): { baseline?: string } {
  const found = datasets
    .flatMap(({ experiments }) => experiments)
    .find(({ profile, baseline }) => profile !== undefined && baseline.length > 0);
  if (!found?.profile) return {};
  const runs = [...new Set(found.baseline.map(({ runId }) => runId))];
  const newest = Math.max(...runs);
  return {
    baseline: `profile “${found.profile.name}”, ${runs.length === 1 ? `Horreum run ${newest}` : `${runs.length} runs, the newest ${newest}`}`,
  };
}
