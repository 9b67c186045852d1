/** Reads what a report is compared with: the comparable runs of main, cut at the baseline, and this pull request's other runs of the same request. */
import type { CommitComparison } from '../../github/github.ts';
import type { Datastore, Variable } from '../../horreum/datastore.ts';
import { UpstreamError } from '../../http/upstream-error.ts';
import type { JobDef } from '../projects/project-config.ts';
import { profileBaseline, type MainHistory } from '../reports/build-report.ts';
import { chooseBaseline, isSameCommit, type BaselineQuestion } from '../reports/choose-baseline.ts';
import type { DatasetResults } from '../reports/draft-rows.ts';
import {
  comparableRuns,
  knowsMain,
  uploadsOf,
  type HistoryConfig,
  type MainRun,
} from '../reports/main-history.ts';
import { fewestRuns } from '../reports/verdict/judge.ts';

/** What is known of the measured commit; all of it absent where an upload is only looked at. */
export interface MeasuredCommit {
  readonly baseRef?: string;
  readonly baseSha?: string;
  readonly headSha?: string;
  /** Uploads of other runs of this pull request with the same commit and parameters. */
  readonly sameRequestRuns?: readonly number[];
  /** GitHub's comparison of two commits. */
  readonly compare?: (baseSha: string, headSha: string) => Promise<CommitComparison>;
}

export interface HistoryQuestion {
  readonly testId: number;
  /** The upload that is reported on. */
  readonly runId: number;
  readonly job: JobDef;
  readonly datasets: readonly DatasetResults[];
  readonly variables: readonly Variable[];
}

export type HistoryAnswer = { readonly history: MainHistory } | { readonly noHistory: string };

const DEFAULT_RUNS = 60;
/** Main's runs and those of pull requests lie in one list, so that more is read than is used. */
const DATASETS_READ = 200;
const MOST_DATASETS_READ = 400;
/** Comparisons that GitHub is asked for in search of an ancestor, beside the one for the merge base. */
const MOST_PROBES = 4;

export async function readHistory(
  { datastore, ...measured }: { readonly datastore: Datastore } & MeasuredCommit,
  question: HistoryQuestion,
): Promise<HistoryAnswer> {
  const { job, datasets, runId } = question;
  const own = datasets.map(({ labels }) => labels);
  const config = configFor(job.history, measured.baseRef);
  if (!knowsMain(config, own))
    return {
      noHistory:
        'Which runs are main’s can’t be told: the job’s `history` names no label for it, and uploads name no pull request.',
    };
  let recent;
  try {
    recent = (await readRecent(datastore, question, config)).filter((dataset) => dataset.runId !== runId);
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return { noHistory: `Main’s history could not be read (${error.message}); \`recheck\` looks again.` };
  }
  const runs = comparableRuns(recent, config, own).slice(-(job.history?.maxRuns ?? DEFAULT_RUNS));
  const others = uploadsOf(recent).filter(
    (upload) => measured.sameRequestRuns?.includes(upload.runId) && upload.datasets.length === own.length,
  );
  const profile = profileBaseline({ datasets });
  const baseline = chooseBaseline({
    runs,
    fewest: fewestRuns,
    ...(profile ? { profile } : {}),
    ...(await whereOnMain(measured, runs)),
  });
  // Where no rung has enough, all runs are handed on: the verdict then says how many there are.
  const upTo = baseline.rung === 'none' ? runs : runs.slice(0, baseline.runs);
  return { history: { runs: upTo, others, baseline } };
}

/** The base branch is main where the configuration names a label for branches but no value. */
function configFor(
  config: HistoryConfig | undefined,
  baseRef: string | undefined,
): HistoryConfig | undefined {
  if (config?.branchLabel === undefined || config.mainValue !== undefined || baseRef === undefined)
    return config;
  return { ...config, mainValue: baseRef };
}

/** With several datasets an upload all labels are read: Horreum leaves out a dataset that has none of those asked for, and its place would be lost. */
function readRecent(
  datastore: Datastore,
  { testId, job, datasets, variables }: HistoryQuestion,
  config: HistoryConfig | undefined,
) {
  if (datasets.length !== 1)
    return datastore.testLabelValues(
      testId,
      Math.min(MOST_DATASETS_READ, Math.max(DATASETS_READ, 50 * datasets.length)),
    );
  const { commitLabel, branchLabel, environmentLabels = [] } = config ?? {};
  const include = new Set([
    'pb.pull_request_number',
    ...[commitLabel, branchLabel].filter((label) => label !== undefined),
    ...environmentLabels,
    ...variables.flatMap(({ labels }) => labels),
    ...Object.keys(job.metrics ?? {}),
  ]);
  return datastore.testLabelValues(testId, DATASETS_READ, [...include]);
}

/** The merge base, and where it has no results the nearest of its ancestors that has. Without commit labels GitHub is not asked. */
async function whereOnMain(
  { compare, baseSha, headSha }: MeasuredCommit,
  runs: readonly MainRun[],
): Promise<Pick<BaselineQuestion, 'mergeBase' | 'ancestor'>> {
  const commits = [...new Set(runs.flatMap(({ commit }) => commit ?? []))].slice(-(2 ** MOST_PROBES - 1));
  if (!compare || baseSha === undefined || headSha === undefined || commits.length === 0) return {};
  try {
    const { mergeBaseSha } = await compare(baseSha, headSha);
    if (commits.some((commit) => isSameCommit(commit, mergeBaseSha))) return { mergeBase: mergeBaseSha };
    const ancestor = await nearestAncestor(compare, commits, mergeBaseSha);
    return { mergeBase: mergeBaseSha, ...(ancestor ? { ancestor } : {}) };
  } catch (error) {
    // A rewritten base or a fork that is gone: the next rung is taken.
    if (error instanceof UpstreamError) return {};
    throw error;
  }
}

/** Halves the commits of main (oldest first) until the newest that lies before the merge base is found. */
async function nearestAncestor(
  compare: NonNullable<MeasuredCommit['compare']>,
  commits: readonly string[],
  mergeBase: string,
): Promise<BaselineQuestion['ancestor']> {
  let [low, high] = [0, commits.length - 1];
  let found: BaselineQuestion['ancestor'];
  while (low <= high) {
    const middle = Math.ceil((low + high) / 2);
    const commit = commits[middle] ?? '';
    const { status, aheadBy } = await compare(commit, mergeBase);
    if (status === 'ahead') {
      found = { commit, commitsAway: aheadBy };
      low = middle + 1;
    } else high = middle - 1;
  }
  return found;
}
