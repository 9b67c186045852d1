/** Writes issues, comments, labels and reactions as GitHub does. */
import { isoSeconds } from '../../stand-in/clock.ts';
import {
  isPull,
  type Issue,
  type IssueComment,
  type Label,
  type Reaction,
  type Repository,
} from '../state/records.ts';
import type { GitHubState } from '../state/state.ts';
import { accountOrNull, associationOf, nodeId } from './account.ts';
import { repositoryUrl, repositoryWebUrl } from './repository.ts';

const REACTION_CONTENTS = ['+1', '-1', 'laugh', 'hooray', 'confused', 'heart', 'rocket', 'eyes'] as const;

export function isReaction(content: unknown): content is (typeof REACTION_CONTENTS)[number] {
  return REACTION_CONTENTS.some((known) => known === content);
}

export function issuePayload(state: GitHubState, issue: Issue) {
  const url = `${repositoryUrl(state, issue.repository)}/issues/${issue.number}`;
  return {
    url,
    repository_url: repositoryUrl(state, issue.repository),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: issueWebUrl(state, issue),
    id: issue.id,
    node_id: nodeId(isPull(issue) ? 'PR' : 'I', issue.id),
    number: issue.number,
    title: issue.title,
    user: accountOrNull(state, issue.author),
    labels: issue.labels.map((label) => labelPayload(state, issue.repository, label)),
    state: issue.state,
    locked: issue.locked,
    assignee: null,
    assignees: [],
    milestone: null,
    comments: issue.comments.length,
    created_at: isoSeconds(issue.createdAtMs),
    updated_at: isoSeconds(issue.updatedAtMs),
    closed_at: issue.closedAtMs === undefined ? null : isoSeconds(issue.closedAtMs),
    author_association: associationOf(state, issue.repository, issue.author),
    active_lock_reason: null,
    ...pullLinks(state, issue),
    body: issue.body,
    reactions: reactionCounts(`${url}/reactions`, []),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: null,
    state_reason: null,
  };
}

/** Only a pull request has the field `pull_request`: that is how the two are told apart. */
function pullLinks(state: GitHubState, issue: Issue) {
  if (!isPull(issue)) return {};
  const web = issueWebUrl(state, issue);
  return {
    draft: issue.draft,
    pull_request: {
      url: `${repositoryUrl(state, issue.repository)}/pulls/${issue.number}`,
      html_url: web,
      diff_url: `${web}.diff`,
      patch_url: `${web}.patch`,
      merged_at: issue.mergedAtMs === undefined ? null : isoSeconds(issue.mergedAtMs),
    },
  };
}

export function issueWebUrl(state: GitHubState, issue: Issue): string {
  return `${repositoryWebUrl(state, issue.repository)}/${isPull(issue) ? 'pull' : 'issues'}/${issue.number}`;
}

export function commentPayload(state: GitHubState, comment: IssueComment) {
  const { issue } = comment;
  const repository = repositoryUrl(state, issue.repository);
  const url = `${repository}/issues/comments/${comment.id}`;
  return {
    url,
    html_url: `${issueWebUrl(state, issue)}#issuecomment-${comment.id}`,
    issue_url: `${repository}/issues/${issue.number}`,
    id: comment.id,
    node_id: nodeId('IC', comment.id),
    user: accountOrNull(state, comment.author),
    created_at: isoSeconds(comment.createdAtMs),
    updated_at: isoSeconds(comment.updatedAtMs),
    author_association: associationOf(state, issue.repository, comment.author),
    body: comment.body,
    reactions: reactionCounts(`${url}/reactions`, comment.reactions),
    // Whether GitHub names the App here for the App's own comments is not documented; nobody may rely on it.
    performed_via_github_app: null,
    minimized: comment.minimizedReason === undefined ? null : { reason: comment.minimizedReason },
  };
}

export function labelPayload(state: GitHubState, repository: Repository, label: Label) {
  return {
    id: label.id,
    node_id: nodeId('LA', label.id),
    url: `${repositoryUrl(state, repository)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: 'ededed',
    default: false,
    description: null,
  };
}

export function reactionPayload(state: GitHubState, reaction: Reaction) {
  return {
    id: reaction.id,
    node_id: nodeId('REA', reaction.id),
    user: accountOrNull(state, reaction.user),
    content: reaction.content,
    created_at: isoSeconds(reaction.createdAtMs),
  };
}

function reactionCounts(url: string, reactions: readonly Reaction[]) {
  const counts = REACTION_CONTENTS.map(
    (content) => [content, reactions.filter((reaction) => reaction.content === content).length] as const,
  );
  return { url, total_count: reactions.length, ...Object.fromEntries(counts) };
}
