/**
 * Reads main's uploads of a test: those that Horreum finds by the value of their label, and where that is not enough, page by
 * page from the newest, until enough are there or as many as a report may cost. Pull requests' uploads never crowd them out.
 */
import type { DatasetLabels, Datastore } from '../../horreum/datastore.ts';
import { onStatus } from '../../http/upstream-error.ts';
import {
  isMain,
  uploadsOf,
  type LabelledUpload,
  type Labels,
  type MainRule,
} from '../reports/main-history.ts';

export interface MainQuestion {
  readonly testId: number;
  readonly rule: MainRule;
  /** What is needed of each dataset; the first is there in every one. All where empty. */
  readonly include: readonly string[];
  /** By ordinal of the datasets of a like upload, where one is known. */
  readonly own?: readonly Labels[];
  /** So many runs of main are wanted, and so few are enough not to look further. */
  readonly wanted: number;
  readonly enough: number;
}

/** Runs of main are not alike in machine or parameters: more are read than are used. */
const READ_FOR_EACH_WANTED = 4;
const MOST_FILTERED = 2_000;
const DATASETS_A_PAGE = 1_000;
const MOST_PAGES = 3;

/** All that was read, oldest first. */
export async function readMainRuns(
  datastore: Datastore,
  question: MainQuestion,
): Promise<readonly LabelledUpload[]> {
  const found = new Map<number, DatasetLabels>();
  const isEnough = () =>
    uploadsOf([...found.values()]).filter((upload) => isMain(upload, question.rule)).length >=
    question.enough;
  for await (const labels of inTurn(datastore, question)) {
    for (const one of labels) found.set(one.datasetId, one);
    if (isEnough()) break;
  }
  return uploadsOf([...found.values()]);
}

/** The cheapest first. */
async function* inTurn(datastore: Datastore, question: MainQuestion) {
  const { testId, rule, include, own = [{ [rule.label]: null }], wanted } = question;
  const ask = (query: Omit<Parameters<Datastore['testLabelValues']>[1], 'include'>) =>
    datastore.testLabelValues(testId, { ...query, include });
  // A filter leaves out the datasets of an upload that lack the label, and their places would be lost.
  if (own.every((labels) => Object.hasOwn(labels, rule.label))) {
    const limit = Math.min(MOST_FILTERED, wanted * READ_FOR_EACH_WANTED * own.length);
    for (const value of rule.values)
      yield await ask({ limit, filter: { [rule.label]: value } }).catch(onStatus([400], () => []));
  }
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const labels = await ask({ limit: DATASETS_A_PAGE, page });
    yield labels;
    if (labels.length < DATASETS_A_PAGE) return;
  }
}
