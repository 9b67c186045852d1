/** Opens issues, and writes, changes and reacts to comments, by a person or by the bot; each comment fires its webhook. */
import { commentPayload, issuePayload } from '../payloads/issue.ts';
import type { Account, Issue, IssueComment, Reaction, Repository } from '../state/records.ts';
import type { World } from '../webhooks/webhooks.ts';
import { accountNamed } from './seed.ts';

export function createComment(world: World, issue: Issue, author: Account, body: string): IssueComment {
  const { state } = world;
  const comment: IssueComment = {
    id: state.nextId('comment'),
    issue,
    author,
    body,
    createdAtMs: state.nowMs(),
    updatedAtMs: state.nowMs(),
    edits: [],
    reactions: [],
    minimizedReason: undefined,
  };
  issue.comments.push(comment);
  issue.updatedAtMs = state.nowMs();
  fire(world, comment, 'created', author, {});
  return comment;
}

/** An edit that changes nothing is not an edit. */
export function editComment(world: World, comment: IssueComment, editor: Account, body: string): void {
  const from = comment.body;
  if (from === body) return;
  const atMs = world.state.nowMs();
  comment.edits.push({ atMs, by: editor.login, from });
  comment.body = body;
  comment.updatedAtMs = atMs;
  fire(world, comment, 'edited', editor, { changes: { body: { from } } });
}

export function deleteComment(world: World, comment: IssueComment, sender: Account): void {
  comment.issue.comments.splice(comment.issue.comments.indexOf(comment), 1);
  fire(world, comment, 'deleted', sender, {});
}

/** A second reaction of one person with one content is the first. */
export function react(
  world: World,
  comment: IssueComment,
  user: Account,
  content: string,
): { reaction: Reaction; isNew: boolean } {
  const known = comment.reactions.find((reaction) => reaction.user === user && reaction.content === content);
  if (known) return { reaction: known, isNew: false };
  const reaction = { id: world.state.nextId('reaction'), user, content, createdAtMs: world.state.nowMs() };
  comment.reactions.push(reaction);
  return { reaction, isNew: true };
}

export function allComments(world: World): IssueComment[] {
  return world.state.repositories.flatMap((repository) =>
    [...repository.issues.values()].flatMap((issue) => issue.comments),
  );
}

function fire(
  world: World,
  comment: IssueComment,
  action: string,
  sender: Account,
  more: Record<string, unknown>,
): void {
  const { state, webhooks } = world;
  const parts = {
    ...more,
    issue: issuePayload(state, comment.issue),
    comment: commentPayload(state, comment),
  };
  webhooks.fire(comment.issue.repository, 'issue_comment', action, parts, sender);
}

export function openIssue(
  world: World,
  repository: Repository,
  author: string,
  title: string,
  body?: string,
): Issue {
  const issue = newIssue(world, repository, accountNamed(world.state, author), title, body ?? null);
  repository.issues.set(issue.number, issue);
  return issue;
}

export function newIssue(
  world: World,
  repository: Repository,
  author: Account,
  title: string,
  body: string | null,
): Issue {
  const nowMs = world.state.nowMs();
  return {
    id: world.state.nextId('issue'),
    repository,
    number: Math.max(0, ...repository.issues.keys()) + 1,
    title,
    body,
    author,
    state: 'open',
    locked: false,
    labels: [],
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    closedAtMs: undefined,
    comments: [],
  };
}
