/** The bodies of Horreum's webhooks. Their times are epoch seconds with decimals, where its REST API has whole milliseconds. */
import { changeBody, experimentBody } from './result-bodies.ts';
import type { Evaluation } from './evaluate-experiments.ts';
import type { Change, Dataset, Run, Store, Test } from './store.ts';

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
