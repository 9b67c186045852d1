/** The rows of a report before anything is judged: what each metric is called, which label holds it, and what Horreum says of it. */
import type {
  ExperimentProfile,
  ExperimentResult,
  Json,
  Variable,
  VariableComparison,
  View,
  ViewedDataset,
} from '../../horreum/datastore.ts';
import type { JobDef, MetricConfig } from '../projects/project-config.ts';
import { shorten } from '../text/markdown.ts';
import { labelOfMetric } from './metric-label.ts';
import { comparisonsOf } from './profiles.ts';
import type { MetricRow } from '../record/report.ts';
import { own } from '../../json.ts';

export interface DatasetResults extends ViewedDataset {
  readonly labels: Readonly<Record<string, Json>>;
  /** Those that may be about it. */
  readonly profiles: readonly ExperimentProfile[];
  /** As far as Horreum was asked to evaluate them. */
  readonly experiments: readonly ExperimentResult[];
}

export interface Sources {
  readonly job: JobDef;
  readonly datasets: readonly DatasetResults[];
  readonly view: View | undefined;
  readonly variables: readonly Variable[];
}

type Known = Pick<MetricRow, 'name' | 'title' | 'policy' | 'dataset' | 'unit' | 'direction'>;

export interface Draft {
  readonly about: Known;
  /** Position of the dataset among those of the upload. */
  readonly at: number;
  /** The one label that holds the metric; undefined for a variable that Horreum computes. */
  readonly label: string | undefined;
  /** Undefined where it is not there, or with no label, where only Horreum could say it. */
  readonly raw: Json | undefined;
  /** Without one nothing is configured, and the row is only shown. */
  readonly isJudged: boolean;
  readonly thresholdPercent?: number;
  readonly horreum?: VariableComparison;
}

export function draftRows(sources: Sources): Draft[] {
  const several = sources.datasets.length > 1;
  const drafts = sources.datasets.flatMap((dataset, at) => {
    const place = several ? { dataset: dataset.ordinal } : {};
    const compared = comparedDrafts(dataset, sources, at);
    const known = new Set(
      compared.flatMap(({ about, label }) => [about.name, ...(label === undefined ? [] : [label])]),
    );
    const drafts = [...compared, ...labelDrafts(dataset, sources, at, known)];
    return drafts.map((draft) => ({ ...draft, about: { ...bounded(draft.about), ...place } }));
  });
  return [...drafts, ...absentMetrics(sources, drafts)];
}

/** One name of a megabyte would take the room of all other rows. */
function bounded(about: Known): Known {
  return { ...about, name: shorten(about.name, 500), title: shorten(about.title, 300) };
}

/** One draft for each variable that a profile compares, also where Horreum has no result of it. */
function comparedDrafts(dataset: DatasetResults, { job, variables }: Sources, at: number): Draft[] {
  return comparisonsOf(dataset.profiles).map(({ variableName: name, threshold, greaterBetter }): Draft => {
    const variable = variables.find((known) => known.name === name);
    const label = variable ? labelOfMetric(name, variables, dataset.labels) : undefined;
    const configured = configOf(job, [name, ...(variable?.labels ?? [])]);
    const thresholdPercent = configured?.threshold ?? (threshold === undefined ? undefined : threshold * 100);
    const direction =
      configured?.direction ?? (greaterBetter === undefined ? undefined : greaterBetter ? 'higher' : 'lower');
    const horreum = saidOf(name, dataset.experiments);
    return {
      about: {
        name,
        title: configured?.title ?? name,
        policy: configured?.policy ?? 'gate',
        ...(configured?.unit === undefined ? {} : { unit: configured.unit }),
        ...(direction === undefined ? {} : { direction }),
      },
      at,
      label,
      raw: label === undefined ? (horreum?.experimentValue ?? null) : dataset.labels[label],
      isJudged: true,
      ...(thresholdPercent === undefined ? {} : { thresholdPercent }),
      ...(horreum ? { horreum } : {}),
    };
  });
}

/** Of several profiles the one that finds something bad, else the first. */
function saidOf(name: string, experiments: readonly ExperimentResult[]): VariableComparison | undefined {
  const said = experiments.flatMap(({ results }) => own(results, name) ?? []);
  return said.find(({ overall }) => overall === 'WORSE') ?? said[0];
}

/** What the project names and what the view shows, as far as no profile compares it. */
function labelDrafts(
  dataset: DatasetResults,
  { job, view, variables }: Sources,
  at: number,
  known: ReadonlySet<string>,
): Draft[] {
  const titles = new Map(
    view?.components.flatMap(({ title, labels }) => labels.map((label) => [label, title] as const)),
  );
  const named = Object.keys(job.metrics ?? {})
    .filter((name) => !known.has(name))
    .map((name) => ({ name, label: labelOfMetric(name, variables, dataset.labels) }))
    .filter(({ label }) => label !== undefined && Object.hasOwn(dataset.labels, label));
  const shown = new Set(named.flatMap(({ label }) => label ?? []));
  const viewed = [...new Map(Object.values(dataset.view).flatMap((values) => Object.entries(values)))].filter(
    ([label]) => !known.has(label) && !shown.has(label),
  );
  return [
    ...named.map(({ name, label = name }) =>
      labelDraft(job, name, titles.get(label), label, dataset.labels[label], at),
    ),
    ...viewed.map(([label, raw]) => labelDraft(job, label, titles.get(label), label, raw, at)),
  ];
}

function labelDraft(
  job: JobDef,
  name: string,
  title: string | undefined,
  label: string | undefined,
  raw: Json | undefined,
  at: number,
): Draft {
  const configured = configOf(job, [name]);
  const judged = isJudgedMetric(configured);
  return {
    about: {
      name,
      title: configured?.title ?? title ?? name,
      policy: configured?.policy ?? (judged ? 'gate' : 'info'),
      ...(configured?.unit === undefined ? {} : { unit: configured.unit }),
      ...(configured?.direction === undefined ? {} : { direction: configured.direction }),
    },
    at,
    label,
    raw,
    isJudged: judged,
    ...(configured?.threshold === undefined ? {} : { thresholdPercent: configured.threshold }),
  };
}

/** A metric that the project wants judged and that no dataset holds must not vanish silently. */
function absentMetrics({ job, variables }: Sources, drafts: readonly Draft[]): Draft[] {
  const seen = new Set(drafts.flatMap(({ about, label }) => [about.name, label]));
  return Object.entries(job.metrics ?? {})
    .filter(([name, metric]) => !seen.has(name) && isJudgedMetric(metric) && metric.policy !== 'info')
    .map(([name]) => labelDraft(job, name, undefined, labelOfMetric(name, variables, {}), undefined, 0));
}

/** A title or a unit alone only says how to show it. */
function isJudgedMetric(metric: MetricConfig | undefined): boolean {
  return metric?.direction !== undefined || metric?.threshold !== undefined || metric?.policy !== undefined;
}

function configOf(job: JobDef, keys: readonly string[]): MetricConfig | undefined {
  const metrics = job.metrics ?? {};
  return keys.map((key) => own(metrics, key)).find((found) => found !== undefined);
}
