/** Horreum's JSON in the bot's words. Fields may be missing, null or of another type than documented; what lacks its id is left out. */
import type {
  DatasetLabels,
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
import {
  isObject,
  readId,
  readIds,
  readJsonRecord,
  readList,
  readNumber,
  readObject,
  readText,
  readTexts,
  readTimeMs,
  type JsonObject,
} from './read-json.ts';

type Profile = NonNullable<ExperimentResult['profile']>;

/** A run summary or one row of a run list; undefined if it is neither. */
export function toRun(value: unknown): HorreumRun | undefined {
  const row = readObject(value);
  const id = readId(row['id']);
  // Runs say `testid`, datasets `testId`.
  const testId = readId(row['testid'] ?? row['testId']);
  if (id === undefined || testId === undefined) return undefined;
  return {
    id,
    testId,
    access: toAccess(row['access']),
    trashed: row['trashed'] === true,
    startMs: readTimeMs(row['start']),
    hasMetadata: row['hasMetadata'] === true,
    datasetIds: readIds(row['datasets']),
  };
}

/** Whatever is not plainly open is treated as private. */
function toAccess(value: unknown): HorreumAccess {
  return value === 'PUBLIC' || value === 'PROTECTED' ? value : 'PRIVATE';
}

export function toDatasetLabels(value: unknown): DatasetLabels | undefined {
  const row = readObject(value);
  const runId = readId(row['runId']);
  const datasetId = readId(row['datasetId']);
  if (runId === undefined || datasetId === undefined) return undefined;
  return { runId, datasetId, startMs: readTimeMs(row['start']), values: readJsonRecord(row['values']) };
}

/** Horreum says "none" with an empty object, and may give one object instead of a list. */
export function toMetadata(value: unknown): readonly Json[] {
  if (Array.isArray(value)) return value as readonly Json[];
  return isObject(value) && Object.keys(value).length > 0 ? [value as Json] : [];
}

export function toViewedDataset(value: unknown): ViewedDataset | undefined {
  const row = readObject(value);
  const id = readId(row['id']);
  if (id === undefined) return undefined;
  const components = Object.entries(readObject(row['view'])).filter(([, labels]) => isObject(labels));
  return {
    id,
    ordinal: readNumber(row['ordinal']) ?? 0,
    view: Object.fromEntries(
      components.map(([componentId, labels]) => [componentId, readJsonRecord(labels)]),
    ),
  };
}

export function toView(value: unknown): View | undefined {
  const row = readObject(value);
  const id = readId(row['id']);
  if (id === undefined) return undefined;
  return {
    id,
    name: readText(row['name']) ?? '',
    components: readList(row['components'])
      .flatMap((component) => toComponent(component) ?? [])
      .sort((a, b) => a.order - b.order),
  };
}

function toComponent(value: unknown): ViewComponent | undefined {
  const row = readObject(value);
  const id = readId(row['id']);
  if (id === undefined) return undefined;
  return {
    id,
    title: readText(row['headerName']) ?? '',
    order: readNumber(row['headerOrder']) ?? 0,
    labels: readTexts(row['labels']),
  };
}

export function toExperimentResult(value: unknown): ExperimentResult | undefined {
  if (!isObject(value)) return undefined;
  const profile = toProfile(value['profile']);
  return {
    ...(profile ? { profile } : {}),
    logs: readList(value['logs']).map((log) => ({
      level: readNumber(readObject(log)['level']) ?? 0,
      message: readText(readObject(log)['message']) ?? '',
    })),
    baseline: readList(value['baseline']).flatMap((dataset) => toBaseline(readObject(dataset)) ?? []),
    results: Object.fromEntries(
      Object.entries(readObject(value['results'])).flatMap(([variable, result]) => {
        const comparison = toComparison(readObject(result));
        return comparison ? [[variable, comparison]] : [];
      }),
    ),
  };
}

export function toProfile(value: unknown): Profile | undefined {
  const row = readObject(value);
  const id = readId(row['id']);
  if (id === undefined) return undefined;
  return {
    id,
    name: readText(row['name']) ?? '',
    comparisons: readList(row['comparisons']).flatMap((item) => toComparedVariable(readObject(item)) ?? []),
  };
}

function toComparedVariable(row: JsonObject): Profile['comparisons'][number] | undefined {
  const variableId = readId(row['variableId']);
  const variableName = readText(row['variableName']) ?? '';
  if (variableId === undefined && variableName === '') return undefined;
  const config = readObject(row['config']);
  const threshold = readNumber(config['threshold']);
  const greaterBetter = config['greaterBetter'];
  return {
    ...(variableId === undefined ? {} : { variableId }),
    variableName,
    ...(threshold === undefined ? {} : { threshold }),
    ...(typeof greaterBetter === 'boolean' ? { greaterBetter } : {}),
  };
}

function toBaseline(row: JsonObject): ExperimentResult['baseline'][number] | undefined {
  const runId = readId(row['runId']);
  const datasetId = readId(row['id']);
  return runId === undefined || datasetId === undefined ? undefined : { runId, datasetId };
}

function toComparison(row: JsonObject): VariableComparison | undefined {
  const overall = row['overall'];
  if (overall !== 'BETTER' && overall !== 'SAME' && overall !== 'WORSE') return undefined;
  return {
    overall,
    experimentValue: readNumber(row['experimentValue']) ?? NaN,
    baselineValue: readNumber(row['baselineValue']) ?? NaN,
  };
}

export function toVariable(value: unknown): Variable | undefined {
  const row = readObject(value);
  const id = readId(row['id']);
  const name = readText(row['name']);
  if (id === undefined || name === undefined) return undefined;
  const group = readText(row['group']);
  return {
    id,
    name,
    ...(group ? { group } : {}),
    labels: readTexts(row['labels']),
    ...(readText(row['calculation'])?.trim() ? { isComputed: true } : {}),
  };
}
