/** Compares one dataset with the baseline of each profile that selects it, with the remarks that Horreum makes on the way. */
import type { Json } from '../../../../lib/horreum/datastore.ts';
import { mean, newestFirst } from './datapoints.ts';
import { passesFilter } from './run-function.ts';
import {
  ofTest,
  type Comparison,
  type Datapoint,
  type Dataset,
  type Profile,
  type Store,
} from '../store/store.ts';

export interface Remark {
  readonly level: 0 | 1 | 2 | 3;
  readonly message: string;
}

export interface Comparing {
  readonly overall: 'BETTER' | 'SAME' | 'WORSE';
  readonly experimentValue: number;
  readonly baselineValue: number;
  readonly result: string;
}

export interface Evaluation {
  /** Null where no profile selects the dataset. */
  readonly profile: Profile | null;
  readonly remarks: readonly Remark[];
  readonly dataset: Dataset;
  /** All that match, newest first, not only those that were averaged. */
  readonly baseline: readonly Dataset[];
  readonly results: Readonly<Record<string, Comparing>>;
  readonly extraLabels: Readonly<Record<string, Json>> | null;
}

/** A profile without `threshold`, `greaterBetter` or `maxBaselineDatasets`: Horreum fails with a null pointer. */
export class ProfileIncomplete extends Error {
  /** What was evaluated before it, and told to the webhooks already. */
  before: readonly Evaluation[] = [];
}

/** A profile without any baseline gives no entry at all, and its remarks are lost. `own` are the dataset's datapoints. */
export function evaluateExperiments(store: Store, dataset: Dataset, own: readonly Datapoint[]): Evaluation[] {
  const remarks: Remark[] = [];
  const profiles = ofTest(store.profiles, dataset.testId).filter((profile) =>
    selects(profile, dataset, remarks),
  );
  if (profiles.length === 0) {
    remarks.push({ level: 1, message: 'There are no matching experiment profiles.' });
    return [{ profile: null, remarks, dataset, baseline: [], results: {}, extraLabels: null }];
  }
  const evaluations: Evaluation[] = [];
  for (const profile of profiles) {
    try {
      const evaluation = evaluateProfile(store, profile, dataset, own, remarks);
      if (evaluation) evaluations.push(evaluation);
    } catch (error) {
      if (error instanceof ProfileIncomplete) error.before = evaluations;
      throw error;
    }
  }
  return evaluations;
}

function selects(profile: Profile, dataset: Dataset, remarks: Remark[]): boolean {
  const value = labelsAsOne(dataset, profile.selectorLabels);
  if (value === undefined) return false;
  try {
    return passesFilter(profile.selectorFilter ?? '', value);
  } catch (error) {
    remarks.push({
      level: 3,
      message: `Selector filter failed: ${String(error)} Code: ${profile.selectorFilter}`,
    });
    return false;
  }
}

/** One label gives its value, several an object; undefined where none has a row, so that nothing can match. */
function labelsAsOne(dataset: Dataset, names: readonly string[]): Json | undefined {
  const rows = names.flatMap((name) => {
    const value = dataset.labels?.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  if (rows.length === 0) return undefined;
  return names.length === 1 ? rows[0]?.[1] : Object.fromEntries(rows);
}

function evaluateProfile(
  store: Store,
  profile: Profile,
  dataset: Dataset,
  own: readonly Datapoint[],
  selectorRemarks: readonly Remark[],
): Evaluation | undefined {
  const remarks = [...selectorRemarks];
  const baseline = ofTest(store.datasets, dataset.testId)
    .filter((candidate) => isBaseline(profile, candidate, remarks))
    .sort((a, b) => startMs(store, b) - startMs(store, a));
  if (baseline.length === 0) return undefined;
  const results: Record<string, Comparing> = {};
  for (const comparison of profile.comparisons) {
    const compared = compareVariable(store, profile, comparison, baseline, own, remarks);
    if (compared) results[comparison.variableName] = compared;
  }
  const extra = (profile.extraLabels ?? []).flatMap((name) => {
    const value = dataset.labels?.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { profile, remarks, dataset, baseline, results, extraLabels: Object.fromEntries(extra) };
}

function isBaseline(profile: Profile, candidate: Dataset, remarks: Remark[]): boolean {
  const value = labelsAsOne(candidate, profile.baselineLabels);
  if (value === undefined) return false;
  try {
    return passesFilter(profile.baselineFilter ?? '', value);
  } catch (error) {
    remarks.push({
      level: 3,
      message: `Baseline filter failed: ${String(error)} Code: ${profile.baselineFilter}`,
    });
    return false;
  }
}

function startMs(store: Store, dataset: Dataset): number {
  return store.runs.get(dataset.runId)?.startMs ?? 0;
}

function compareVariable(
  store: Store,
  profile: Profile,
  { model, config, variableId, variableName }: Comparison,
  baseline: readonly Dataset[],
  own: readonly Datapoint[],
  remarks: Remark[],
): Comparing | undefined {
  if (model !== 'relativeDifference') {
    const message = `Unknown experiment comparison model '${model}' for variable ${variableName} in profile ${profile.name}`;
    remarks.push({ level: 3, message });
    return undefined;
  }
  const baselineIds = new Set(baseline.map(({ id }) => id));
  const points = [...store.datapoints, ...own.filter((point) => !store.datapoints.includes(point))];
  const earlier = newestFirst(
    points.filter((point) => point.variableId === variableId && baselineIds.has(point.datasetId)),
  );
  if (earlier.length === 0) {
    const message = `Baseline for comparison of variable ${variableName} in profile ${profile.name} is empty (datapoints are not present)`;
    remarks.push({ level: 1, message });
    return undefined;
  }
  const point = own.find((candidate) => candidate.variableId === variableId);
  if (!point) {
    remarks.push({
      level: 3,
      message: `No datapoint for comparison of variable ${variableName} in profile ${profile.name}`,
    });
    return undefined;
  }
  return relativeDifference(config, earlier, point);
}

function relativeDifference(
  config: Comparison['config'],
  earlier: readonly Datapoint[],
  point: Datapoint,
): Comparing {
  const { threshold, greaterBetter, maxBaselineDatasets } = config;
  if (threshold === undefined || greaterBetter === undefined || maxBaselineDatasets === undefined)
    throw new ProfileIncomplete();
  const averaged = Number(maxBaselineDatasets) > 0 ? earlier.slice(0, Number(maxBaselineDatasets)) : earlier;
  const baselineValue = mean(averaged.map(({ value }) => value));
  const difference = point.value / baselineValue - 1;
  const [higher, lower] =
    greaterBetter === true ? (['BETTER', 'WORSE'] as const) : (['WORSE', 'BETTER'] as const);
  const limit = Number(threshold);
  return {
    overall: difference > limit ? higher : difference < -limit ? lower : 'SAME',
    experimentValue: point.value,
    baselineValue,
    result: signedPercent(difference),
  };
}

/** As Java's `%+.2f%%` writes it: `+56.48%`, `+Infinity%`, `NaN%`. */
function signedPercent(difference: number): string {
  const percent = 100 * difference;
  if (Number.isNaN(percent)) return 'NaN%';
  const sign = percent < 0 || Object.is(percent, -0) ? '-' : '+';
  const size = Math.abs(percent);
  return `${sign}${Number.isFinite(size) ? size.toFixed(2) : 'Infinity'}%`;
}
