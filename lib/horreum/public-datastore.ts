/**
 * The one gate between Horreum and GitHub: a public repository is shown the values of PUBLIC uploads only. Of any other upload,
 * and of one whose access was not learnt, no more gets through than whose it is.
 */
import { withoutUndefined } from '../json.ts';
import type { Datastore, DatasetLabels, ExperimentResult, HorreumRun } from './datastore.ts';

/** What tells whose an upload is, in every project. */
const IDENTITY_LABELS = ['pb.repo_full_name', 'pb.pull_request_number', 'pb.job_id', 'pb.run_key'];
/** Access is learnt from the list of uploads; those that are not on its first pages count as not open. */
const RUNS_A_PAGE = 1_000;
const MOST_PAGES = 2;

/** `identityLabels`: those of the project that name a commit or a branch. */
export function createPublicDatastore(datastore: Datastore, identityLabels: readonly string[]): Datastore {
  const identity = new Set([...IDENTITY_LABELS, ...identityLabels]);
  const runs = new Map<number, Promise<HorreumRun | undefined>>();
  const pagesRead = new Map<number, number>();

  const remember = (found: readonly HorreumRun[]) => {
    for (const run of found) runs.set(run.id, Promise.resolve(run));
  };
  const isOpen = async (runId: number) => mayBeShown(await runs.get(runId));

  async function learnAccess(testId: number, runIds: readonly number[]): Promise<void> {
    while (!runIds.every((id) => runs.has(id))) {
      const page = (pagesRead.get(testId) ?? 0) + 1;
      if (page > MOST_PAGES) return;
      const found = await datastore.listRuns(testId, RUNS_A_PAGE, page);
      pagesRead.set(testId, found.length < RUNS_A_PAGE ? MOST_PAGES : page);
      remember(found);
    }
  }

  async function letThrough(labels: DatasetLabels): Promise<DatasetLabels> {
    if (await isOpen(labels.runId)) return labels;
    const values = Object.entries(labels.values).filter(([label]) => identity.has(label));
    return { ...labels, values: Object.fromEntries(values), withheld: true };
  }

  return {
    ...datastore,
    async getRun(runId) {
      const asked = datastore.getRun(runId);
      runs.set(runId, asked);
      const forget = () => void runs.delete(runId);
      asked.then((run) => run ?? forget(), forget);
      return asked;
    },
    async listRuns(testId, limit, page) {
      const found = await datastore.listRuns(testId, limit, page);
      remember(found);
      return found;
    },
    async getLabelValues(runId) {
      const labels = await datastore.getLabelValues(runId);
      return labels && Promise.all(labels.map(letThrough));
    },
    async listDatasets(runId, viewId) {
      const datasets = await datastore.listDatasets(runId, viewId);
      return (await isOpen(runId)) ? datasets : datasets.map((dataset) => ({ ...dataset, view: {} }));
    },
    async testLabelValues(testId, query) {
      const labels = await datastore.testLabelValues(testId, query);
      await learnAccess(
        testId,
        labels.map(({ runId }) => runId),
      );
      return Promise.all(labels.map(letThrough));
    },
    async evaluateExperiments(runId, datasetId) {
      const run = await runs.get(runId);
      if (!run || !mayBeShown(run)) return [];
      const results = await datastore.evaluateExperiments(runId, datasetId);
      const compared = results.flatMap(({ baseline }) => baseline.map((one) => one.runId));
      await learnAccess(run.testId, compared);
      return Promise.all(results.map(letComparisonThrough));
    },
  };

  /** What was compared with values that are not open says something of them. */
  async function letComparisonThrough(result: ExperimentResult): Promise<ExperimentResult> {
    const open = await Promise.all(result.baseline.map(({ runId }) => isOpen(runId)));
    if (open.every(Boolean)) return result;
    return withoutUndefined({ profile: result.profile, logs: [], baseline: [], results: {}, withheld: true });
  }
}

function mayBeShown(run: HorreumRun | undefined): boolean {
  return run?.access === 'PUBLIC';
}
