/** Serves variables, their history and the changes found in it. */
import { asText, epochMs, readJsonBody } from '../store/read-value.ts';
import type { Json } from '../../../../lib/horreum/datastore.ts';
import { empty, json, text } from '../api/http-answer.ts';
import { changeBody, variableBody } from '../bodies/result-bodies.ts';
import type { Horreum, Route } from '../api/router.ts';
import { ofTest, type JsonObject, type Store } from '../store/store.ts';

export function changeRoutes({ store, pipeline }: Horreum): Route[] {
  return [
    {
      method: 'GET',
      path: '/api/alerting/variables',
      handle: ({ query }) => {
        const test = query.get('test');
        return json(
          (test === null ? [...store.variables.values()] : ofTest(store.variables, Number(test))).map(
            variableBody,
          ),
        );
      },
    },
    {
      method: 'GET',
      path: '/api/alerting/changes',
      handle: ({ query }) => {
        const id = Number(query.get('var') ?? 0);
        if (!store.variables.has(id)) return text(404, `Variable ${id} not found`);
        const changes = store.changes.filter((change) => change.variableId === id);
        return json(changes.map((change) => changeBody(store, change, change.timestampMs)));
      },
    },
    {
      method: 'POST',
      path: '/api/alerting/recalculate',
      role: 'tester',
      handle: ({ query }) => {
        pipeline.recalculateChanges(Number(query.get('test') ?? 0), query.get('notify') === 'true');
        return empty(204);
      },
    },
    {
      method: 'POST',
      path: '/api/changes/query',
      handle: ({ body }) => {
        const asked = readJsonBody(body) ?? {};
        const range = readRange(asked['range']);
        if (!range) return text(400, 'Invalid time range');
        const targets = (asked['targets'] ?? []) as readonly JsonObject[];
        return json(targets.map((target) => series(store, asText(target['target']), range)));
      },
    },
    {
      method: 'POST',
      path: '/api/changes/annotations',
      handle: ({ body }) => {
        const asked = readJsonBody(body) ?? {};
        const range = readRange(asked['range']);
        if (!range) return text(400, 'Invalid time range');
        const query = (asked['annotation'] as JsonObject | undefined)?.['query'];
        return json(annotations(store, variableOf(typeof query === 'string' ? query : ''), range));
      },
    },
  ];
}

interface Range {
  readonly fromMs: number;
  readonly toMs: number;
  readonly oneBeforeAndAfter: boolean;
}

function readRange(value: Json | undefined): Range | undefined {
  const range = (value ?? {}) as JsonObject;
  const fromMs = epochMs(range['from']);
  const toMs = epochMs(range['to']);
  return fromMs === undefined || toMs === undefined
    ? undefined
    : { fromMs, toMs, oneBeforeAndAfter: range['oneBeforeAndAfter'] === true };
}

/** `variableId;fingerprint`; no test of the stand-in has fingerprints. */
function variableOf(target: string): number {
  return Number(target.split(';')[0]);
}

function series(store: Store, target: string, { fromMs, toMs, oneBeforeAndAfter }: Range) {
  const variableId = variableOf(target);
  const points = store.datapoints
    .filter((point) => point.variableId === variableId)
    .sort((a, b) => a.timestampMs - b.timestampMs || a.datasetId - b.datasetId);
  const inside = points.filter(({ timestampMs }) => timestampMs >= fromMs && timestampMs <= toMs);
  const before = oneBeforeAndAfter ? points.filter(({ timestampMs }) => timestampMs < fromMs).slice(-1) : [];
  const after = oneBeforeAndAfter ? points.filter(({ timestampMs }) => timestampMs > toMs).slice(0, 1) : [];
  return {
    target: store.variables.get(variableId)?.name ?? String(variableId),
    datapoints: [...before, ...inside, ...after].map(({ value, timestampMs, datasetId }) => [
      value,
      timestampMs,
      datasetId,
    ]),
    variableId,
  };
}

function annotations(store: Store, variableId: number, { fromMs, toMs }: Range) {
  const name = store.variables.get(variableId)?.name ?? '';
  return store.changes
    .filter(
      (change) =>
        change.variableId === variableId && change.timestampMs >= fromMs && change.timestampMs <= toMs,
    )
    .map((change) => {
      const { runId = 0, ordinal = 0 } = store.datasets.get(change.datasetId) ?? {};
      return {
        title: `Change in run ${runId}/${ordinal}`,
        text: `Variable: ${name}<br>${change.description}<br>Confirmed: false`,
        isRegion: false,
        time: change.timestampMs,
        timeEnd: 0,
        tags: [],
        changeId: change.id,
        variableId,
        runId,
        datasetOrdinal: ordinal,
      };
    });
}
