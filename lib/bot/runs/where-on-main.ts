/** Finds where a pull request branched off, among the commits of main that have results. Without commit labels GitHub is not asked. */
import type { CommitComparison } from '../../github/github.ts';
import { onUpstreamError } from '../../http/upstream-error.ts';
import { isSameCommit, type BaselineQuestion } from '../reports/choose-baseline.ts';
import type { MainRun } from '../reports/comparable-runs.ts';

/** GitHub's comparison of two commits. */
export type CompareCommits = (baseSha: string, headSha: string) => Promise<CommitComparison>;

export interface Branching {
  readonly baseSha?: string;
  readonly headSha?: string;
  readonly compare?: CompareCommits;
}

/** Comparisons that GitHub is asked for in search of an ancestor, beside the one for the merge base. */
const MOST_PROBES = 4;

/** The merge base, and where it has no results the nearest of its ancestors that has. */
export async function whereOnMain(
  { compare, baseSha, headSha }: Branching,
  runs: readonly MainRun[],
): Promise<Pick<BaselineQuestion, 'mergeBase' | 'ancestor'>> {
  const commits = [...new Set(runs.flatMap(({ commit }) => commit ?? []))].slice(-(2 ** MOST_PROBES - 1));
  if (!compare || baseSha === undefined || headSha === undefined || commits.length === 0) return {};
  return mergeBaseAmong(compare, commits, [baseSha, headSha]).catch(
    onUpstreamError((error) => {
      if (error.retryable) throw error;
      // A rewritten base or a fork that is gone: the next rung is taken.
      return {};
    }),
  );
}

async function mergeBaseAmong(
  compare: CompareCommits,
  commits: readonly string[],
  [baseSha, headSha]: readonly [string, string],
): Promise<Pick<BaselineQuestion, 'mergeBase' | 'ancestor'>> {
  const { mergeBaseSha } = await compare(baseSha, headSha);
  if (commits.some((commit) => isSameCommit(commit, mergeBaseSha))) return { mergeBase: mergeBaseSha };
  const ancestor = await nearestAncestor(compare, commits, mergeBaseSha);
  return { mergeBase: mergeBaseSha, ...(ancestor ? { ancestor } : {}) };
}

/** Halves the commits of main (oldest first) until the newest that lies before the merge base is found. */
async function nearestAncestor(
  compare: CompareCommits,
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
