/** Opens, pushes to, labels, locks, closes and merges pull requests; each act fires its webhooks. */
import { labelPayload } from '../payloads/issue.ts';
import { pullPayload } from '../payloads/pull.ts';
import { addCommit } from '../state/commit-graph.ts';
import {
  fullName,
  isPull,
  type Account,
  type Issue,
  type PullRequest,
  type Repository,
} from '../state/records.ts';
import type { World } from '../webhooks/webhooks.ts';
import { requestSuite } from './checks.ts';
import { newIssue } from './comments.ts';
import { firePush } from './push-event.ts';
import { accountNamed, addAccount, addRepository } from './seed.ts';

export interface NewPullRequest {
  readonly author: string;
  readonly headRef: string;
  /** Default: the default branch. */
  readonly baseRef?: string;
  readonly title: string;
  readonly body?: string;
  /** True: the head is a branch of the author's own fork, which is made if there is none. */
  readonly fromFork?: boolean;
  /** Default: one new commit on top of the base. */
  readonly headSha?: string;
  readonly draft?: boolean;
}

export interface Push {
  /** Replaces the last commit instead of adding one. */
  readonly force?: boolean;
  readonly message?: string;
  readonly headSha?: string;
  /** How long the API goes on showing the old head. */
  readonly lagMs?: number;
}

export function openPull(world: World, repository: Repository, wanted: NewPullRequest): PullRequest {
  const { state } = world;
  const author = addAccount(state, wanted.author);
  const baseRef = wanted.baseRef ?? repository.defaultBranch;
  const baseSha = repository.branches.get(baseRef);
  if (baseSha === undefined)
    throw new Error(`GitHub stand-in: ${fullName(repository)} has no branch ${baseRef}`);
  const headRepository = wanted.fromFork ? forkOf(world, repository, author) : repository;
  const sha = wanted.headSha === undefined ? {} : { sha: wanted.headSha };
  const head = addCommit(state, headRepository, {
    parents: [baseSha],
    message: wanted.title,
    author,
    ...sha,
  });
  touch(world, headRepository, wanted.headRef, head.sha);
  const pull: PullRequest = {
    ...newIssue(world, repository, author, wanted.title, wanted.body ?? null),
    headRef: wanted.headRef,
    headSha: head.sha,
    headRepository,
    headOwner: headRepository.owner,
    baseRef,
    baseSha,
    draft: wanted.draft ?? false,
    mergedAtMs: undefined,
    mergedBy: undefined,
    lag: undefined,
  };
  repository.issues.set(pull.number, pull);
  firePush(world, headRepository, wanted.headRef, '0'.repeat(40), head.sha, author, false);
  requestSuite(world, repository, head.sha, author);
  firePull(world, pull, 'opened', author);
  return pull;
}

export function pushTo(world: World, pull: PullRequest, push: Push = {}, login?: string): string {
  const { state } = world;
  if (!pull.headRepository) throw new Error('GitHub stand-in: the fork is gone, nobody can push to it');
  const author = login === undefined ? pull.author : accountNamed(state, login);
  const before = pull.headSha;
  const parents = push.force ? (state.commits.get(before)?.parents ?? []) : [before];
  const sha = push.headSha === undefined ? {} : { sha: push.headSha };
  const commit = addCommit(state, pull.headRepository, {
    parents,
    message: push.message ?? 'Another change',
    author,
    ...sha,
  });
  if (push.lagMs !== undefined) pull.lag = { headSha: before, untilMs: state.nowMs() + push.lagMs };
  touch(world, pull.headRepository, pull.headRef, commit.sha);
  firePush(world, pull.headRepository, pull.headRef, before, commit.sha, author, push.force ?? false);
  if (pull.state === 'closed') return commit.sha;
  pull.headSha = commit.sha;
  pull.updatedAtMs = state.nowMs();
  requestSuite(world, pull.repository, commit.sha, author);
  firePull(world, pull, 'synchronize', author, { before, after: commit.sha });
  return commit.sha;
}

/** A commit on a branch of the repository itself, as a merge or a maintainer's push makes it. */
export function pushToBranch(
  world: World,
  repository: Repository,
  ref: string,
  login: string,
  message: string,
): string {
  const author = accountNamed(world.state, login);
  const before = repository.branches.get(ref);
  const commit = addCommit(world.state, repository, { parents: before ? [before] : [], message, author });
  touch(world, repository, ref, commit.sha);
  firePush(world, repository, ref, before ?? '0'.repeat(40), commit.sha, author, false);
  return commit.sha;
}

export function closePull(world: World, pull: PullRequest, by: Account, merge: boolean): void {
  const { state } = world;
  if (pull.state === 'closed') return;
  pull.state = 'closed';
  pull.closedAtMs = pull.updatedAtMs = state.nowMs();
  if (merge) {
    pull.mergedAtMs = state.nowMs();
    pull.mergedBy = by;
    const before = pull.repository.branches.get(pull.baseRef) ?? '';
    const message = `Merge pull request #${pull.number}`;
    const commit = addCommit(state, pull.repository, {
      parents: [before, pull.headSha],
      message,
      author: by,
    });
    touch(world, pull.repository, pull.baseRef, commit.sha);
    firePush(world, pull.repository, pull.baseRef, before, commit.sha, by, false);
  }
  firePull(world, pull, 'closed', by);
}

export function reopenPull(world: World, pull: PullRequest, by: Account): void {
  if (pull.state === 'open' || pull.mergedAtMs !== undefined) return;
  pull.state = 'open';
  pull.closedAtMs = undefined;
  pull.updatedAtMs = world.state.nowMs();
  firePull(world, pull, 'reopened', by);
}

function forkOf(world: World, parent: Repository, owner: Account): Repository {
  const known = world.state.repositories.find((one) => one.parent === parent && one.owner === owner);
  if (known) return known;
  return addRepository(world.state, {
    owner: owner.login,
    name: parent.name,
    private: parent.private,
    defaultBranch: parent.defaultBranch,
    installed: false,
    parent,
  });
}

function touch(world: World, repository: Repository, ref: string, sha: string): void {
  repository.branches.set(ref, sha);
  repository.pushedAtMs = repository.updatedAtMs = world.state.nowMs();
}

function firePull(
  world: World,
  pull: PullRequest,
  action: string,
  sender: Account,
  more: Record<string, unknown> = {},
): void {
  const parts = { number: pull.number, pull_request: pullPayload(world.state, pull, 'computing'), ...more };
  world.webhooks.fire(pull.repository, 'pull_request', action, parts, sender);
}

export function setLabel(world: World, pull: PullRequest, name: string, by: Account, present: boolean): void {
  const known = pull.labels.find((label) => label.name === name);
  if ((known !== undefined) === present) return;
  const label = known ?? { id: world.state.nextId('label'), name };
  pull.labels = present ? [...pull.labels, label] : pull.labels.filter((one) => one !== label);
  pull.updatedAtMs = world.state.nowMs();
  firePull(world, pull, present ? 'labeled' : 'unlabeled', by, {
    label: labelPayload(world.state, pull.repository, label),
  });
}

export function setLocked(world: World, issue: Issue, by: Account, locked: boolean): void {
  issue.locked = locked;
  if (isPull(issue)) firePull(world, issue, locked ? 'locked' : 'unlocked', by);
}
