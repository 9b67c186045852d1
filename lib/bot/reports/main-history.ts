/** The comparable runs of main among the newest datasets of a test, as the job's configuration tells them apart. */
import type { DatasetLabels, Json } from '../../horreum/datastore.ts';
import type { JobDef } from '../projects/project-config.ts';

export type HistoryConfig = NonNullable<JobDef['history']>;

const PULL_REQUEST_LABEL = 'pb.pull_request_number';

/** Newest first. Without a configuration a run is main's when it belongs to no pull request. */
export function mainValues(
  datasets: readonly DatasetLabels[],
  config: HistoryConfig | undefined,
  environment?: Readonly<Record<string, Json>>,
): DatasetLabels[] {
  return datasets.filter(
    ({ values }) =>
      isMain(values, config) && (environment === undefined || isSameEnvironment(values, environment, config)),
  );
}

function isMain(values: Readonly<Record<string, Json>>, config: HistoryConfig | undefined): boolean {
  const label = config?.branchLabel ?? config?.commitLabel;
  if (label !== undefined && config?.mainValue !== undefined) return values[label] === config.mainValue;
  const number = values[PULL_REQUEST_LABEL];
  return number === undefined || number === null || number === '';
}

function isSameEnvironment(
  values: Readonly<Record<string, Json>>,
  mine: Readonly<Record<string, Json>>,
  config: HistoryConfig | undefined,
): boolean {
  return (config?.environmentLabels ?? []).every(
    (label) => JSON.stringify(values[label]) === JSON.stringify(mine[label]),
  );
}

export function numberOf(value: Json | undefined): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)))
    return Number(value);
  return null;
}
