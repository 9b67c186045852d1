/** A Horreum whose one test holds whatever uploads a test wants, computed at once: labels by dataset, each ticked or not. */
import { computeDatapoints } from '../../../../infra/local/horreum/compute/datapoints.ts';
import {
  startHorreumStandIn,
  type HorreumStandIn,
} from '../../../../infra/local/horreum/horreum-stand-in.ts';
import { importSchema, importTest } from '../../../../infra/local/horreum/store/import-test.ts';
import type { JsonObject } from '../../../../infra/local/horreum/store/store.ts';
import { createHorreumDatastore } from '../../../../lib/horreum/horreum-datastore.ts';
import type { Datastore, HorreumAccess, Json } from '../../../../lib/horreum/datastore.ts';
import { createOutsideCall } from '../../../../lib/http/outside-call.ts';

const URI = 'uri:filled:1';

export interface FilledUpload {
  readonly datasets: readonly Readonly<Record<string, Json>>[];
  readonly access?: HorreumAccess;
  /** Default: an hour after the one before. */
  readonly startMs?: number;
}

export interface FilledHorreum {
  readonly standIn: HorreumStandIn;
  readonly datastore: Datastore;
  readonly testId: number;
  /** The id of the run. */
  upload(upload: FilledUpload): number;
  /** The paths of the calls since the last time. */
  calls(): string[];
}

export interface Filling {
  /** Neither ticked as filtering nor as metrics. */
  readonly unticked?: readonly string[];
  /** Variable → its label. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly experiments?: readonly JsonObject[];
  readonly evaluationMs?: number;
}

const HOUR_MS = 3_600_000;

export async function startFilledHorreum(filling: Filling = {}): Promise<FilledHorreum> {
  const standIn = await startHorreumStandIn({ delays: { evaluationMs: filling.evaluationMs ?? 0 } });
  const { store } = standIn;
  const unticked = (filling.unticked ?? []).map((name): JsonObject => ({
    name,
    extractors: [],
    filtering: false,
    metrics: false,
  }));
  importSchema(store, { uri: URI, name: 'filled', labels: unticked });
  const variables = Object.entries(filling.variables ?? {}).map(([name, label], index): JsonObject => ({
    id: index + 1,
    name,
    labels: [label],
  }));
  const { id: testId } = importTest(store, {
    name: 'filled',
    variables,
    experiments: [...(filling.experiments ?? [])],
  });
  let lastMs = Date.parse('2026-01-01T00:00:00Z');
  let seen = 0;
  return {
    standIn,
    testId,
    datastore: createHorreumDatastore({
      call: createOutsideCall(),
      nowMs: Date.now,
      baseUrl: standIn.url,
      apiKey: standIn.apiKey,
    }),
    upload({ datasets, access = 'PUBLIC', startMs = lastMs + HOUR_MS }) {
      lastMs = Math.max(lastMs, startMs);
      const runId = store.nextId('run');
      const times = { startMs, stopMs: startMs + 60_000 };
      store.runs.set(runId, {
        id: runId,
        testId,
        access,
        owner: 'dev-team',
        ...times,
        description: null,
        data: { $schema: URI },
        metadata: null,
        trashed: false,
      });
      datasets.forEach((values, ordinal) => {
        const id = store.nextId('dataset');
        const dataset = {
          id,
          runId,
          ordinal,
          testId,
          data: [{ $schema: URI }],
          labels: new Map(Object.entries(values)),
        };
        store.datasets.set(id, dataset);
        store.datapoints.push(...computeDatapoints(store, dataset));
      });
      return runId;
    },
    calls() {
      const paths = standIn.calls.slice(seen).map(({ path }) => path);
      seen = standIn.calls.length;
      return paths;
    },
  };
}

/** One profile: compares these variables of every upload of a pull request with main's newest. */
export function profileOf(variables: readonly string[], threshold = 0.1): JsonObject {
  return {
    name: 'Pull requests',
    selectorLabels: ['pb.pull_request_number'],
    selectorFilter: 'value => !!value',
    baselineLabels: ['pb.pull_request_number'],
    baselineFilter: 'value => !value',
    extraLabels: null,
    comparisons: variables.map((variableName, index) => ({
      model: 'relativeDifference',
      config: { threshold, greaterBetter: false, maxBaselineDatasets: 1 },
      variableId: index + 1,
      variableName,
    })),
  };
}
