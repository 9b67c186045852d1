/** The comparable runs of main among the newest datasets of a test, as the job's configuration tells them apart. */
import type { DatasetLabels, Json } from '../../horreum/datastore.ts';
import type { JobDef } from '../projects/project-config.ts';
import { shortJson } from '../text/short-json.ts';

export type HistoryConfig = NonNullable<JobDef['history']>;
export type Labels = Readonly<Record<string, Json>>;

const PULL_REQUEST_LABEL = 'pb.pull_request_number';

/** An upload of main with the labels of its datasets, by ordinal. */
export interface MainRun {
  readonly runId: number;
  readonly commit?: string;
  readonly datasets: readonly Labels[];
}

/** Newest first. Without a configuration a run is main's when it belongs to no pull request. */
export function mainValues(
  datasets: readonly DatasetLabels[],
  config: HistoryConfig | undefined,
): DatasetLabels[] {
  return datasets.filter(({ values }) => isMain(values, config));
}

/** Runs of main that were measured as `own` was (labels by ordinal of this run's datasets), oldest first. */
export function comparableRuns(
  datasets: readonly DatasetLabels[],
  config: HistoryConfig | undefined,
  own: readonly Labels[],
): MainRun[] {
  return uploadsOf(datasets)
    .filter(
      ({ datasets: labels }) => labels.length === own.length && labels.every((one) => isMain(one, config)),
    )
    .filter(({ datasets: labels }) =>
      labels.every((one, at) => isSameEnvironment(one, own[at] ?? {}, config)),
    )
    .map(({ runId, datasets: labels }) => {
      const commit = config?.commitLabel === undefined ? undefined : labels[0]?.[config.commitLabel];
      return { runId, datasets: labels, ...(isSha(commit) ? { commit: commit.toLowerCase() } : {}) };
    });
}

/** Datasets by their upload, oldest first; within an upload ids rise with the ordinals. */
export function uploadsOf(
  datasets: readonly DatasetLabels[],
): { readonly runId: number; readonly datasets: readonly Labels[] }[] {
  const byRun = new Map<number, DatasetLabels[]>();
  for (const dataset of datasets) {
    const known = byRun.get(dataset.runId);
    if (known) known.push(dataset);
    else byRun.set(dataset.runId, [dataset]);
  }
  return [...byRun].reverse().map(([runId, found]) => ({
    runId,
    datasets: found.sort((one, other) => one.datasetId - other.datasetId).map(({ values }) => values),
  }));
}

/** Whether main can be told from pull requests at all: by the configuration, or because uploads name their pull request. */
export function knowsMain(config: HistoryConfig | undefined, own: readonly Labels[]): boolean {
  if (mainLabel(config) !== undefined && config?.mainValue !== undefined) return true;
  return own.some((labels) => Object.hasOwn(labels, PULL_REQUEST_LABEL));
}

function mainLabel(config: HistoryConfig | undefined): string | undefined {
  return config?.branchLabel ?? config?.commitLabel;
}

function isMain(values: Labels, config: HistoryConfig | undefined): boolean {
  const label = mainLabel(config);
  if (label !== undefined && config?.mainValue !== undefined)
    return textOf(values[label]) === config.mainValue;
  const number = values[PULL_REQUEST_LABEL];
  return number === undefined || number === null || number === '';
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function isSameEnvironment(values: Labels, own: Labels, config: HistoryConfig | undefined): boolean {
  return (config?.environmentLabels ?? []).every(
    (label) => saidShort(values[label]) === saidShort(own[label]),
  );
}

/** What tells machines apart is short; of anything else its beginning counts. */
function saidShort(value: Json | undefined): string | undefined {
  return value === undefined ? undefined : shortJson(value, 1_000);
}

function isSha(value: Json | undefined): value is string {
  return typeof value === 'string' && /^[0-9a-f]{7,40}$/i.test(value);
}

/** A finite number, also one that was written as text; null for anything else. */
export function numberOf(value: Json | undefined): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)))
    return Number(value);
  return null;
}
