/** Writes runs, datasets, tests and the rest as Horreum's REST API does: with every key of the real one, times in milliseconds. */
import type { Json } from '../../../../lib/horreum/datastore.ts';
import { schemaOf } from '../compute/compute-labels.ts';
import { datasetsOfRun, type Dataset, type Run, type Store, type Test, type View } from '../store/store.ts';

export function runSummary(store: Store, run: Run) {
  const datasets = datasetsOfRun(store, run.id);
  return {
    access: run.access,
    owner: run.owner,
    start: run.startMs,
    stop: run.stopMs,
    id: run.id,
    testid: run.testId,
    testname: testName(store, run.testId),
    trashed: run.trashed,
    hasMetadata: run.metadata !== null,
    description: run.description,
    schemas: run.trashed ? [] : schemasOf(store, [run.data], 0, null),
    datasets: datasets.length === 0 ? null : datasets.map(({ id }) => id),
    validationErrors: null as readonly never[] | null,
  };
}

export function fullRun(store: Store, run: Run) {
  const { schemas, datasets, testname } = runSummary(store, run);
  const { access, owner, id, description, data, metadata, trashed } = run;
  const times = { start: run.startMs, stop: run.stopMs };
  return {
    access,
    owner,
    ...times,
    id,
    description,
    testid: run.testId,
    data,
    metadata,
    trashed,
    validationErrors: null,
    schemas,
    testname,
    datasets,
  };
}

export function datasetSummary(store: Store, dataset: Dataset, run: Run, view: View | undefined) {
  return {
    access: run.access,
    owner: run.owner,
    start: run.startMs,
    stop: run.stopMs,
    id: dataset.id,
    runId: run.id,
    ordinal: dataset.ordinal,
    testId: run.testId,
    testname: testName(store, run.testId),
    description: run.description,
    view: viewOf(dataset, view),
    schemas: schemasOf(store, dataset.data, 2, '0'),
    validationErrors: null,
  };
}

export function fullDataset(dataset: Dataset, run: Run) {
  const { access, owner, description } = run;
  const times = { start: run.startMs, stop: run.stopMs };
  const { id, data, ordinal } = dataset;
  return {
    access,
    owner,
    ...times,
    id,
    description,
    testid: run.testId,
    data,
    ordinal,
    validationErrors: [],
    runId: run.id,
  };
}

/** A component without any value is missing. */
function viewOf(dataset: Dataset, view: View | undefined): Record<string, Record<string, Json>> {
  return Object.fromEntries(
    (view?.components ?? []).flatMap((component) => {
      const values = component.labels.flatMap((label) => {
        const value = dataset.labels?.get(label);
        return value === undefined ? [] : [[label, value] as const];
      });
      return values.length === 0 ? [] : [[String(component.id), Object.fromEntries(values)]];
    }),
  );
}

function schemasOf(store: Store, parts: readonly Json[], type: 0 | 2, key: string | null) {
  const schemas = parts.flatMap((part) => schemaOf(store, part) ?? []);
  return schemas.map(({ id, name, uri }) => ({ id, name, uri, source: 0, type, key, hasJsonSchema: false }));
}

function testName(store: Store, testId: number): string {
  return store.tests.get(testId)?.name ?? '';
}

export function testBody(store: Store, test: Test) {
  const { access, owner, id, name, description, notificationsEnabled } = test;
  const transformers = test.transformers.map((transformer) => {
    const schema = [...store.schemas.values()].find(({ uri }) => uri === transformer.schemaUri);
    return {
      access,
      owner,
      ...transformer,
      description: null,
      schemaId: schema?.id ?? null,
      schemaName: schema?.name ?? null,
    };
  });
  const fixed = {
    datastoreId: 1,
    timelineLabels: [],
    timelineFunction: null,
    fingerprintLabels: [],
    fingerprintFilter: null,
    compareUrl: null,
  };
  return { access, owner, id, name, folder: null, description, ...fixed, transformers, notificationsEnabled };
}
