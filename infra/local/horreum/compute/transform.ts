/** Makes the data of datasets from an upload: finds the parts with a known schema and applies the test's transformers. */
import type { Json } from '../../../../lib/horreum/datastore.ts';
import { extract, schemaOf } from './compute-labels.ts';
import { runFunction } from './run-function.ts';
import type { Run, Store, Transformer } from '../store/store.ts';

/** A transformer failed: the upload is answered 500, and its run never comes to exist. */
export class TransformerCrashed extends Error {}

/** One entry a dataset: the parts that it holds. Without a known schema one dataset without data; empty where a transformer gave an empty list. */
export function transform(store: Store, run: Run): Json[][] {
  const parts = [...dataParts(store, run.data), ...(run.metadata ?? [])].filter((part) =>
    schemaOf(store, part),
  );
  if (parts.length === 0) {
    const message = 'No applicable schema, dataset will be empty.';
    store.logs.push({ kind: 'transformation', level: 1, message, testId: run.testId, runId: run.id });
    return [[]];
  }
  const transformers = store.tests.get(run.testId)?.transformers ?? [];
  const results = parts.map((part) => ({ part, made: applyTransformers(store, part, transformers) }));
  const copied = results.filter(({ made }) => !made).map(({ part }) => part);
  const made = results.flatMap((result) => (result.made ? [result.made] : []));
  if (made.length === 0) return [copied];
  const count = Math.max(...made.map((items) => items.length));
  return Array.from({ length: count }, (_, ordinal) => [
    ...made.flatMap((items) => (items[ordinal] === undefined ? [] : [items[ordinal]])),
    ...copied,
  ]);
}

/** The data itself, each element of a list, or the members that name a schema of their own. */
function dataParts(store: Store, data: Json): readonly Json[] {
  if (Array.isArray(data)) return data as readonly Json[];
  if (schemaOf(store, data) || typeof data !== 'object' || data === null) return [data];
  return Object.values(data);
}

function applyTransformers(store: Store, part: Json, all: readonly Transformer[]): Json[] | undefined {
  const uri = schemaOf(store, part)?.uri;
  const transformers = all.filter((transformer) => transformer.schemaUri === uri);
  if (transformers.length === 0) return undefined;
  return transformers.flatMap((transformer) => {
    const extracted = extract(part, transformer.extractors);
    const result = transformer.function ? crashOnThrow(transformer.function, extracted) : extracted;
    refuseHugeIntegers(result);
    const items = Array.isArray(result) ? (result as readonly Json[]) : [result];
    return items.map((item) => withSchema(item, transformer.targetSchemaUri));
  });
}

function crashOnThrow(source: string, input: Json): Json {
  try {
    return runFunction(source, input);
  } catch (error) {
    throw new TransformerCrashed(String(error));
  }
}

/** What no 64-bit integer can hold crashes a transformer's result. */
function refuseHugeIntegers(value: Json): void {
  if (typeof value === 'number' && Math.abs(value) >= 2 ** 63)
    throw new TransformerCrashed('integer overflow');
  if (typeof value === 'object' && value !== null)
    for (const item of Object.values(value)) refuseHugeIntegers(item);
}

function withSchema(item: Json, uri: string | null): Json {
  if (!uri || typeof item !== 'object' || item === null || Array.isArray(item)) return item;
  return { $schema: uri, ...item };
}
