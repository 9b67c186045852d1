/** Computes datapoints from label values, and detects changes in them. */
import type { Json } from '../../../../lib/horreum/datastore.ts';
import { runFunction } from './run-function.ts';
import {
  ofTest,
  type Change,
  type Datapoint,
  type Dataset,
  type Store,
  type Variable,
} from '../store/store.ts';

/** A variable gets a datapoint only from a number or a text that is one. */
export function computeDatapoints(store: Store, dataset: Dataset): Datapoint[] {
  const timestampMs = store.runs.get(dataset.runId)?.startMs ?? 0;
  return ofTest(store.variables, dataset.testId).flatMap((variable) => {
    const input = inputOf(variable, dataset.labels);
    if (input === undefined) return [];
    const result = variable.calculation ? runFunction(variable.calculation, input) : input;
    const value = toNumber(result);
    if (value === undefined) {
      logRefusal(store, dataset, variable, result);
      return [];
    }
    return [{ variableId: variable.id, datasetId: dataset.id, timestampMs, value }];
  });
}

/** Undefined where the label has no row: then Horreum says nothing at all. */
function inputOf(variable: Variable, labels: Dataset['labels']): Json | undefined {
  const [only, ...more] = variable.labels;
  if (only !== undefined && more.length === 0) return labels?.get(only);
  return Object.fromEntries(variable.labels.map((label) => [label, labels?.get(label) ?? null]));
}

function toNumber(value: Json): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  return value === 'NaN' || !Number.isNaN(Number(value)) ? Number(value) : undefined;
}

function logRefusal(store: Store, dataset: Dataset, variable: Variable, value: Json): void {
  const message =
    value === null
      ? `Null value for variable ${variable.name} - datapoint is not created`
      : `Cannot turn ${JSON.stringify(value)} into a floating-point value for variable ${variable.name}`;
  const level = value === null ? 1 : 3;
  store.logs.push({
    kind: 'variables',
    level,
    message,
    testId: dataset.testId,
    datasetId: dataset.id,
    runId: dataset.runId,
  });
}

/**
 * The relative-difference model: the mean of the newest `window` points against the mean of those before,
 * counted since the last change of the variable. `own` are the dataset's points, not yet committed.
 */
export function detectChanges(store: Store, own: readonly Datapoint[]): Change[] {
  return own.flatMap((point) => {
    const variable = store.variables.get(point.variableId);
    if (!variable) return [];
    const changes = variable.changeDetection.flatMap(
      (detection) => detect(store, point, variable, detection.config) ?? [],
    );
    return changes.slice(0, 1);
  });
}

function detect(
  store: Store,
  point: Datapoint,
  variable: Variable,
  config: Readonly<Record<string, Json>>,
): Change | undefined {
  const window = Math.max(1, Number(config['window'] ?? 1));
  const minPrevious = Math.max(window, Number(config['minPrevious'] ?? 0));
  const threshold = Number(config['threshold'] ?? 0.1);
  const points = newestFirst([...sinceLastChange(store, variable.id), point]);
  if (points.length < minPrevious + window) return undefined;
  const recent = points.slice(0, window);
  const previous = points.slice(window).map(({ value }) => value);
  const previousMean = mean(previous);
  const value = mean(recent.map((item) => item.value));
  const ratio = value / previousMean;
  if (!(ratio < 1 - threshold || ratio > 1 + threshold)) return undefined;
  const first =
    recent.findLast((item) => (ratio < 1 ? item.value < previousMean : item.value > previousMean)) ?? point;
  const [from, to] = [recent.at(-1) ?? point, recent[0] ?? point].map((item) => describe(store, item));
  const figures = `mean ${value.toFixed(6)}, previous mean ${previousMean.toFixed(6)} (stddev ${deviation(previous).toFixed(6)})`;
  return {
    id: store.nextId('change'),
    variableId: variable.id,
    datasetId: first.datasetId,
    timestampMs: first.timestampMs,
    description: `Datasets ${from} - ${to}: ${figures}, relative change ${(100 * (ratio - 1)).toFixed(2)}%`,
  };
}

function sinceLastChange(store: Store, variableId: number): Datapoint[] {
  const lastMs = Math.max(
    -Infinity,
    ...store.changes.filter((change) => change.variableId === variableId).map((change) => change.timestampMs),
  );
  return store.datapoints.filter((point) => point.variableId === variableId && point.timestampMs >= lastMs);
}

/** By the data's time, then by dataset id. */
export function newestFirst(points: readonly Datapoint[]): Datapoint[] {
  return [...points].sort((a, b) => b.timestampMs - a.timestampMs || b.datasetId - a.datasetId);
}

function describe(store: Store, point: Datapoint): string {
  const dataset = store.datasets.get(point.datasetId);
  return `${dataset?.runId ?? 0}/${dataset?.ordinal ?? 0} (${new Date(point.timestampMs).toISOString()})`;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}
