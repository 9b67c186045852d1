/** Digests one dataset as Horreum's workers do: labels, then datapoints, changes and experiments, then the event that announces them. */
import { computeLabels } from '../compute/compute-labels.ts';
import { computeDatapoints, detectChanges } from '../compute/datapoints.ts';
import { evaluateExperiments, ProfileIncomplete, type Evaluation } from '../compute/evaluate-experiments.ts';
import { changeHook, datasetHook, experimentHook } from '../bodies/result-bodies.ts';
import type { Hooks } from './hooks.ts';
import type { PipelineDelays } from './work-queue.ts';
import type { Change, Datapoint, Dataset, Store } from '../store/store.ts';

export interface DigestDeps {
  readonly store: Store;
  readonly hooks: Hooks;
  readonly nowMs: () => number;
  readonly wait: (ms: number) => Promise<void>;
}

export interface Results {
  readonly own: readonly Datapoint[];
  readonly changes: readonly Change[];
  readonly evaluations: readonly Evaluation[];
}

export interface DigestOptions {
  readonly delays: PipelineDelays;
  readonly notify: boolean;
  /** Whether dataset_labels/computed is still to be sent at the end. */
  readonly announce: boolean;
}

const MAX_DELIVERIES = 10;

/** Ends early for a dataset that was deleted in the meantime. */
export async function digest(
  deps: DigestDeps,
  dataset: Dataset,
  { delays, notify, announce }: DigestOptions,
): Promise<void> {
  const { store, wait } = deps;
  const isGone = () => !store.datasets.has(dataset.id);
  await wait(delays.labelsMs);
  if (isGone()) return;
  dataset.labels ??= computeLabels(store, dataset);
  await wait(delays.datapointsMs);
  if (isGone()) return;
  const results = await computeAtLast(deps, dataset, delays, notify);
  if (!results) return;
  fireResults(deps, dataset.testId, results, notify);
  await wait(delays.resultsCommitMs);
  if (isGone()) return;
  commitResults(store, results);
  await wait(delays.labelsEventMs);
  if (announce && !isGone()) fireLabels(deps, dataset);
}

/** A profile that lacks settings fails the work, which is delivered ten times, hooks included, and then dropped: no datapoints, no last event. */
async function computeAtLast(
  deps: DigestDeps,
  dataset: Dataset,
  delays: PipelineDelays,
  notify: boolean,
): Promise<Results | undefined> {
  for (let delivery = 1; delivery <= MAX_DELIVERIES && deps.store.datasets.has(dataset.id); delivery++) {
    try {
      return computeResults(deps.store, dataset);
    } catch (error) {
      if (!(error instanceof ProfileIncomplete)) throw error;
      fireResults(deps, dataset.testId, { changes: [], evaluations: error.before }, notify);
      await deps.wait(delays.redeliverMs);
    }
  }
  return undefined;
}

export function computeResults(store: Store, dataset: Dataset): Results {
  const own = computeDatapoints(store, dataset);
  return { own, changes: detectChanges(store, own), evaluations: evaluateExperiments(store, dataset, own) };
}

export function commitResults(store: Store, { own, changes }: Pick<Results, 'own' | 'changes'>): void {
  store.datapoints = [...store.datapoints, ...own];
  store.changes = [...store.changes, ...changes];
}

/** A dataset that no profile selects has no experiment to report. */
export function fireResults(
  { store, hooks, nowMs }: DigestDeps,
  testId: number,
  { changes, evaluations }: Pick<Results, 'changes' | 'evaluations'>,
  notify: boolean,
): void {
  const test = store.tests.get(testId);
  if (!test) return;
  for (const change of changes) {
    const runId = store.datasets.get(change.datasetId)?.runId;
    hooks.fire('change/new', testId, changeHook(store, change, test, notify), notify, runId);
  }
  for (const evaluation of evaluations) {
    if (!evaluation.profile) continue;
    hooks.fire(
      'experiment_result/new',
      testId,
      experimentHook(evaluation, nowMs(), notify),
      notify,
      evaluation.dataset.runId,
    );
  }
}

export function fireLabels({ store, hooks }: DigestDeps, dataset: Dataset): void {
  const run = store.runs.get(dataset.runId);
  if (run) hooks.fire('dataset_labels/computed', run.testId, datasetHook(dataset, run), true, run.id);
}
