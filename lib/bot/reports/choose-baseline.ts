/**
 * Chooses what a pull request is compared with: main as it was at the merge base, else at its nearest ancestor with results,
 * else main's latest runs. The rung that was taken is said, and why.
 */
import { counted } from '../text/numbers.ts';

export type Rung = 'merge-base' | 'ancestor' | 'latest-main' | 'none';

export interface BaselineQuestion {
  /** Comparable runs of main, oldest first. */
  readonly runs: readonly { readonly runId: number; readonly commit?: string }[];
  /** With fewer runs up to a rung its noise is not known, and the next rung is taken. */
  readonly fewest: number;
  readonly mergeBase?: string;
  /** The nearest commit before the merge base that has results. */
  readonly ancestor?: { readonly commit: string; readonly commitsAway: number };
}

export interface Baseline {
  readonly rung: Rung;
  /** So many of the oldest runs count. */
  readonly runs: number;
  /** In words, unescaped. */
  readonly words: string;
  readonly why: string;
}

export function chooseBaseline(question: BaselineQuestion): Baseline {
  const { runs, fewest } = question;
  const passedOver: string[] = [];
  for (const { rung, newest, words, otherwise } of rungs(question)) {
    const count = newest + 1;
    if (count >= fewest) {
      const why = passedOver.length === 0 ? standard[rung] : passedOver.join('; ');
      return {
        rung,
        runs: count,
        words: `${words}, ${spell(count)} comparable run${count === 1 ? '' : 's'} of main`,
        why,
      };
    }
    const reason =
      count === 0 ? otherwise : `${words} has only ${counted(count, 'comparable run')} of main up to it`;
    if (reason !== '') passedOver.push(reason);
  }
  const why = `there ${runs.length === 1 ? 'is' : 'are'} ${spell(runs.length)} comparable run${runs.length === 1 ? '' : 's'} of main, and with fewer than ${fewest} their spread is not known`;
  return { rung: 'none', runs: 0, words: 'no history of main', why };
}

interface Step {
  readonly rung: Exclude<Rung, 'none'>;
  /** Position of the newest run that counts; -1 where there is none. */
  readonly newest: number;
  readonly words: string;
  /** Why the rung is not there. */
  readonly otherwise: string;
}

const standard: Readonly<Record<Exclude<Rung, 'none'>, string>> = {
  'merge-base': 'it is the commit that this pull request branched off from',
  ancestor: 'it is the nearest ancestor with results',
  'latest-main': 'nothing nearer is known',
};

function rungs({ runs, mergeBase, ancestor }: BaselineQuestion): Step[] {
  const newestOf = (fits: (run: BaselineQuestion['runs'][number]) => boolean) => runs.findLastIndex(fits);
  const atMergeBase =
    mergeBase === undefined ? -1 : newestOf(({ commit }) => isSameCommit(commit, mergeBase));
  const atAncestor = ancestor ? newestOf(({ commit }) => isSameCommit(commit, ancestor.commit)) : -1;
  return [
    {
      rung: 'merge-base',
      newest: atMergeBase,
      words: `the merge base ${short(mergeBase)}`,
      otherwise:
        mergeBase === undefined
          ? 'the merge base can’t be looked up (no label names the commits of main)'
          : `the merge base ${short(mergeBase)} has no results`,
    },
    {
      rung: 'ancestor',
      newest: atAncestor,
      words: ancestor
        ? `${short(ancestor.commit)}, ${counted(ancestor.commitsAway, 'commit')} before the merge base`
        : '',
      otherwise: mergeBase === undefined ? '' : 'none of its ancestors that were looked at has any',
    },
    { rung: 'latest-main', newest: runs.length - 1, words: 'the latest main', otherwise: '' },
  ];
}

/** Labels may hold a commit's first characters only. */
export function isSameCommit(one: string | undefined, other: string): boolean {
  if (one === undefined) return false;
  return one.length >= 7 && other.length >= 7 && (one.startsWith(other) || other.startsWith(one));
}

function short(sha: string | undefined): string {
  return (sha ?? '').slice(0, 7);
}

function spell(count: number): string {
  return count === 0 ? 'no' : String(count);
}
