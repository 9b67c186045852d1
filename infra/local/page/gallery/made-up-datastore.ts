/** Makes up a datastore of thirty runs of main and one of the pull request, for the commands that read it. */
import type { DatasetLabels, Datastore, Json } from '../../../../lib/horreum/datastore.ts';
import { createRandom } from '../../stand-in/random.ts';
import { MADE_UP_METRICS } from './made-up-report.ts';
import { NOW_MS } from './made-up-runs.ts';

const PULL_REQUEST_RUN = 1841;

export function madeUpDatastore(): Datastore {
  const uploads = [ofPullRequest(), ...pastOfMain()];
  const upload = (runId: number) => uploads.find((one) => one.runId === runId);
  return only<Datastore>({
    testLabelValues: () => Promise.resolve(uploads),
    getLabelValues: (runId) => Promise.resolve([upload(runId)].filter((found) => found !== undefined)),
    getRun: (id) => {
      const found = upload(id);
      const access = 'PUBLIC' as const;
      return Promise.resolve(
        found && {
          id,
          testId: 10,
          access,
          trashed: false,
          startMs: found.startMs,
          hasMetadata: false,
          datasetIds: [found.datasetId],
        },
      );
    },
    listDatasets: (runId) =>
      Promise.resolve([{ id: upload(runId)?.datasetId ?? 0, ordinal: 0, view: { 1: VIEWED } }]),
    listViews: () =>
      Promise.resolve([
        {
          id: 1,
          name: 'Default',
          components: [{ id: 1, title: 'Version', order: 0, labels: ['app.version'] }],
        },
      ]),
    listVariables: () =>
      Promise.resolve(Object.keys(MADE_UP_METRICS).map((name, id) => ({ id, name, labels: [name] }))),
    listProfiles: () => Promise.resolve([]),
    evaluateExperiments: () => Promise.resolve([{ logs: [], baseline: [], results: {} }]),
    runUrl: (runId) => `https://horreum.lab.example/run/${runId}`,
  });
}

const VIEWED: Readonly<Record<string, Json>> = { 'app.version': '4.2.0-SNAPSHOT' };

function ofPullRequest(): DatasetLabels {
  return labelled(PULL_REQUEST_RUN, NOW_MS, measured('ours', { throughput: 0.926 }), '42');
}

/** Newest first. */
function pastOfMain(): DatasetLabels[] {
  return Array.from({ length: 30 }, (_, index) =>
    labelled(
      PULL_REQUEST_RUN - 1 - index,
      NOW_MS - (index + 1) * 3_600_000,
      measured(`past ${index}`, {}),
      null,
    ),
  );
}

function labelled(
  runId: number,
  startMs: number,
  values: Record<string, Json>,
  pullRequest: Json,
): DatasetLabels {
  return {
    runId,
    datasetId: runId + 1000,
    startMs,
    values: { ...values, ...VIEWED, 'env.host': 'lab1-node3', 'pb.pull_request_number': pullRequest },
  };
}

function measured(seed: string, factors: Readonly<Record<string, number>>): Record<string, number> {
  const random = createRandom(seed);
  return Object.fromEntries(
    Object.entries(MADE_UP_METRICS).map(([name, { typical, noise }]) => [
      name,
      typical * (factors[name] ?? 1) * (1 + noise * random.normal()),
    ]),
  );
}

export function only<Whole extends object>(parts: Partial<Whole>): Whole {
  return new Proxy(parts, {
    get(target, name) {
      if (name in target) return target[name as keyof typeof target];
      if (typeof name === 'symbol' || name === 'then') return undefined;
      throw new Error(`the gallery has no ${name}`);
    },
  }) as Whole;
}
