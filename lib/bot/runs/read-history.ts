/** Reads what a report is compared with: the comparable runs of main, cut at the baseline, and this pull request's other runs of the same request. */
import type { Datastore } from '../../horreum/datastore.ts';
import type { JobDef } from '../projects/project-config.ts';
import type { HistoryFound } from '../reports/build-report.ts';
import { chooseBaseline } from '../reports/choose-baseline.ts';
import { comparableRuns, type ComparableRuns } from '../reports/comparable-runs.ts';
import type { DatasetResults } from '../reports/draft-rows.ts';
import {
  configFor,
  isMain,
  knowsMain,
  mainRule,
  PULL_REQUEST_LABEL,
  uploadsOf,
  type HistoryConfig,
  type LabelledUpload,
  type Labels,
  type MainRule,
} from '../reports/main-history.ts';
import {
  parametersIn,
  parametersThatMatter,
  PARAMETERS_LABEL,
  type Parameters,
} from '../reports/measured-with.ts';
import { fewestRuns } from '../reports/verdict/judge.ts';
import {
  MAIN_IS_UNKNOWN,
  unknownRunsWords,
  unsureWords,
  whyTooFew,
  whyUnlisted,
} from '../reports/why-not-compared.ts';
import { readMainRuns } from './read-main-runs.ts';
import { unlistedLabels } from './unlisted-labels.ts';
import { whereOnMain, type Branching } from './where-on-main.ts';

/** What is known of the measured run; all of it absent where an upload is only looked at. */
export interface MeasuredRun extends Branching {
  readonly baseRef?: string;
  /** Those that matter. */
  readonly parameters?: Parameters;
  /** Those of them that somebody gave another value than the job's default. */
  readonly chosen?: readonly string[];
  /** Uploads of other runs of this pull request with the same commit and parameters. */
  readonly sameRequestRuns?: readonly number[];
  /** The parameters of uploads whose runs the bot started on main. */
  readonly recordedParameters?: () => Promise<ReadonlyMap<number, Parameters>>;
}

export interface HistoryQuestion {
  readonly testId: number;
  /** The upload that is reported on. */
  readonly runId: number;
  readonly startMs: number;
  readonly job: JobDef;
  readonly datasets: readonly DatasetResults[];
  /** Labels whose history is wanted. */
  readonly metricLabels: readonly string[];
}

const DEFAULT_RUNS = 60;
/** With so many runs of main, those that their label is not found by add nothing. */
const ENOUGH_RUNS = 20;
const MOST_OTHERS = 5;

export async function readHistory(
  { datastore, ...measured }: { readonly datastore: Datastore } & MeasuredRun,
  question: HistoryQuestion,
): Promise<HistoryFound> {
  const { testId, job, datasets, runId, startMs, metricLabels } = question;
  const own = datasets.map(({ labels }) => labels);
  const config = configFor(job.history, measured.baseRef);
  const rule = mainRule(config);
  if (!knowsMain(rule, own)) return { noHistory: MAIN_IS_UNKNOWN };
  const telling = [...new Set([rule.label, ...(config?.environmentLabels ?? [])])];
  const about = [...telling, ...extraLabels(config)];
  const needed = included(own, about, metricLabels);
  const unlisted = await unlistedLabels(datastore, { testId, runId, startMs, datasets, needed });
  const untold = telling.filter((label) => unlisted.includes(label));
  if (untold.length > 0) return { incomparable: whyUnlisted(untold, 'Filtering') };
  const wanted = job.history?.maxRuns ?? DEFAULT_RUNS;
  const read = await readMainRuns(datastore, {
    testId,
    rule,
    include: included(withoutLabels(own, unlisted), about, metricLabels),
    own,
    wanted: wanted + 1,
    enough: Math.min(wanted, ENOUGH_RUNS),
  });
  const uploads = read.filter((upload) => upload.runId !== runId);
  const parameters = measured.parameters ?? ownParameters(job, own);
  const found = comparableRuns({
    uploads,
    rule,
    config,
    own: { labels: own, parameters },
    recorded: Object.keys(parameters).length === 0 ? new Map() : await recordedBy(measured),
  });
  const incomparable = whyTooFew(found, fewestRuns);
  if (incomparable !== undefined) return { incomparable };
  const runs = found.runs.slice(-wanted);
  const baseline = chooseBaseline({ runs, fewest: fewestRuns, ...(await whereOnMain(measured, runs)) });
  // Where no rung has enough, all runs are handed on: the verdict then says how many there are.
  const upTo = baseline.rung === 'none' ? runs : runs.slice(0, baseline.runs);
  const others = await readOthers(datastore, measured.sameRequestRuns ?? [], own.length);
  return {
    history: { runs: upTo, others, baseline },
    unlisted: unlisted.filter((label) => metricLabels.includes(label)),
    notes: notesOf(found, { uploads, rule, chosen: measured.chosen ?? [] }),
  };
}

function extraLabels(config: HistoryConfig | undefined): string[] {
  const { commitLabel, branchLabel } = config ?? {};
  return [commitLabel, branchLabel, PULL_REQUEST_LABEL, PARAMETERS_LABEL].filter(
    (label) => label !== undefined,
  );
}

/** What tells runs apart, and the metrics that this run has; first a label of each of its datasets, so that Horreum leaves out none. */
function included(own: readonly Labels[], about: readonly string[], metrics: readonly string[]): string[] {
  const isEverywhere = (label: string) => own.every((one) => Object.hasOwn(one, label));
  const isSomewhere = (label: string) => own.some((one) => Object.hasOwn(one, label));
  const known = [...about, ...metrics.filter(isSomewhere)];
  const everywhere = known.find(isEverywhere) ?? shortLabel(own[0] ?? {}, isEverywhere);
  return [...new Set([...(everywhere === undefined ? [] : [everywhere]), ...known])];
}

function shortLabel(labels: Labels, fits: (label: string) => boolean): string | undefined {
  const short = Object.entries(labels).filter(
    ([, value]) => typeof value !== 'object' && String(value).length < 200,
  );
  return short.map(([label]) => label).find(fits);
}

function withoutLabels(own: readonly Labels[], labels: readonly string[]): Labels[] {
  return own.map((one) =>
    Object.fromEntries(Object.entries(one).filter(([label]) => !labels.includes(label))),
  );
}

function ownParameters(job: JobDef, own: readonly Labels[]): Parameters {
  return parametersThatMatter(job, { parameters: parametersIn(own), headSha: '' });
}

async function recordedBy({ recordedParameters }: MeasuredRun): Promise<ReadonlyMap<number, Parameters>> {
  return recordedParameters ? recordedParameters() : new Map();
}

/** All labels of each, however they are ticked. */
async function readOthers(
  datastore: Datastore,
  runIds: readonly number[],
  datasets: number,
): Promise<{ readonly datasets: readonly Labels[] }[]> {
  const found: LabelledUpload[] = [];
  for (const runId of runIds.slice(0, MOST_OTHERS)) {
    const [run, labels] = await Promise.all([datastore.getRun(runId), datastore.getLabelValues(runId)]);
    if (run && !run.trashed) found.push(...uploadsOf(labels ?? []));
  }
  return found.filter((upload) => !upload.isWithheld && upload.datasets.length === datasets);
}

interface Noted {
  readonly uploads: readonly LabelledUpload[];
  readonly rule: MainRule;
  readonly chosen: readonly string[];
}

function notesOf({ isUnsure }: ComparableRuns, { uploads, rule, chosen }: Noted): string[] {
  const unknown = uploads.filter(({ datasets }) =>
    datasets.every((labels) => !Object.hasOwn(labels, rule.label)),
  );
  const ofMain = uploads.filter((upload) => isMain(upload, rule));
  return [
    ...(isUnsure && chosen.length > 0 ? [unsureWords(chosen)] : []),
    ...(unknown.length > 0 && ofMain.length < fewestRuns ? [unknownRunsWords(rule, unknown.length)] : []),
  ];
}
