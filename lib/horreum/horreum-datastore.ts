/** Reads results from a Horreum over its REST API (0.18.1 and later); made to be asked too early, and to be asked again. */
import { UpstreamError } from '../http/upstream-error.ts';
import type { DatasetLabels, Datastore, LabelQuery } from './datastore.ts';
import {
  toDatasetLabels,
  toExperimentResult,
  toMetadata,
  toHorreumRun,
  toProfile,
  toVariable,
  toView,
  toViewedDataset,
} from './horreum-answers.ts';
import {
  createHorreumCall,
  withoutTrailingSlash,
  type HorreumCall,
  type HorreumConnection,
} from './horreum-call.ts';
import { at, listAt, withoutUndefined } from '../json.ts';
import { javaNumberAt } from './java-json.ts';

const NOT_THERE = [404];
/** A longer URL may be refused by a proxy: more labels are asked for in several calls. */
const MAX_INCLUDE_CHARACTERS = 3000;
/** A value that is one run's own is in very few datasets. */
const MOST_LABELLED = 20;

export function createHorreumDatastore(connection: HorreumConnection): Datastore {
  const call = createHorreumCall(connection);
  const base = withoutTrailingSlash(connection.baseUrl);
  return {
    async getRun(runId) {
      const { status, body } = await call({ path: `/api/run/${runId}/summary`, expected: NOT_THERE });
      if (status === 404) return undefined;
      return toHorreumRun(body) ?? unreadable(`run ${runId}`);
    },

    async getLabelValues(runId) {
      // Never with `include`: Horreum drops datasets that lack the labels, which looks the same as labels still to come.
      const { status, body } = await call({ path: `/api/run/${runId}/labelValues`, expected: NOT_THERE });
      if (status === 404) return undefined;
      return list(body, toDatasetLabels).sort((a, b) => a.datasetId - b.datasetId);
    },

    async listRuns(testId, limit, page = 1) {
      // By id, which is the order of upload: `start` is a time in the uploaded data, the same in every upload of a sample.
      // A server that refuses that column (500) is asked the documented way.
      const newest = (sort: 'id' | 'start') =>
        call({
          path: `/api/run/list/${testId}`,
          query: { trashed: false, limit, page, sort, direction: 'Descending' },
          expected: sort === 'id' ? [404, 400, 500] : NOT_THERE,
        });
      const byId = await newest('id');
      const { body } = byId.status === 500 || byId.status === 400 ? await newest('start') : byId;
      return list(at(body, 'runs'), toHorreumRun).sort((a, b) => b.id - a.id);
    },

    async countRuns(testId) {
      const { body } = await call({
        path: `/api/run/list/${testId}`,
        query: { trashed: false, limit: 1, page: 1 },
        expected: NOT_THERE,
      });
      return javaNumberAt(body, 'total') ?? listAt(body, 'runs').length;
    },

    async getMetadata(runId) {
      const { body } = await call({ path: `/api/run/${runId}/metadata`, expected: NOT_THERE });
      return toMetadata(body);
    },

    async listDatasets(runId, viewId) {
      const { body } = await call({
        path: `/api/dataset/list/byRun/${runId}`,
        query: { viewId },
        expected: NOT_THERE,
      });
      return list(at(body, 'datasets'), toViewedDataset).sort((a, b) => a.ordinal - b.ordinal);
    },

    listViews: (testId) => listViews(call, testId),

    async listProfiles(testId) {
      const { body } = await call({ path: `/api/experiment/${testId}/profiles`, expected: NOT_THERE });
      return list(body, toProfile);
    },

    async evaluateExperiments(_runId, datasetId) {
      const { body } = await call({
        path: '/api/experiment/run',
        query: { datasetId },
        expected: NOT_THERE,
        timeoutMs: connection.evaluationTimeoutMs,
      });
      return list(body, toExperimentResult);
    },

    async listVariables(testId) {
      const { body } = await call({
        path: '/api/alerting/variables',
        query: { test: testId },
        expected: NOT_THERE,
      });
      return list(body, toVariable);
    },

    async testLabelValues(testId, query) {
      const found = new Map<number, DatasetLabels>();
      for (const include of includable(query.include ?? [])) {
        const { body } = await call({
          path: `/api/test/${testId}/labelValues`,
          query: withoutUndefined({ ...toQuery(query), include }),
          expected: NOT_THERE,
        });
        for (const one of list(body, toDatasetLabels)) {
          const values = { ...found.get(one.datasetId)?.values, ...one.values };
          found.set(one.datasetId, { ...one, values });
        }
      }
      return [...found.values()];
    },

    async runsLabelled(testId, label, value) {
      const { body } = await call({
        path: `/api/test/${testId}/labelValues`,
        query: { filter: JSON.stringify({ [label]: value }), include: [label], limit: MOST_LABELLED },
        expected: NOT_THERE,
      });
      const runIds = list(body, toDatasetLabels).map(({ runId }) => runId);
      return [...new Set(runIds)].sort((a, b) => b - a);
    },

    runUrl: (runId) => `${base}/run/${runId}`,
  };
}

/** Horreum answers 400 for the views of an unknown test, where its other lists say 404 or are empty. */
export async function listViews(call: HorreumCall, testId: number) {
  const { body } = await call({ path: `/api/ui/${testId}/views`, expected: [400, 404] });
  return list(body, toView);
}

export function list<Item>(body: unknown, read: (value: unknown) => Item | undefined): Item[] {
  return listAt(body).flatMap((value) => read(value) ?? []);
}

function toQuery({ limit, page, filter, afterMs, oldestFirst }: LabelQuery) {
  return {
    sort: 'start',
    direction: oldestFirst ? 'Ascending' : 'Descending',
    limit,
    page,
    filter: filter && JSON.stringify(filter),
    after: afterMs,
  };
}

/**
 * The labels as lists that a URL has room for, each with the first one, so that all of them name the same datasets.
 * Horreum splits the parameter at commas: a label with one can't be asked for, and all are read then.
 */
function includable(include: readonly string[]): (readonly string[])[] {
  const [first, ...others] = include;
  if (first === undefined || include.some((label) => label.includes(','))) return [[]];
  const lists = [[first]];
  const lengthOf = (label: string) => `&include=${encodeURIComponent(label)}`.length;
  let characters = lengthOf(first);
  for (const label of others) {
    if (characters + lengthOf(label) > MAX_INCLUDE_CHARACTERS) {
      lists.push([first]);
      characters = lengthOf(first);
    }
    lists.at(-1)?.push(label);
    characters += lengthOf(label);
  }
  return lists;
}

function unreadable(subject: string): never {
  throw new UpstreamError(`Horreum described ${subject} in a way that the bot does not understand`, {
    retryable: false,
  });
}
