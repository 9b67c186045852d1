/** Computes the label values of a dataset: extractors by JSON path, then the label's function. */
import type { Json } from '../../../../lib/horreum/datastore.ts';
import type { Dataset, Extractor, Schema, Store } from '../store/store.ts';
import { queryJsonPath } from './json-path.ts';
import { runFunction } from './run-function.ts';

/** A JSON path that can't be read loses all labels of the dataset; a function that throws only its own. */
export function computeLabels(store: Store, dataset: Dataset): ReadonlyMap<string, Json> {
  const values = new Map<string, Json>();
  try {
    for (const part of dataset.data) {
      for (const label of schemaOf(store, part)?.labels ?? []) {
        const extracted = extract(part, label.extractors);
        const value = label.function
          ? tryFunction(store, dataset, label.id, label.function, extracted)
          : extracted;
        if (value !== undefined) values.set(label.name, value);
      }
    }
  } catch (error) {
    logFailure(store, dataset, `Evaluation of labels failed: ${String(error)}`);
    return new Map();
  }
  return values;
}

function tryFunction(
  store: Store,
  dataset: Dataset,
  labelId: number,
  source: string,
  input: Json,
): Json | undefined {
  try {
    return runFunction(source, input);
  } catch (error) {
    logFailure(
      store,
      dataset,
      `Evaluation of label ${labelId} failed: '${String(error)}' Code:<pre>${source}</pre>`,
    );
    return undefined;
  }
}

function logFailure(store: Store, dataset: Dataset, message: string): void {
  store.logs.push({
    kind: 'labels',
    level: 3,
    message,
    testId: dataset.testId,
    datasetId: dataset.id,
    runId: dataset.runId,
  });
}

/** One extractor gives its value, several give an object of them by name. */
export function extract(part: Json, extractors: readonly Extractor[]): Json {
  const [only, ...more] = extractors;
  if (only && more.length === 0) return extractOne(part, only);
  return Object.fromEntries(extractors.map((extractor) => [extractor.name, extractOne(part, extractor)]));
}

function extractOne(part: Json, extractor: Extractor): Json {
  const found = queryJsonPath(part, extractor.jsonpath);
  return extractor.isarray ? found : (found[0] ?? null);
}

/** The schema that a piece of data names, if this Horreum knows it. */
export function schemaOf(store: Store, part: Json): Schema | undefined {
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return undefined;
  const uri = (part as { readonly [key: string]: Json })['$schema'];
  return [...store.schemas.values()].find((schema) => schema.uri === uri);
}
