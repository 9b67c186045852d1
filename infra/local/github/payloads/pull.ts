/** Writes a pull request as GitHub does. */
import { createHash } from 'node:crypto';
import { isoSeconds } from '../../stand-in/clock.ts';
import type { Account, PullRequest, Repository } from '../state/records.ts';
import type { GitHubState } from '../state/state.ts';
import { accountOrNull, accountPayload, associationOf, nodeId } from './account.ts';
import { issueWebUrl, labelPayload } from './issue.ts';
import { repositoryPayload, repositoryUrl } from './repository.ts';

/** The head that the API shows just now: after a push it can be the old one for a while. */
function visibleHead(state: GitHubState, pull: PullRequest): string {
  return pull.lag && pull.lag.untilMs > state.nowMs() ? pull.lag.headSha : pull.headSha;
}

/** `computing`: GitHub has not yet found out whether it can be merged, as in webhooks and the first answer. */
export function pullPayload(
  state: GitHubState,
  pull: PullRequest,
  mergeability: 'known' | 'computing' = 'known',
) {
  const known = mergeability === 'known';
  return {
    ...addressesOf(state, pull),
    ...storyOf(state, pull),
    head: endPayload(state, pull.headOwner, pull.headRef, visibleHead(state, pull), pull.headRepository),
    base: endPayload(state, pull.repository.owner, pull.baseRef, pull.baseSha, pull.repository),
    _links: linksOf(state, pull),
    author_association: associationOf(state, pull.repository, pull.author),
    auto_merge: null,
    active_lock_reason: null,
    merged: pull.mergedAtMs !== undefined,
    mergeable: known && pull.state === 'open' ? true : null,
    rebaseable: known && pull.state === 'open' ? true : null,
    mergeable_state: known && pull.state === 'open' ? 'clean' : 'unknown',
    merged_by: accountOrNull(state, pull.mergedBy),
    comments: pull.comments.length,
    review_comments: 0,
    maintainer_can_modify: pull.headRepository !== pull.repository,
    commits: 1,
    additions: 1,
    deletions: 1,
    changed_files: 1,
  };
}

function storyOf(state: GitHubState, pull: PullRequest) {
  return {
    number: pull.number,
    state: pull.state,
    locked: pull.locked,
    title: pull.title,
    user: accountOrNull(state, pull.author),
    body: pull.body,
    created_at: isoSeconds(pull.createdAtMs),
    updated_at: isoSeconds(pull.updatedAtMs),
    closed_at: pull.closedAtMs === undefined ? null : isoSeconds(pull.closedAtMs),
    merged_at: pull.mergedAtMs === undefined ? null : isoSeconds(pull.mergedAtMs),
    merge_commit_sha: mergeSha(pull),
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    labels: pull.labels.map((label) => labelPayload(state, pull.repository, label)),
    milestone: null,
    draft: pull.draft,
  };
}

function addressesOf(state: GitHubState, pull: PullRequest) {
  const repository = repositoryUrl(state, pull.repository);
  const url = `${repository}/pulls/${pull.number}`;
  const web = issueWebUrl(state, pull);
  return {
    url,
    id: pull.id,
    node_id: nodeId('PR', pull.id),
    html_url: web,
    diff_url: `${web}.diff`,
    patch_url: `${web}.patch`,
    issue_url: `${repository}/issues/${pull.number}`,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${repository}/pulls/comments{/number}`,
    comments_url: `${repository}/issues/${pull.number}/comments`,
    statuses_url: `${repository}/statuses/${visibleHead(state, pull)}`,
  };
}

function linksOf(state: GitHubState, pull: PullRequest) {
  const addresses = addressesOf(state, pull);
  return {
    self: { href: addresses.url },
    html: { href: addresses.html_url },
    issue: { href: addresses.issue_url },
    comments: { href: addresses.comments_url },
    review_comments: { href: addresses.review_comments_url },
    review_comment: { href: addresses.review_comment_url },
    commits: { href: addresses.commits_url },
    statuses: { href: addresses.statuses_url },
  };
}

function endPayload(
  state: GitHubState,
  owner: Account,
  ref: string,
  sha: string,
  repository: Repository | undefined,
) {
  return {
    label: `${owner.login}:${ref}`,
    ref,
    sha,
    user: accountPayload(state, owner),
    repo: repository ? repositoryPayload(state, repository) : null,
  };
}

/** The test merge: a commit that is in no branch. */
function mergeSha(pull: PullRequest): string {
  return createHash('sha1').update(`merge ${pull.baseSha} ${pull.headSha}`).digest('hex');
}
