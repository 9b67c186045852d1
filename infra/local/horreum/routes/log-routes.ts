/** What Horreum noted while it worked on datasets. */
import { json } from '../http-answer.ts';
import type { Horreum, Route } from '../router.ts';

export function logRoutes({ store, nowMs }: Horreum): Route[] {
  const sources = ['labels', 'variables', 'experiment', 'changes', 'missingdata'] as const;
  return [
    ...sources.map((source): Route => ({
      method: 'GET',
      pattern: `/api/log/dataset/${source}/{id}`,
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
      pattern: '/api/log/transformation/{id}',
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
