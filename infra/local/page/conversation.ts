/** Shows the conversation of a pull request: its description, commits and comments in the order of time. */
import type { GitHubStandIn } from '../github/github-stand-in.ts';
import { isPull, type Account, type Commit, type Issue, type IssueComment } from '../github/state/records.ts';
import { html, type Html } from './shell/html.ts';
import { icon } from './shell/icons.ts';
import { renderMarkdown } from './markdown/render-markdown.ts';
import { avatar, commitsOf, loginOf, referencesFor, roleOf, shownRuns, summaryOf, timeOf } from './view.ts';

const EMOJI: Readonly<Record<string, string>> = {
  '+1': '👍',
  '-1': '👎',
  laugh: '😄',
  hooray: '🎉',
  confused: '😕',
  heart: '❤️',
  rocket: '🚀',
  eyes: '👀',
};

/** One entry of the page; the script replaces it alone when it has changed. */
export interface Entry {
  readonly key: string;
  readonly atMs: number;
  readonly content: Html;
}

export function conversationOf(github: GitHubStandIn, issue: Issue): Entry[] {
  const commits = isPull(issue) ? commitsOf(github, issue).map((commit) => commitEntry(github, commit)) : [];
  const comments = issue.comments.map((comment) => commentEntry(github, comment));
  // A stable order: the description first, then by time, a commit before the comment of the same moment.
  const rest = [...commits, ...comments].sort((a, b) => a.atMs - b.atMs);
  return [descriptionEntry(github, issue), ...rest];
}

function descriptionEntry(github: GitHubStandIn, issue: Issue): Entry {
  const body = issue.body?.trim()
    ? renderMarkdown(issue.body, referencesFor(github, issue))
    : html`<p><em>No description provided.</em></p>`;
  const content = html`<div class="timeline-comment">
    ${avatar(issue.author)}
    <article class="bubble">
      ${heading(issue, issue.author, html`commented ${timeOf(issue.createdAtMs)}`)}
      <div class="markdown-body">${body}</div>
    </article>
  </div>`;
  return { key: 'description', atMs: issue.createdAtMs, content };
}

function commentEntry(github: GitHubStandIn, comment: IssueComment): Entry {
  const { issue, author } = comment;
  const story = html`commented ${timeOf(comment.createdAtMs)}${editsOf(comment)}`;
  const body = html`<div class="markdown-body">
      ${renderMarkdown(comment.body, referencesFor(github, issue))}
    </div>
    ${reactionsOf(comment)}`;
  const shown = comment.minimizedReason
    ? html`<details class="minimized">
        <summary>This comment has been hidden: <b>${comment.minimizedReason}</b></summary>
        ${body}
      </details>`
    : body;
  const content = html`<div class="timeline-comment" id="issuecomment-${comment.id}">
    ${avatar(author)}
    <article class="bubble ${author === github.state.bot && 'by-bot'}">
      ${heading(issue, author, story)}${shown}
    </article>
  </div>`;
  return { key: `comment-${comment.id}`, atMs: comment.createdAtMs, content };
}

function heading(issue: Issue, author: Account, story: Html): Html {
  const label = author.type === 'Bot' ? 'bot' : roleOf(issue, author);
  return html`<header class="bubble-head">
    <span><b>${loginOf(author)}</b> <span class="muted">${story}</span></span>
    <span class="labels"
      >${author === issue.author && html`<span class="tag">Author</span>`}<span class="tag"
        >${label}</span
      ></span
    >
  </header>`;
}

function editsOf(comment: IssueComment): Html | undefined {
  const { edits } = comment;
  if (edits.length === 0) return undefined;
  const times = edits.length === 1 ? '' : ` ${edits.length} times`;
  return html` ·
    <details class="edits">
      <summary>edited${times}</summary>
      <ol class="edit-list">
        ${edits.slice(-20).map((edit) => html`<li>${edit.by} edited ${timeOf(edit.atMs)}</li>`)}
      </ol>
    </details>`;
}

function reactionsOf(comment: IssueComment): Html | undefined {
  const contents = [...new Set(comment.reactions.map((reaction) => reaction.content))];
  if (contents.length === 0) return undefined;
  return html`<ul class="reactions">
    ${contents.map((content) => {
      const who = comment.reactions
        .filter((reaction) => reaction.content === content)
        .map(({ user }) => loginOf(user));
      return html`<li title="${who.join(', ')} reacted with ${content}">
        ${EMOJI[content]} <span>${who.length}</span>
      </li>`;
    })}
  </ul>`;
}

function commitEntry(github: GitHubStandIn, commit: Commit): Entry {
  const summary = summaryOf(shownRuns(github, commit.sha));
  const mark = { none: undefined, pending: 'queued', failure: 'failure', success: 'success' } as const;
  const checks = mark[summary];
  const content = html`<div class="timeline-commit">
    <span class="dot">${icon('commit')}</span>
    ${avatar(commit.author, 'small')}
    <span class="commit-message">${commit.message}</span>
    <span class="commit-check">${checks && icon(checks)}</span>
    <code title="${commit.sha}">${commit.sha.slice(0, 7)}</code>
  </div>`;
  return { key: `commit-${commit.sha}`, atMs: commit.committedAtMs, content };
}
