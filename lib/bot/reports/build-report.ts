/** From an upload's labels, Horreum's experiments and main's history to a Report: every number is computed here, once, and the words follow from the rows. */
import type { Baseline } from './choose-baseline.ts';
import { draftRows, type Draft, type Sources } from './draft-rows.ts';
import { judgeRow, moreRunsFor, type Evidence } from './judge-row.ts';
import { numberOf, type HistoryConfig, type Labels } from './main-history.ts';
import { shorten } from '../text/markdown.ts';
import type { MetricRow, Report } from '../record/report.ts';
import { shortJson } from '../text/short-json.ts';
import { eachOnceFirst, isJudged, summarize } from './summarize.ts';

export interface MainHistory {
  /** The runs up to the baseline, oldest first, each with the labels of its datasets by position. */
  readonly runs: readonly { readonly datasets: readonly Labels[] }[];
  /** This pull request's other runs of the very same request, likewise. */
  readonly others: readonly { readonly datasets: readonly Labels[] }[];
  readonly baseline: Baseline;
}

export interface ReportInput extends Sources {
  readonly evaluationFailed: boolean;
  /** Absent: there is none, for the reason that `noHistory` gives. */
  readonly history?: MainHistory;
  readonly noHistory?: string;
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
    ...(drawn.has(row) ? { history: drawnHistory(draft, input.history) } : {}),
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

function evidenceFor(draft: Draft, { history, noHistory }: ReportInput, metrics: number): Evidence {
  return {
    history: valuesOf(draft, history?.runs ?? []),
    others: valuesOf(draft, history?.others ?? []),
    metrics,
    ...(noHistory === undefined ? {} : { noHistory }),
  };
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

function notesOf(
  { datasets, evaluationFailed, job, noHistory }: ReportInput,
  rows: readonly MetricRow[],
): string[] {
  const notes = new Set<string>();
  const experiments = datasets.flatMap((dataset) => dataset.experiments);
  const byHistory = rows.some(({ runs }) => runs !== undefined);
  if (noHistory !== undefined && rows.some(isJudged)) notes.add(noHistory);
  if (evaluationFailed)
    notes.add('Horreum could not evaluate its experiment profiles; look at the profile’s configuration');
  else if (byHistory) {
    // The history judged; what Horreum's own experiments lack does not matter.
  } else if (datasets.some((dataset) => dataset.experiments.length === 0))
    notes.add('an experiment profile matches but has no baseline run yet: nothing to compare with');
  else if (experiments.every(({ profile }) => profile === undefined))
    notes.add('no experiment profile of the Horreum test matches this run: nothing to compare with');
  for (const { logs } of experiments)
    for (const { level, message } of logs) if (level >= 2) notes.add(shorten(message, 300));
  if (!job.datastoreConfig) notes.add('the job has no results store configured');
  return [...notes].slice(0, 10).map((note) => shorten(note, 500));
}

function baselineOf(
  input: ReportInput,
  rows: readonly MetricRow[],
): { baseline?: string; baselineWhy?: string } {
  const { history } = input;
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

/** The first profile that matched and has baseline runs. */
export function profileBaseline({
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
