/** Takes uploads, and serves what can be read of a run. */
import type { StandInAnswer } from '../../stand-in/calls.ts';
import { isBlindTo } from '../api/callers.ts';
import { crash, empty, json, text } from '../api/http-answer.ts';
import { JsonPathError, queryJsonPath } from '../compute/json-path.ts';
import { queryLabelValues } from '../compute/label-values.ts';
import { fullRun, runSummary } from '../bodies/rest-bodies.ts';
import type { Call, Horreum, Route } from '../api/router.ts';
import { datasetsOfRun, type Run } from '../store/store.ts';
import { TransformerCrashed } from '../compute/transform.ts';
import { readUpload } from './upload-request.ts';

/** What a run list may be sorted by; Horreum pastes the name into SQL. */
const COLUMNS: Readonly<Record<string, (run: Run) => number | string>> = {
  id: (run) => run.id,
  start: (run) => run.startMs,
  stop: (run) => run.stopMs,
  owner: (run) => run.owner,
  access: (run) => run.access,
  description: (run) => run.description ?? '',
};

export function runRoutes({ store, pipeline }: Horreum): Route[] {
  const withRun =
    (
      missing: (id: number) => string,
      answer: (run: Run, call: Call) => StandInAnswer | Promise<StandInAnswer>,
    ) =>
    (call: Call) => {
      const run = store.runs.get(call.id);
      return run ? answer(run, call) : text(404, missing(call.id));
    };
  const noResult = () => 'No result';

  return [
    {
      method: 'POST',
      path: '/api/run/data',
      role: 'uploader',
      handle: async (call) => {
        const upload = await readUpload(store, call);
        if (upload.kind === 'refused') return upload.answer;
        try {
          const run = { id: store.nextId('run'), ...upload.run };
          await pipeline.receive(run);
          return {
            status: 202,
            headers: { 'Content-Type': 'text/plain;charset=UTF-8' },
            body: String(run.id),
          };
        } catch (error) {
          if (error instanceof TransformerCrashed) return crash();
          throw error;
        }
      },
    },
    {
      method: 'GET',
      path: '/api/run/list/{id}',
      handle: ({ id, query }) => {
        if (!store.tests.has(id)) return text(404, `Cannot find test ID ${id}`);
        return listRuns(
          [...store.runs.values()].filter((run) => run.testId === id),
          query,
        );
      },
    },
    {
      method: 'GET',
      path: '/api/run/{id}',
      handle: withRun(noResult, (run) => json(fullRun(store, run))),
    },
    {
      method: 'GET',
      path: '/api/run/{id}/summary',
      handle: withRun(
        (id) => `Run ${id} not found`,
        (run) => json(runSummary(store, run)),
      ),
    },
    {
      method: 'GET',
      path: '/api/run/{id}/labelValues',
      handle: withRun(noResult, (run, { query }) => {
        const ascending = datasetsOfRun(store, run.id);
        return labelValues(() =>
          queryLabelValues(store, isDescending(query) ? ascending.reverse() : ascending, query, 'run'),
        );
      }),
    },
    {
      method: 'GET',
      path: '/api/test/{id}/labelValues',
      handle: ({ id, query, caller }) => {
        if (!store.tests.has(id)) return text(404, `Cannot find test ${id}`);
        const isVisible = (runId: number) => !isBlindTo(caller, store.runs.get(runId)?.access ?? 'PRIVATE');
        const datasets = [...store.datasets.values()].filter(
          (dataset) => dataset.testId === id && isVisible(dataset.runId),
        );
        const time =
          query.get('sort') === 'stop' ? 'stopMs' : query.get('sort') === 'start' ? 'startMs' : undefined;
        const sign = query.get('direction')?.toLowerCase() === 'ascending' ? 1 : -1;
        const timeMs = (runId: number) => (time ? (store.runs.get(runId)?.[time] ?? 0) : 0);
        datasets.sort((a, b) => sign * (timeMs(a.runId) - timeMs(b.runId)) || b.runId - a.runId);
        return labelValues(() => queryLabelValues(store, datasets, query, 'test'));
      },
    },
    {
      method: 'GET',
      path: '/api/run/{id}/metadata',
      handle: withRun(noResult, (run) => json(run.metadata ?? {})),
    },
    {
      method: 'GET',
      path: '/api/run/{id}/data',
      handle: withRun(noResult, (run, { query }) => {
        const uri = query.get('schemaUri');
        const found =
          uri === null ? run.data : queryJsonPath(run.data, `$ ? (@."$schema" == ${JSON.stringify(uri)})`)[0];
        return found === undefined ? text(404, 'No result') : json(found);
      }),
    },
    {
      method: 'GET',
      path: '/api/sql/{id}/queryrun',
      handle: withRun(noResult, (run, { query }) => queryRun(run, query)),
    },
    {
      method: 'POST',
      path: '/api/run/{id}/recalculate',
      role: 'tester',
      handle: withRun(
        (id) => `Run ${id} not found`,
        async (run) => json(await pipeline.recalculateRun(run)),
      ),
    },
    {
      method: 'POST',
      path: '/api/run/{id}/trash',
      role: 'tester',
      handle: withRun(
        (id) => `Run not found: ${id}`,
        (run, { query }) => {
          if (query.get('isTrashed') === 'false') pipeline.untrash(run);
          else pipeline.trash(run);
          return empty(204);
        },
      ),
    },
  ];

  /** Pages count from 1 and are ignored without a limit; here `datasets` is never null. */
  function listRuns(all: readonly Run[], query: URLSearchParams): StandInAnswer {
    const column = COLUMNS[query.get('sort') || 'start'];
    if (!column) return crash();
    const listed = all.filter((run) => !run.trashed || query.get('trashed') === 'true');
    const sign = query.get('direction') === 'Ascending' ? 1 : -1;
    const sorted = [...listed].sort((a, b) =>
      column(a) < column(b) ? -sign : column(a) > column(b) ? sign : 0,
    );
    const limit = Number(query.get('limit') ?? 0);
    const first = limit * Math.max(0, Number(query.get('page') ?? 1) - 1);
    const runs = limit > 0 ? sorted.slice(first, first + limit) : sorted;
    const rows = runs.map((run) => ({ ...runSummary(store, run), validationErrors: [] }));
    return json({
      total: listed.length,
      runs: rows.map((row) => ({ ...row, datasets: row.datasets ?? [] })),
    });
  }
}

function isDescending(query: URLSearchParams): boolean {
  return query.has('direction') && query.get('direction')?.toLowerCase() !== 'ascending';
}

function labelValues(list: () => unknown): StandInAnswer {
  try {
    return json(list());
  } catch (error) {
    if (error instanceof JsonPathError) return text(400, error.message);
    throw error;
  }
}

/** The value is always text, `"null"` for nothing found. */
function queryRun(run: Run, query: URLSearchParams): StandInAnswer {
  const jsonpath = query.get('query') ?? '';
  const answer = { valid: true, jsonpath, errorCode: 0, sqlState: null, reason: null, sql: null };
  try {
    const found = queryJsonPath(run.data, jsonpath);
    const value = query.get('array') === 'true' ? found : (found[0] ?? null);
    return json({ ...answer, value: typeof value === 'string' ? value : JSON.stringify(value) });
  } catch (error) {
    if (error instanceof JsonPathError)
      return json({ ...answer, valid: false, reason: error.message, value: null });
    throw error;
  }
}
