/** Writes experiments, variables and changes as Horreum does: alike in its REST API and its webhooks but for the unit of time. */
import type { Evaluation } from '../compute/evaluate-experiments.ts';
import type { Change, Dataset, Run, Store, Test, Variable } from '../store/store.ts';

/** `readAt` is the time of the answer, not of the event, in the unit of the place. */
export function experimentBody(evaluation: Evaluation, readAt: number, notify: boolean) {
  const { profile, dataset, baseline, results, extraLabels } = evaluation;
  return {
    profile,
    logs: evaluation.remarks.map(({ level, message }) => ({
      id: null,
      level,
      timestamp: readAt,
      message,
      source: 'experiment',
      testId: dataset.testId,
      runId: dataset.runId,
      datasetId: dataset.id,
      datasetOrdinal: dataset.ordinal,
    })),
    datasetInfo: datasetInfo(dataset),
    baseline: baseline.map(datasetInfo),
    results: Object.fromEntries(
      Object.entries(results).map(([name, result]) => [
        name,
        {
          ...result,
          experimentValue: javaNumber(result.experimentValue),
          baselineValue: javaNumber(result.baselineValue),
        },
      ]),
    ),
    extraLabels,
    notify,
  };
}

/** Java's JSON writer has only text for the numbers that JSON lacks. */
function javaNumber(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

function datasetInfo({ id, runId, ordinal, testId }: Dataset) {
  return { id, runId, ordinal, testId };
}

/** Null values are present, an absent calculation is not. */
export function variableBody({
  id,
  testId,
  name,
  group,
  order,
  labels,
  calculation,
  changeDetection,
}: Variable) {
  return { id, testId, name, group, order, labels, ...(calculation ? { calculation } : {}), changeDetection };
}

export function changeBody(store: Store, change: Change, timestamp: number) {
  const variable = store.variables.get(change.variableId);
  const dataset = store.datasets.get(change.datasetId);
  return {
    id: change.id,
    variable: variable ? variableBody(variable) : null,
    timestamp,
    confirmed: false,
    description: change.description,
    dataset: dataset ? datasetInfo(dataset) : null,
  };
}

export function runHook(run: Run) {
  return {
    access: run.access,
    owner: run.owner,
    start: seconds(run.startMs),
    stop: seconds(run.stopMs),
    id: run.id,
    description: run.description,
    testid: run.testId,
    data: run.data,
    metadata: run.metadata,
    trashed: run.trashed,
    validationErrors: null,
  };
}

/** `data` holds the whole upload again, and no label values. */
export function datasetHook(dataset: Dataset, run: Run) {
  return {
    access: run.access,
    owner: run.owner,
    start: seconds(run.startMs),
    stop: seconds(run.stopMs),
    id: dataset.id,
    description: run.description,
    testid: run.testId,
    data: dataset.data,
    ordinal: dataset.ordinal,
    validationErrors: [],
    runId: run.id,
  };
}

export function experimentHook(evaluation: Evaluation, nowMs: number, notify: boolean) {
  return experimentBody(evaluation, seconds(nowMs), notify);
}

export function changeHook(store: Store, change: Change, test: Test, notify: boolean) {
  return {
    change: changeBody(store, change, seconds(change.timestampMs)),
    testId: test.id,
    testName: test.name,
    notify,
  };
}

function seconds(timeMs: number): number {
  return timeMs / 1000;
}
