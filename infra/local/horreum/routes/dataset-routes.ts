/** Serves datasets, their views and labels, the experiments evaluated for them, and what Horreum logged on the way. */
import { isBlindTo } from '../api/callers.ts';
import { crash, empty, json, text } from '../api/http-answer.ts';
import type { Horreum, Route } from '../api/router.ts';
import { datasetSummary, fullDataset } from '../bodies/rest-bodies.ts';
import { experimentBody } from '../bodies/result-bodies.ts';
import { schemaOf } from '../compute/compute-labels.ts';
import { ProfileIncomplete } from '../compute/evaluate-experiments.ts';
import { PoolExhausted } from '../pipeline/pipeline.ts';
import { importProfile } from '../store/import-test.ts';
import { readJsonBody } from '../store/read-value.ts';
import { datasetsOfRun, ofTest, type Dataset, type Run, type View } from '../store/store.ts';

export function datasetRoutes({ store, pipeline, nowMs }: Horreum): Route[] {
  const find = (id: number): { dataset: Dataset; run: Run } | undefined => {
    const dataset = store.datasets.get(id);
    const run = dataset && store.runs.get(dataset.runId);
    return run ? { dataset, run } : undefined;
  };
  const viewById = (id: string | null, testId: number): View | undefined =>
    ofTest(store.views, testId).find((view) => String(view.id) === id);
  const defaultViews = (testId: number) =>
    ofTest(store.views, testId).filter(({ name }) => name === 'Default');

  return [
    {
      method: 'GET',
      path: '/api/dataset/list/byRun/{id}',
      handle: ({ id, query }) => {
        const run = store.runs.get(id);
        if (!run) return json({ total: 0, datasets: [] });
        const viewId = query.get('viewId');
        // Two views of the name that the query looks for are more than it can take.
        if (viewId === null && defaultViews(run.testId).length > 1) return crash();
        const view = viewId === null ? defaultViews(run.testId)[0] : viewById(viewId, run.testId);
        const datasets = inNoOrder(datasetsOfRun(store, id), id);
        return json({
          total: datasets.length,
          datasets: datasets.map((dataset) => datasetSummary(store, dataset, run, view)),
        });
      },
    },
    {
      method: 'GET',
      path: '/api/dataset/{id}',
      handle: ({ id }) => {
        const found = find(id);
        return found
          ? json(fullDataset(found.dataset, found.run))
          : text(
              404,
              `Could not find Dataset: ${id}. If you have recently started a re-tranformation, please wait until datasets are available`,
            );
      },
    },
    {
      method: 'GET',
      path: '/api/dataset/{id}/summary',
      handle: ({ id, query }) => {
        const found = find(id);
        if (!found) return text(404, `Cannot find dataset ${id}`);
        return json(
          datasetSummary(store, found.dataset, found.run, viewById(query.get('viewId'), found.run.testId)),
        );
      },
    },
    {
      method: 'GET',
      path: '/api/dataset/{id}/labelValues',
      handle: ({ id }) => json(labelRows(store.datasets.get(id))),
    },
    {
      method: 'GET',
      path: '/api/experiment/run',
      handle: async ({ query, caller }) => {
        const id = Number(query.get('datasetId') ?? 0);
        const found = find(id);
        if (!found || isBlindTo(caller, found.run.access)) return text(404, `No dataset ${id}`);
        try {
          const evaluations = await pipeline.evaluate(found.dataset);
          return json(evaluations.map((evaluation) => experimentBody(evaluation, nowMs(), false)));
        } catch (error) {
          if (error instanceof ProfileIncomplete || error instanceof PoolExhausted) return crash();
          throw error;
        }
      },
    },
    {
      method: 'GET',
      path: '/api/experiment/{id}/profiles',
      handle: ({ id }) => json(ofTest(store.profiles, id)),
    },
    {
      method: 'POST',
      path: '/api/experiment/{id}/profiles',
      role: 'tester',
      handle: ({ id, body }) => {
        if (!store.tests.has(id)) return text(404, `Test ${id} not found`);
        return json(importProfile(store, id, readJsonBody(body) ?? {}).id);
      },
    },
    {
      method: 'DELETE',
      path: '/api/experiment/{id}/profiles/{name}',
      role: 'tester',
      handle: ({ name }) =>
        store.profiles.delete(Number(name)) ? empty(204) : text(404, `No experiment profile ${name}`),
    },
  ];

  function labelRows(dataset: Dataset | undefined) {
    return (dataset?.data ?? []).flatMap((part) => {
      const schema = schemaOf(store, part);
      return (schema?.labels ?? []).flatMap(({ id, name }) => {
        const value = dataset?.labels?.get(name);
        const { id: schemaId, name: schemaName, uri } = schema ?? { id: 0, name: '', uri: '' };
        return value === undefined
          ? []
          : [{ id, name, schema: { id: schemaId, name: schemaName, uri }, value }];
      });
    });
  }
}

/** Horreum's list has no order; this one is turned by the run's id, so that it mostly begins in the middle. */
function inNoOrder(datasets: readonly Dataset[], runId: number): Dataset[] {
  const turn = datasets.length === 0 ? 0 : runId % datasets.length;
  return [...datasets.slice(turn), ...datasets.slice(0, turn)];
}

export function logRoutes({ store, nowMs }: Horreum): Route[] {
  const sources = ['labels', 'variables', 'experiment', 'changes', 'missingdata'] as const;
  return [
    ...sources.map((source): Route => ({
      method: 'GET',
      path: `/api/log/dataset/${source}/{id}`,
      role: 'tester',
      handle: ({ id, query }) => {
        const datasetId = query.get('datasetId');
        const level = Number(query.get('level') ?? 0);
        const entries = store.logs.filter(
          (entry) =>
            entry.kind === source &&
            entry.testId === id &&
            entry.level >= level &&
            (datasetId === null || entry.datasetId === Number(datasetId)),
        );
        return json(
          page(entries.reverse(), query).map((entry) => ({
            id: null,
            level: entry.level,
            // The time of reading: that is how it is.
            timestamp: nowMs(),
            message: entry.message,
            source,
            testId: id,
            runId: entry.runId,
            datasetId: entry.datasetId,
            datasetOrdinal: store.datasets.get(entry.datasetId ?? 0)?.ordinal ?? 0,
          })),
        );
      },
    })),
    {
      method: 'GET',
      path: '/api/log/transformation/{id}',
      role: 'tester',
      handle: ({ id, query }) => {
        const entries = store.logs.filter((entry) => entry.kind === 'transformation' && entry.testId === id);
        return json(
          page(entries.reverse(), query).map(({ level, message, runId }) => ({
            id: null,
            level,
            timestamp: nowMs(),
            message,
            testId: id,
            runId,
          })),
        );
      },
    },
  ];
}

/** Pages count from 0 here. */
function page<Item>(items: readonly Item[], query: URLSearchParams): readonly Item[] {
  const limit = Number(query.get('limit') ?? 0);
  const first = limit * Number(query.get('page') ?? 0);
  return limit > 0 ? items.slice(first, first + limit) : items;
}
