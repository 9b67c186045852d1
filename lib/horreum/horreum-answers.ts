/** Reads Horreum's JSON into the bot's words. Fields may be missing, null or of another type than documented; what lacks its id is left out. */
import type {
  DatasetLabels,
  ExperimentProfile,
  ExperimentResult,
  HorreumAccess,
  HorreumRun,
  Json,
  VariableComparison,
  Variable,
  View,
  ViewComponent,
  ViewedDataset,
} from './datastore.ts';
import { at, isObject, listAt, objectAt, textAt, withoutUndefined } from '../json.ts';
import { javaNumberAt, javaTimeMsAt, jsonRecordAt, rowIdAt, textsAt } from './java-json.ts';

/** A run summary or one row of a run list; undefined if it is neither. */
export function toHorreumRun(row: unknown): HorreumRun | undefined {
  const id = rowIdAt(row, 'id');
  // Runs say `testid`, datasets `testId`.
  const testId = rowIdAt(row, 'testid') ?? rowIdAt(row, 'testId');
  if (id === undefined || testId === undefined) return undefined;
  return {
    id,
    testId,
    access: toAccess(at(row, 'access')),
    trashed: at(row, 'trashed') === true,
    hasMetadata: at(row, 'hasMetadata') === true,
    datasetIds: listAt(row, 'datasets').flatMap((dataset) => rowIdAt(dataset) ?? []),
  };
}

/** Whatever is not plainly open is treated as private. */
function toAccess(value: unknown): HorreumAccess {
  return value === 'PUBLIC' || value === 'PROTECTED' ? value : 'PRIVATE';
}

export function toDatasetLabels(row: unknown): DatasetLabels | undefined {
  const runId = rowIdAt(row, 'runId');
  const datasetId = rowIdAt(row, 'datasetId');
  if (runId === undefined || datasetId === undefined) return undefined;
  return { runId, datasetId, startMs: javaTimeMsAt(row, 'start'), values: jsonRecordAt(row, 'values') };
}

/** Horreum says "none" with an empty object, and may give one object instead of a list. */
export function toMetadata(value: unknown): readonly Json[] {
  if (Array.isArray(value)) return value as readonly Json[];
  return isObject(value) && Object.keys(value).length > 0 ? [value as Json] : [];
}

export function toViewedDataset(row: unknown): ViewedDataset | undefined {
  const id = rowIdAt(row, 'id');
  if (id === undefined) return undefined;
  const components = Object.entries(objectAt(row, 'view')).filter(([, labels]) => isObject(labels));
  return {
    id,
    ordinal: javaNumberAt(row, 'ordinal') ?? 0,
    view: Object.fromEntries(components.map(([componentId, labels]) => [componentId, jsonRecordAt(labels)])),
  };
}

export function toView(row: unknown): View | undefined {
  const id = rowIdAt(row, 'id');
  if (id === undefined) return undefined;
  return {
    id,
    name: textAt(row, 'name') ?? '',
    components: listAt(row, 'components')
      .flatMap((component) => toComponent(component) ?? [])
      .sort((a, b) => a.order - b.order),
  };
}

function toComponent(row: unknown): ViewComponent | undefined {
  const id = rowIdAt(row, 'id');
  if (id === undefined) return undefined;
  return {
    id,
    title: textAt(row, 'headerName') ?? '',
    order: javaNumberAt(row, 'headerOrder') ?? 0,
    labels: textsAt(row, 'labels'),
  };
}

export function toExperimentResult(row: unknown): ExperimentResult | undefined {
  if (!isObject(row)) return undefined;
  return withoutUndefined({
    profile: toProfile(row['profile']),
    logs: listAt(row, 'logs').map((log) => ({
      level: javaNumberAt(log, 'level') ?? 0,
      message: textAt(log, 'message') ?? '',
    })),
    baseline: listAt(row, 'baseline').flatMap((dataset) => toBaseline(dataset) ?? []),
    results: Object.fromEntries(
      Object.entries(objectAt(row, 'results')).flatMap(([variable, result]) => {
        const comparison = toComparison(result);
        return comparison ? [[variable, comparison]] : [];
      }),
    ),
  });
}

export function toProfile(row: unknown): ExperimentProfile | undefined {
  const id = rowIdAt(row, 'id');
  if (id === undefined) return undefined;
  return withoutUndefined({
    id,
    name: textAt(row, 'name') ?? '',
    comparisons: listAt(row, 'comparisons').flatMap((item) => toComparedVariable(item) ?? []),
    selectorLabels: textsAt(row, 'selectorLabels'),
    selectorFilter: textAt(row, 'selectorFilter'),
  });
}

function toComparedVariable(row: unknown): ExperimentProfile['comparisons'][number] | undefined {
  const variableName = textAt(row, 'variableName') ?? '';
  if (variableName === '' && rowIdAt(row, 'variableId') === undefined) return undefined;
  const greaterBetter = at(row, 'config', 'greaterBetter');
  return withoutUndefined({
    variableName,
    threshold: javaNumberAt(row, 'config', 'threshold'),
    greaterBetter: typeof greaterBetter === 'boolean' ? greaterBetter : undefined,
  });
}

function toBaseline(row: unknown): ExperimentResult['baseline'][number] | undefined {
  const runId = rowIdAt(row, 'runId');
  return runId === undefined ? undefined : { runId };
}

function toComparison(row: unknown): VariableComparison | undefined {
  const overall = at(row, 'overall');
  if (overall !== 'BETTER' && overall !== 'SAME' && overall !== 'WORSE') return undefined;
  return {
    overall,
    experimentValue: javaNumberAt(row, 'experimentValue') ?? NaN,
    baselineValue: javaNumberAt(row, 'baselineValue') ?? NaN,
  };
}

export function toVariable(row: unknown): Variable | undefined {
  const id = rowIdAt(row, 'id');
  const name = textAt(row, 'name');
  if (id === undefined || name === undefined) return undefined;
  return withoutUndefined({
    id,
    name,
    labels: textsAt(row, 'labels'),
    isComputed: textAt(row, 'calculation')?.trim() ? true : undefined,
  });
}
