/** From an upload's labels, Horreum's profiles and main's history to a Report: every number is computed here, once, and the words follow from the rows. */
import type { Evaluation } from './horreum-evaluation.ts';
import type { Baseline } from './choose-baseline.ts';
import { draftRows, type Draft, type Sources } from './draft-rows.ts';
import { judgeRow, moreRunsFor, type Evidence } from './judge-row.ts';
import { numberOf, type HistoryConfig, type Labels } from './main-history.ts';
import type { DatasetLabels } from '../../horreum/datastore.ts';
import type { JobDef } from '../projects/project-config.ts';
import { shorten } from '../text/markdown.ts';
import type { MetricRow, Report } from '../record/report.ts';
import { shortJson } from '../text/short-json.ts';
import { whyUnlisted } from './why-not-compared.ts';
import { eachOnceFirst, isJudged, summarize } from './summarize.ts';

export interface MainHistory {
  /** The runs up to the baseline, oldest first, each with the labels of its datasets by position. */
  readonly runs: readonly { readonly datasets: readonly Labels[] }[];
  /** This pull request's other runs of the very same request, likewise. */
  readonly others: readonly { readonly datasets: readonly Labels[] }[];
  readonly baseline: Baseline;
}

export type HistoryFound =
  | {
      readonly history: MainHistory;
      /** Labels of metrics whose values Horreum shows of this run only. */
      readonly unlisted: readonly string[];
      readonly notes: readonly string[];
    }
  /** There is none, and why; Horreum's own rule may be quoted in its place. */
  | { readonly noHistory: string }
  /** Main's runs are not like this one, or can't be read: nothing is judged. */
  | { readonly incomparable: string };

export interface ReportInput extends Sources {
  readonly main: HistoryFound;
  readonly evaluation?: Evaluation;
}

/** Charts are drawn for the first few rows only, and `explain` of the same. */
const ROWS_WITH_HISTORY = 12;
const RUNS_DRAWN = 30;
/** Simulating what more runs would do takes time, and people read of the first few. */
const ROWS_WITH_ADVICE = 5;

export function buildReport(input: ReportInput): Report {
  const drafts = draftRows(input);
  const metrics = drafts.filter((draft) => draft.isJudged && draft.about.policy !== 'info').length;
  const judged = drafts.map((draft) => ({ draft, row: judgeRow(draft, evidenceFor(draft, input, metrics)) }));
  const { rows: sorted } = summarize(
    judged.map(({ row }) => row),
    { datasets: 0, notes: [] },
  );
  const notable = sorted.filter(
    ({ verdict, runs }) => verdict !== 'same' && verdict !== 'info' && runs !== undefined,
  );
  const drawn = new Set(eachOnceFirst(notable).slice(0, ROWS_WITH_HISTORY));
  const advised = new Set(sorted.filter(needsAdvice).slice(0, ROWS_WITH_ADVICE));
  const rows = judged.map(({ draft, row }) => ({
    ...row,
    ...(drawn.has(row) ? { history: drawnHistory(draft, historyOf(input)) } : {}),
    ...(advised.has(row) ? adviceFor(draft, evidenceFor(draft, input, metrics)) : {}),
  }));
  const environment = environmentOf(input);
  return summarize(rows, {
    datasets: input.datasets.length,
    notes: notesOf(input, rows),
    ...baselineOf(input, rows),
    ...(environment.length === 0 ? {} : { environment }),
  });
}

function needsAdvice(row: MetricRow): boolean {
  return isJudged(row) && row.verdict === 'cannot-tell' && row.runs !== undefined;
}

function adviceFor(draft: Draft, evidence: Evidence): Pick<MetricRow, 'moreRuns'> {
  const moreRuns = moreRunsFor(draft, evidence);
  return moreRuns === undefined ? {} : { moreRuns };
}

/** Whether Horreum's own rule is all there is to quote of some metric. */
export function needsHorreum(input: ReportInput): boolean {
  if ('incomparable' in input.main) return false;
  const judged = draftRows(input).filter((draft) => draft.isJudged && draft.about.policy !== 'info');
  return judged.some((draft) => {
    const profiles = input.datasets[draft.at]?.profiles ?? [];
    const isCompared = profiles.some(({ comparisons }) =>
      comparisons.some(({ variableName }) => variableName === draft.about.name),
    );
    return isCompared && judgeRow(draft, evidenceFor(draft, input, judged.length)).runs === undefined;
  });
}

/** The report of an upload of which something that a verdict needs could not be read. */
export function unreadReport(job: JobDef, labels: readonly DatasetLabels[], why: string): Report {
  const datasets = labels.map(({ datasetId, values }, ordinal) => {
    return { id: datasetId, ordinal, view: {}, labels: values, profiles: [], experiments: [] };
  });
  const incomparable = `Not everything that the verdict needs could be read: ${shorten(why, 300)}.`;
  return buildReport({ job, datasets, view: undefined, variables: [], main: { incomparable } });
}

function historyOf({ main }: ReportInput): MainHistory | undefined {
  return 'history' in main ? main.history : undefined;
}

function evidenceFor(draft: Draft, input: ReportInput, metrics: number): Evidence {
  const { main } = input;
  const history = historyOf(input);
  return {
    history: valuesOf(draft, history?.runs ?? []),
    others: valuesOf(draft, history?.others ?? []),
    metrics,
    ...('noHistory' in main ? { noHistory: main.noHistory } : {}),
    ...incomparable(draft, main),
  };
}

function incomparable({ label = '' }: Draft, main: HistoryFound): Pick<Evidence, 'incomparable'> {
  if ('incomparable' in main) return { incomparable: main.incomparable };
  if (!('history' in main) || !main.unlisted.includes(label)) return {};
  return { incomparable: whyUnlisted([label], 'Metrics') };
}

function valuesOf(
  { label, at }: Draft,
  runs: readonly { readonly datasets: readonly Labels[] }[],
): (number | null)[] {
  return label === undefined ? [] : runs.map(({ datasets }) => numberOf(datasets[at]?.[label]));
}

function drawnHistory(draft: Draft, history: MainHistory | undefined): number[] {
  return valuesOf(draft, history?.runs ?? [])
    .filter((value) => value !== null)
    .slice(-RUNS_DRAWN)
    .map((value) => Number(value.toPrecision(6)));
}

function notesOf({ datasets, evaluation, job, main }: ReportInput, rows: readonly MetricRow[]): string[] {
  const notes = new Set<string>();
  if ('incomparable' in main) notes.add(main.incomparable);
  const experiments = datasets.flatMap((dataset) => dataset.experiments);
  const byHistory = rows.some(({ runs }) => runs !== undefined);
  if ('noHistory' in main && rows.some(isJudged)) notes.add(main.noHistory);
  if ('history' in main) for (const note of main.notes) notes.add(note);
  if (evaluation) notes.add(evaluation.leftOut);
  if (experiments.some(({ withheld }) => withheld))
    notes.add('Horreum’s own comparison is not shown: it is with runs that are PRIVATE or PROTECTED');
  // Where the history judged, what Horreum's own experiments lack does not matter.
  if (!byHistory && !('incomparable' in main) && !evaluation) {
    if (datasets.every(({ profiles }) => profiles.length === 0))
      notes.add('no experiment profile of the Horreum test is about this run: nothing to compare with');
    else if (datasets.some((dataset) => dataset.experiments.length === 0))
      notes.add('an experiment profile matches but has no baseline run yet: nothing to compare with');
  }
  for (const { logs } of experiments)
    for (const { level, message } of logs) if (level >= 2) notes.add(shorten(message, 300));
  if (!job.datastoreConfig) notes.add('the job has no results store configured');
  return [...notes].slice(0, 10).map((note) => shorten(note, 500));
}

function baselineOf(
  input: ReportInput,
  rows: readonly MetricRow[],
): { baseline?: string; baselineWhy?: string } {
  const history = historyOf(input);
  if (history && rows.some(({ runs }) => runs !== undefined))
    return { baseline: history.baseline.words, baselineWhy: history.baseline.why };
  const profile = profileBaseline(input);
  if (!profile) return history ? { baselineWhy: history.baseline.why } : {};
  const count = profile.runIds.length;
  const newest = Math.max(...profile.runIds);
  return {
    baseline: `profile “${profile.name}”, ${count === 1 ? `Horreum run ${newest}` : `${count} runs, the newest ${newest}`}`,
    ...(history ? { baselineWhy: history.baseline.why } : {}),
  };
}

/** The first profile that Horreum evaluated and that has baseline runs. */
function profileBaseline({
  datasets,
}: Pick<Sources, 'datasets'>): { name: string; runIds: number[] } | undefined {
  const found = datasets
    .flatMap(({ experiments }) => experiments)
    .find(({ profile, baseline }) => profile !== undefined && baseline.length > 0);
  if (!found?.profile) return undefined;
  return {
    name: shorten(found.profile.name, 200),
    runIds: [...new Set(found.baseline.map(({ runId }) => runId))],
  };
}

function environmentOf({ job, datasets }: ReportInput): string[] {
  const config: HistoryConfig = job.history ?? {};
  const labels = datasets[0]?.labels ?? {};
  return (config.environmentLabels ?? []).map((label) =>
    shorten(`${label}=${shortJson(labels[label] ?? null, 120)}`, 120),
  );
}
