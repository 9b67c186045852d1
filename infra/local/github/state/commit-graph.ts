/** Keeps a small commit graph: ancestors, merge base, and the names by which commits are found. */
import { createHash } from 'node:crypto';
import {
  fullName,
  networkOf,
  type Account,
  type Commit,
  type PullRequest,
  type Repository,
} from './records.ts';
import type { GitHubState } from './state.ts';

export interface Comparison {
  readonly status: 'identical' | 'ahead' | 'behind' | 'diverged';
  readonly ahead: readonly Commit[];
  readonly behind: readonly Commit[];
  readonly mergeBase: Commit;
}

export function addCommit(
  state: GitHubState,
  repository: Repository,
  commit: {
    readonly parents: readonly string[];
    readonly message: string;
    readonly author: Account;
    readonly sha?: string;
  },
): Commit {
  const added: Commit = {
    sha: commit.sha ?? shaFor(state, repository),
    parents: commit.parents,
    message: commit.message,
    author: commit.author,
    committedAtMs: state.nowMs(),
    networkId: networkOf(repository),
  };
  state.commits.set(added.sha, added);
  return added;
}

/** By SHA, a short SHA of at least seven digits, a branch, or `refs/pull/n/head`; forks share their commits by SHA only. */
export function findCommit(state: GitHubState, repository: Repository, name: string): Commit | undefined {
  const ref = name.replace(/^(refs\/)?heads\//, '');
  const pull = /^(?:refs\/)?pull\/(\d+)\/head$/.exec(name);
  const pullHead = pull
    ? (repository.issues.get(Number(pull[1])) as PullRequest | undefined)?.headSha
    : undefined;
  const sha = repository.branches.get(ref) ?? branchOfFork(state, repository, name) ?? pullHead ?? name;
  const exact = state.commits.get(sha);
  if (exact) return exact.networkId === networkOf(repository) ? exact : undefined;
  if (!/^[0-9a-f]{7,39}$/.test(name)) return undefined;
  return [...state.commits.values()].find(
    (commit) => commit.networkId === networkOf(repository) && commit.sha.startsWith(name),
  );
}

/** `user:branch` names a branch of that user's fork. */
function branchOfFork(state: GitHubState, repository: Repository, name: string): string | undefined {
  const [login, branch] = name.split(':');
  if (branch === undefined) return undefined;
  const fork = state.repositories.find(
    (candidate) => candidate.owner.login === login && networkOf(candidate) === networkOf(repository),
  );
  return fork?.branches.get(branch);
}

/** Undefined when the two have nothing in common. */
export function compare(state: GitHubState, base: Commit, head: Commit): Comparison | undefined {
  const baseLine = ancestors(state, base);
  const headLine = ancestors(state, head);
  const mergeBase = [...headLine.values()].find((commit) => baseLine.has(commit.sha));
  if (!mergeBase) return undefined;
  const ahead = [...headLine.values()].filter((commit) => !baseLine.has(commit.sha)).reverse();
  const behind = [...baseLine.values()].filter((commit) => !headLine.has(commit.sha)).reverse();
  return { status: statusOf(ahead.length, behind.length), ahead, behind, mergeBase };
}

function statusOf(ahead: number, behind: number): Comparison['status'] {
  if (ahead > 0 && behind > 0) return 'diverged';
  if (ahead > 0) return 'ahead';
  return behind > 0 ? 'behind' : 'identical';
}

/** The commit and all before it, nearest first. */
function ancestors(state: GitHubState, start: Commit): Map<string, Commit> {
  const seen = new Map<string, Commit>();
  const queue = [start];
  for (let commit = queue.shift(); commit; commit = queue.shift()) {
    if (seen.has(commit.sha)) continue;
    seen.set(commit.sha, commit);
    queue.push(...commit.parents.flatMap((sha) => state.commits.get(sha) ?? []));
  }
  return seen;
}

/** Forty hexadecimal digits, the same for the same history. */
function shaFor(state: GitHubState, repository: Repository): string {
  return createHash('sha1')
    .update(`${fullName(repository)} ${state.nextId('commit')}`)
    .digest('hex');
}
