/** Reads one upload as far as Horreum is with it, and makes the report of it. Whatever could not be read is thrown. */
import type { Datastore } from '../../horreum/datastore.ts';
import type { JobDef } from '../projects/project-config.ts';
import { buildReport, needsHorreum, type HistoryFound, type ReportInput } from '../reports/build-report.ts';
import { draftRows, type Sources } from '../reports/draft-rows.ts';
import { mayBeAbout } from '../reports/profiles.ts';
import type { UploadSeen } from './after-upload.ts';
import { evaluateExperiments } from './evaluate-experiments.ts';
import type { Upload } from './match-upload.ts';
import { readHistory, type MeasuredRun } from './read-history.ts';

/** What an upload is read for. */
export interface ReadingRules {
  readonly repositoryIsPrivate: boolean;
  readonly testId: number;
  readonly viewId: number | undefined;
  readonly job: JobDef;
  /** What earlier looks left: nothing where there were none. */
  readonly earlier?: { readonly evaluationTries: number; readonly labelsAgeMs: number };
}

type ReadUpload = Exclude<UploadSeen, { kind: 'none' | 'unreachable' }>;

export async function readUpload(
  datastore: Datastore,
  rules: ReadingRules,
  upload: Upload,
  measured: MeasuredRun = {},
): Promise<ReadUpload> {
  const where = placeOf(datastore, upload);
  const why = whyNotShown(upload, rules);
  if (why !== undefined) return { kind: 'refused', ...where, why };
  if (!labelsAreComplete(upload)) return { kind: 'pending', ...where, waitingFor: 'labels' };
  const sources = await readSources(datastore, rules, upload);
  const judged = draftRows(sources).flatMap(({ label, isJudged }) => (isJudged ? (label ?? []) : []));
  const main = await readMain(datastore, rules, { upload, sources, metricLabels: judged, measured });
  const input = { ...sources, main };
  if ('incomparable' in main) return { kind: 'ready', ...where, report: buildReport(input) };
  return withEvaluation(datastore, rules, upload, input);
}

export interface MainRequest {
  readonly upload: Upload;
  readonly sources: Pick<Sources, 'datasets'>;
  /** Labels whose history is wanted. */
  readonly metricLabels: readonly string[];
  readonly measured?: MeasuredRun;
}

export function readMain(
  datastore: Datastore,
  { testId, job }: ReadingRules,
  { upload: { run, labels }, sources, metricLabels, measured = {} }: MainRequest,
): Promise<HistoryFound> {
  const startMs = Math.min(...labels.map((one) => one.startMs));
  const { datasets } = sources;
  return readHistory(
    { datastore, ...measured },
    { testId, runId: run.id, startMs, job, datasets, metricLabels },
  );
}

export function placeOf(datastore: Datastore, { run }: Upload) {
  return { runId: run.id, url: datastore.runUrl(run.id) };
}

/** Undefined where it may be shown. */
export function whyNotShown({ run }: Upload, { repositoryIsPrivate }: ReadingRules): string | undefined {
  if (run.trashed) return `Horreum run ${run.id} was put in the trash`;
  if (repositoryIsPrivate || run.access === 'PUBLIC') return undefined;
  return `Horreum run ${run.id} is ${run.access} and this repository is public: its results are not shown here. Upload with access=PUBLIC, or make the run public in Horreum`;
}

function labelsAreComplete({ run, labels }: Upload): boolean {
  const computed = new Set(
    labels.filter(({ values }) => Object.keys(values).length > 0).map(({ datasetId }) => datasetId),
  );
  return run.datasetIds.length > 0 && run.datasetIds.every((id) => computed.has(id));
}

export async function readSources(
  datastore: Datastore,
  { testId, viewId, job }: ReadingRules,
  upload: Upload,
): Promise<Sources> {
  const [viewed, views, variables, profiles] = await Promise.all([
    datastore.listDatasets(upload.run.id, viewId),
    datastore.listViews(testId),
    datastore.listVariables(testId),
    datastore.listProfiles(testId),
  ]);
  // The list of datasets brings order and view; without it their labels are there all the same.
  const listed =
    viewed.length > 0 ? viewed : upload.run.datasetIds.map((id, ordinal) => ({ id, ordinal, view: {} }));
  const datasets = listed.map((dataset) => {
    const labels = upload.labels.find(({ datasetId }) => datasetId === dataset.id)?.values ?? {};
    return {
      ...dataset,
      labels,
      profiles: profiles.filter((profile) => mayBeAbout(profile, labels)),
      experiments: [],
    };
  });
  const view = views.find(({ id, name }) => (viewId === undefined ? name === 'Default' : id === viewId));
  return { job, datasets, view, variables };
}

/** The report with what Horreum itself says, or the wait for it where there is nothing else to say. */
async function withEvaluation(
  datastore: Datastore,
  { testId, earlier }: ReadingRules,
  upload: Upload,
  input: ReportInput,
): Promise<ReadUpload> {
  const where = placeOf(datastore, upload);
  const { datasets, variables } = input;
  const evaluated = await evaluateExperiments(datastore, {
    testId,
    runId: where.runId,
    datasets,
    variables,
    isNeeded: needsHorreum(input),
    tries: earlier?.evaluationTries ?? 0,
    labelsAgeMs: earlier?.labelsAgeMs ?? Infinity,
  });
  if (evaluated.kind === 'done') {
    const withExperiments = datasets.map((dataset) => ({
      ...dataset,
      experiments: evaluated.experiments.get(dataset.id) ?? [],
    }));
    return { kind: 'ready', ...where, report: buildReport({ ...input, datasets: withExperiments }) };
  }
  if (evaluated.why === undefined) return { kind: 'ready', ...where, report: buildReport(input) };
  const explained = buildReport({ ...input, evaluation: { leftOut: evaluated.why } });
  return evaluated.kind === 'left-out'
    ? { kind: 'ready', ...where, report: explained }
    : {
        kind: 'pending',
        ...where,
        waitingFor: 'results',
        report: explained,
        evaluationTries: evaluated.tries,
      };
}
