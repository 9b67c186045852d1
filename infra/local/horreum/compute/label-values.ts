/** Lists label values as Horreum does: one entry for each dataset, with its filters and their surprises. */
import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../../../../lib/horreum/datastore.ts';
import { schemaOf } from './compute-labels.ts';
import { queryJsonPath } from './json-path.ts';
import { epochMs } from '../store/read-value.ts';
import type { Dataset, Store } from '../store/store.ts';

type Values = Readonly<Record<string, Json>>;

export interface LabelValuesEntry {
  readonly values: Values;
  readonly runId: number;
  readonly datasetId: number;
  readonly start: number;
  readonly stop: number;
}

/** A run shows all its labels; a test only those that are ticked as filtering or as metrics in the schema. */
export type Listing = 'run' | 'test';

/**
 * The datasets that the query asks for. With `include` (or a kind of label switched off) a dataset that has none of
 * those labels is left out, also one whose labels are only still to come. Throws JsonPathError for a filter that can't be read.
 */
export function queryLabelValues(
  store: Store,
  datasets: readonly Dataset[],
  query: URLSearchParams,
  listing: Listing,
): LabelValuesEntry[] {
  const filter = query.get('filter') ?? '';
  const multi = query.get('multiFilter') === 'true';
  const isListed = (dataset: Dataset, name: string) =>
    listing === 'run' || isKind(store, dataset, name, { filtering: true, metrics: true });
  const matching = datasets.filter((dataset) => {
    const labels = Object.entries(labelsOf(dataset)).filter(([name]) => isListed(dataset, name));
    return passes(Object.fromEntries(labels), filter, multi);
  });
  const entries = matching.flatMap((dataset) => toEntry(store, dataset, query, listing) ?? []);
  return page(
    entries.filter((entry) => isWithin(entry, query)),
    query,
  );
}

function toEntry(
  store: Store,
  dataset: Dataset,
  query: URLSearchParams,
  listing: Listing,
): LabelValuesEntry | undefined {
  const run = store.runs.get(dataset.runId);
  const all = Object.entries(labelsOf(dataset));
  const kinds = {
    filtering: query.get('filtering') !== 'false',
    metrics: query.get('metrics') !== 'false',
  };
  const kept = all.filter(
    ([name]) => isWanted(name, query) && (listing === 'run' || isKind(store, dataset, name, kinds)),
  );
  if (!run || (kept.length === 0 && (all.length > 0 || isNarrowed(query)))) return undefined;
  const { startMs, stopMs } = run;
  return {
    values: Object.fromEntries(kept),
    runId: run.id,
    datasetId: dataset.id,
    start: startMs,
    stop: stopMs,
  };
}

function labelsOf(dataset: Dataset): Values {
  return Object.fromEntries(dataset.labels ?? []);
}

/** Without any label row there is nothing that a name could be compared with. */
function isNarrowed(query: URLSearchParams): boolean {
  return names(query, 'include').length > 0 || names(query, 'exclude').length > 0;
}

function isWanted(name: string, query: URLSearchParams): boolean {
  const exclude = names(query, 'exclude');
  const include = names(query, 'include').filter((wanted) => !exclude.includes(wanted));
  return include.length > 0 ? include.includes(name) : !exclude.includes(name);
}

/** A comma list, or repeats of the parameter. */
function names(query: URLSearchParams, parameter: string): string[] {
  return query.getAll(parameter).flatMap((text) => text.split(',').filter((name) => name !== ''));
}

function isKind(
  store: Store,
  dataset: Dataset,
  name: string,
  wanted: { readonly filtering: boolean; readonly metrics: boolean },
): boolean {
  const label = dataset.data
    .flatMap((part) => schemaOf(store, part)?.labels ?? [])
    .find((item) => item.name === name);
  return !label || (wanted.filtering && label.filtering) || (wanted.metrics && label.metrics);
}

/** An object asks for equal values, type included; anything else is a JSON path over the labels. */
function passes(values: Values, filter: string, multi: boolean): boolean {
  if (filter.trim() === '' || filter.trim() === '{}') return true;
  const wanted = asObject(filter);
  if (!wanted) return queryJsonPath(values, filter).some((found) => found !== null);
  return Object.entries(wanted).every(([name, value]) => {
    if (!Object.hasOwn(values, name)) return false;
    const isEqual = isDeepStrictEqual(values[name], value);
    return (
      isEqual ||
      (multi && Array.isArray(value) && value.some((item) => isDeepStrictEqual(values[name], item)))
    );
  });
}

function asObject(text: string): Values | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Values)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Bounds that can't be read are ignored. */
function isWithin(entry: LabelValuesEntry, query: URLSearchParams): boolean {
  const beforeMs = epochMs(query.get('before'));
  const afterMs = epochMs(query.get('after'));
  return (
    (beforeMs === undefined || entry.stop < beforeMs) && (afterMs === undefined || entry.start > afterMs)
  );
}

/** Here, unlike in the lists of runs, the first page is 0. */
function page<Item>(items: Item[], query: URLSearchParams): Item[] {
  const limit = Number(query.get('limit') ?? 0);
  if (!(limit > 0)) return items;
  const first = limit * Math.max(0, Number(query.get('page') ?? 0));
  return items.slice(first, first + limit);
}
