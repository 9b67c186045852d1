/** Tells main's uploads from all others, by the job's configuration: what says neither is unknown, and never main's. */
import type { DatasetLabels, Json } from '../../horreum/datastore.ts';
import type { JobDef } from '../projects/project-config.ts';

export type HistoryConfig = NonNullable<JobDef['history']>;
export type Labels = Readonly<Record<string, Json>>;

export const PULL_REQUEST_LABEL = 'pb.pull_request_number';

/** The label that tells main's uploads from others, and the values that it has there. */
export interface MainRule {
  readonly label: string;
  readonly values: readonly Json[];
}

/** An upload with the labels of its datasets, by ordinal. */
export interface LabelledUpload {
  readonly runId: number;
  readonly startMs: number;
  readonly datasets: readonly Labels[];
  readonly isWithheld: boolean;
}

/** Without a configuration an upload is main's when it names no pull request, in the label that is there for it. */
export function mainRule(config: HistoryConfig | undefined): MainRule {
  const label = config?.branchLabel ?? config?.commitLabel;
  if (label === undefined || config?.mainValue === undefined)
    return { label: PULL_REQUEST_LABEL, values: ['', null] };
  const { mainValue } = config;
  const number = numberOf(mainValue);
  return { label, values: number === null ? [mainValue] : [mainValue, number] };
}

/** The base branch is main where the configuration names a label for branches but no value. */
export function configFor(
  config: HistoryConfig | undefined,
  baseRef: string | undefined,
): HistoryConfig | undefined {
  if (config?.branchLabel === undefined || config.mainValue !== undefined || baseRef === undefined)
    return config;
  return { ...config, mainValue: baseRef };
}

/** Some dataset says that it is main's, and none says anything else. */
export function isMain({ datasets }: Pick<LabelledUpload, 'datasets'>, { label, values }: MainRule): boolean {
  const said = datasets.filter((labels) => Object.hasOwn(labels, label)).map((labels) => labels[label]);
  return said.length > 0 && said.every((value) => values.some((wanted) => wanted === value));
}

/** Whether main can be told from pull requests at all: by the configuration, or because uploads name their pull request. */
export function knowsMain(rule: MainRule, own: readonly Labels[]): boolean {
  return rule.label !== PULL_REQUEST_LABEL || own.some((labels) => Object.hasOwn(labels, rule.label));
}

/** Datasets by their upload, oldest first; within an upload ids rise with the ordinals. */
export function uploadsOf(datasets: readonly DatasetLabels[]): LabelledUpload[] {
  const byRun = new Map<number, DatasetLabels[]>();
  for (const dataset of datasets) {
    const known = byRun.get(dataset.runId);
    if (known) known.push(dataset);
    else byRun.set(dataset.runId, [dataset]);
  }
  return [...byRun]
    .map(([runId, found]): LabelledUpload => ({
      runId,
      startMs: Math.max(...found.map(({ startMs }) => startMs)),
      datasets: found.sort((one, other) => one.datasetId - other.datasetId).map(({ values }) => values),
      isWithheld: found.some(({ withheld }) => withheld === true),
    }))
    .sort((one, other) => one.startMs - other.startMs || one.runId - other.runId);
}

export function isSha(value: Json | undefined): value is string {
  return typeof value === 'string' && /^[0-9a-f]{7,40}$/i.test(value);
}

/** A finite number, also one that was written as text; null for anything else. */
export function numberOf(value: Json | undefined): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)))
    return Number(value);
  return null;
}
