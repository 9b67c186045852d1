/** Processes an upload in Horreum's order and with its gaps: the run/new hook goes out before the run can be read, labels are there before the datapoints, and only dataset_labels/computed says that all is done. */
import { computeLabels } from '../compute/compute-labels.ts';
import { computeDatapoints, detectChanges } from '../compute/datapoints.ts';
import { commitResults, computeResults, digest, fireLabels, fireResults, type DigestDeps } from './digest.ts';
import { evaluateExperiments, type Evaluation } from '../compute/evaluate-experiments.ts';
import { runHook } from '../bodies/result-bodies.ts';
import type { PipelineDelays, UploadTrouble, WorkQueue } from './work-queue.ts';
import { datasetsOfRun, ofTest, type Dataset, type Run, type Store } from '../store/store.ts';
import { transform, TransformerCrashed } from '../compute/transform.ts';

export interface Progress {
  timestamp: number;
  totalRuns: number;
  finished: number;
  datasets: number;
}

export interface Pipeline {
  /** Resolves once the run is committed; throws TransformerCrashed for one that never will be. */
  receive(run: Run): Promise<void>;
  /** The whole way at once and without any hook: for seeding. */
  receiveSilently(run: Run): void;
  /** New datasets in place of the old ones; resolves with their ids. */
  recalculateRun(run: Run): Promise<number[]>;
  recalculateTest(testId: number): void;
  /** Changes and experiments of a test anew, their hooks repeated. */
  recalculateChanges(testId: number, notify: boolean): void;
  trash(run: Run): void;
  untrash(run: Run): void;
  /** For one dataset; fires its hooks again, without notification. Throws PoolExhausted where too many are under way. */
  evaluate(dataset: Dataset): Promise<Evaluation[]>;
  progress(testId: number): Progress;
}

/** "Unable to acquire JDBC Connection": evaluations that take their time, side by side. */
export class PoolExhausted extends Error {}

const MOST_SLOW_EVALUATIONS = 4;
const SLOW_EVALUATION_MS = 1_000;

export interface PipelineDeps extends DigestDeps {
  readonly queue: WorkQueue;
  readonly delays: PipelineDelays;
  /** Taken from the front, one an upload. */
  readonly troubles: UploadTrouble[];
}

export function createPipeline(deps: PipelineDeps): Pipeline {
  const { store, hooks, nowMs, wait, queue, delays, troubles } = deps;
  const progress = new Map<number, Progress>();
  let slowEvaluations = 0;
  /** Goes on to its end whether or not anybody still waits for it. */
  async function evaluationTime(testId: number): Promise<void> {
    const takesMs = ofTest(store.datasets, testId).length * delays.evaluationMs;
    if (takesMs < SLOW_EVALUATION_MS) return wait(takesMs);
    if (slowEvaluations >= MOST_SLOW_EVALUATIONS) throw new PoolExhausted();
    slowEvaluations += 1;
    await wait(takesMs).finally(() => (slowEvaluations -= 1));
  }

  const pipeline: Pipeline = {
    async receive(run) {
      const trouble = troubles.shift();
      const gaps = { ...delays, ...trouble?.delays };
      hooks.fire('run/new', run.testId, runHook(run), true, run.id);
      await wait(gaps.commitMs);
      if (trouble?.ghost) throw new TransformerCrashed('asked for');
      const data = transform(store, run);
      store.runs.set(run.id, run);
      const datasets = addDatasets(store, run, data);
      if (trouble?.labelsNever) return;
      const notify = store.tests.get(run.testId)?.notificationsEnabled ?? false;
      for (const dataset of datasets) {
        queue.add(() => digest(deps, dataset, { delays: gaps, notify, announce: true }));
      }
    },

    receiveSilently(run) {
      store.runs.set(run.id, run);
      for (const dataset of addDatasets(store, run, transform(store, run))) {
        dataset.labels = computeLabels(store, dataset);
        const own = computeDatapoints(store, dataset);
        commitResults(store, { own, changes: detectChanges(store, own) });
      }
    },

    /** Labels are there at once, datapoints a little later; the event comes before the answer. */
    async recalculateRun(run) {
      removeDatasets(store, run);
      const datasets = addDatasets(store, run, transform(store, run));
      for (const dataset of datasets) {
        dataset.labels = computeLabels(store, dataset);
        fireLabels(deps, dataset);
        queue.add(() => digest(deps, dataset, { delays, notify: false, announce: false }));
      }
      await wait(delays.labelsEventMs);
      return datasets.map(({ id }) => id);
    },

    recalculateTest(testId) {
      const runs = [...store.runs.values()].filter((run) => run.testId === testId && !run.trashed);
      const state: Progress = { timestamp: nowMs(), totalRuns: runs.length, finished: 0, datasets: 0 };
      progress.set(testId, state);
      queue.add(async () => {
        for (const run of runs) {
          await wait(delays.recalculateMs);
          state.datasets += (await pipeline.recalculateRun(run)).length;
          state.finished += 1;
        }
      });
    },

    recalculateChanges(testId, notify) {
      const datasets = [...store.datasets.values()].filter((dataset) => dataset.testId === testId);
      for (const dataset of datasets) forgetResults(store, dataset.id);
      queue.add(async () => {
        for (const dataset of datasets) {
          await wait(delays.datapointsMs);
          const results = computeResults(store, dataset);
          fireResults(deps, testId, results, notify);
          commitResults(store, results);
        }
      });
    },

    trash(run) {
      run.trashed = true;
      removeDatasets(store, run);
    },

    /** The dataset comes back empty; a further recalculation mends it. */
    untrash(run) {
      run.trashed = false;
      for (const dataset of addDatasets(store, run, [[]])) {
        dataset.labels = new Map();
        fireLabels(deps, dataset);
      }
    },

    async evaluate(dataset) {
      if (delays.evaluationMs > 0) await evaluationTime(dataset.testId);
      const own = store.datapoints.filter((point) => point.datasetId === dataset.id);
      const evaluations = evaluateExperiments(store, dataset, own);
      fireResults(deps, dataset.testId, { changes: [], evaluations }, false);
      return evaluations;
    },

    progress: (testId) =>
      progress.get(testId) ?? { timestamp: nowMs(), totalRuns: 0, finished: 0, datasets: 0 },
  };
  return pipeline;
}

function addDatasets(store: Store, run: Run, data: readonly Dataset['data'][]): Dataset[] {
  return data.map((parts, ordinal) => {
    const id = store.nextId('dataset');
    const dataset: Dataset = {
      id,
      runId: run.id,
      ordinal,
      testId: run.testId,
      data: parts,
      labels: undefined,
    };
    store.datasets.set(id, dataset);
    return dataset;
  });
}

function removeDatasets(store: Store, run: Run): void {
  for (const { id } of datasetsOfRun(store, run.id)) {
    store.datasets.delete(id);
    forgetResults(store, id);
  }
}

function forgetResults(store: Store, datasetId: number): void {
  store.datapoints = store.datapoints.filter((point) => point.datasetId !== datasetId);
  store.changes = store.changes.filter((change) => change.datasetId !== datasetId);
}
