/** Reads one upload as far as Horreum is with it, and makes the report of it. */
import type { Datastore, ExperimentResult, Json, Variable } from '../../horreum/datastore.ts';
import { onUpstreamError } from '../../http/upstream-error.ts';
import type { JobDef } from '../projects/project-config.ts';
import { buildReport } from '../reports/build-report.ts';
import { numberOf } from '../reports/main-history.ts';
import type { UploadSeen } from './after-upload.ts';
import type { Upload } from './match-upload.ts';
import { readHistory, type MeasuredCommit } from './read-history.ts';

/** What an upload is read for. */
export interface ReadingRules {
  readonly repositoryIsPrivate: boolean;
  readonly testId: number;
  readonly viewId: number | undefined;
  readonly job: JobDef;
}

export async function readUpload(
  datastore: Datastore,
  rules: ReadingRules,
  upload: Upload,
  measured: MeasuredCommit = {},
): Promise<Exclude<UploadSeen, { kind: 'none' | 'unreachable' }>> {
  const where = { runId: upload.run.id, url: datastore.runUrl(upload.run.id) };
  if (upload.run.trashed)
    return { kind: 'refused', ...where, why: `Horreum run ${upload.run.id} was put in the trash` };
  if (!rules.repositoryIsPrivate && upload.run.access !== 'PUBLIC') {
    return {
      kind: 'refused',
      ...where,
      why: `Horreum run ${upload.run.id} is ${upload.run.access} and this repository is public: its results are not shown here. Upload with access=PUBLIC, or make the run public in Horreum`,
    };
  }
  if (!labelsAreComplete(upload)) return { kind: 'pending', ...where, waitingFor: 'labels' };
  const results = await readResults(datastore, rules, upload);
  const waiting =
    results.evaluationFailed ||
    results.datasets.some(({ experiments, labels }) =>
      experiments.some((one) => resultsArePending(one, labels, results.variables)),
    );
  const history = await readHistory(
    { datastore, ...(waiting ? {} : measured) },
    { testId: rules.testId, runId: upload.run.id, job: rules.job, ...results },
  );
  const report = buildReport({ job: rules.job, ...results, ...history });
  return waiting
    ? { kind: 'pending', ...where, waitingFor: 'results', report }
    : { kind: 'ready', ...where, report };
}

function labelsAreComplete({ run, labels }: Upload): boolean {
  const computed = new Set(
    labels.filter(({ values }) => Object.keys(values).length > 0).map(({ datasetId }) => datasetId),
  );
  return run.datasetIds.length > 0 && run.datasetIds.every((id) => computed.has(id));
}

/**
 * A profile matched, yet some comparison has neither a result nor a reason never to get one
 * (an empty baseline, or a label that holds no number, so that no datapoint will come).
 */
export function resultsArePending(
  experiment: ExperimentResult,
  labels: Readonly<Record<string, Json>>,
  variables: readonly Variable[],
): boolean {
  const { profile, logs, results } = experiment;
  const comparisons = profile?.comparisons ?? [];
  if (profile && comparisons.length === 0 && Object.keys(results).length === 0)
    return !logs.some(({ message }) => message.startsWith('Baseline for comparison'));
  return comparisons.some(({ variableName }) => {
    if (Object.hasOwn(experiment.results, variableName)) return false;
    const about = experiment.logs
      .map(({ message }) => message)
      .filter((message) => message.includes(variableName));
    if (about.some((message) => message.startsWith('Baseline for comparison'))) return false;
    const variable = variables.find(({ name }) => name === variableName);
    const [label] = variable?.labels ?? [];
    const willHaveDatapoint =
      !variable ||
      variable.isComputed === true ||
      variable.labels.length !== 1 ||
      label === undefined ||
      numberOf(labels[label]) !== null;
    const noResultsYet = Object.keys(experiment.results).length === 0;
    return (
      willHaveDatapoint &&
      (noResultsYet || about.some((message) => message.startsWith('No datapoint for comparison')))
    );
  });
}

async function readResults(datastore: Datastore, { testId, viewId }: ReadingRules, upload: Upload) {
  let evaluationFailed = false;
  const evaluate = async (datasetId: number): Promise<readonly ExperimentResult[]> => {
    return datastore.evaluateExperiments(datasetId).catch(
      onUpstreamError(() => {
        evaluationFailed = true;
        return [];
      }),
    );
  };
  const [viewed, views, variables, experiments] = await Promise.all([
    datastore.listDatasets(upload.run.id, viewId),
    datastore.listViews(testId).catch(decoration),
    datastore.listVariables(testId).catch(decoration),
    Promise.all(upload.run.datasetIds.map(async (id) => ({ id, experiments: await evaluate(id) }))),
  ]);
  // The list of datasets brings order and view; without it there are their labels and experiments all the same.
  const listed =
    viewed.length > 0 ? viewed : upload.run.datasetIds.map((id, ordinal) => ({ id, ordinal, view: {} }));
  const datasets = listed.map((dataset) => ({
    ...dataset,
    labels: upload.labels.find(({ datasetId }) => datasetId === dataset.id)?.values ?? {},
    experiments: experiments.find(({ id }) => id === dataset.id)?.experiments ?? [],
  }));
  const view = views.find(({ id, name }) => (viewId === undefined ? name === 'Default' : id === viewId));
  return { datasets, view, variables, evaluationFailed };
}

/** Titles only decorate the report: without them it is still right. */
const decoration = onUpstreamError((): [] => []);
