/** Shows the page of one pull request or issue. */
import { createHash } from 'node:crypto';
import type { GitHubStandIn } from '../github/github-stand-in.ts';
import { fullName, isPull, type Issue, type PullRequest } from '../github/state/records.ts';
import { conversationOf } from './conversation.ts';
import { html, type Html } from './shell/html.ts';
import { icon } from './shell/icons.ts';
import { mergeBox } from './merge-box.ts';
import { commitsOf, loginOf, peopleOf, pullPath, roleOf, stateOf } from './view.ts';

/** The parts that change by themselves; the script swaps those whose version differs. */
export function livePartsOf(
  github: GitHubStandIn,
  issue: Issue,
): { readonly parts: Html; readonly version: string } {
  const entries = conversationOf(github, issue).map(({ key, content }) => live(key, content));
  const box = isPull(issue) ? live('merge-box', mergeBox(github, issue)) : undefined;
  const parts = html`${live('title', titleOf(github, issue))}
    <div class="columns">
      <div class="timeline" data-list="timeline">${entries}${box}</div>
      <aside class="sidebar">${live('sidebar', sidebarOf(github, issue))}</aside>
    </div>`;
  return { parts, version: versionOf(parts) };
}

export function live(key: string, content: Html): Html {
  return html`<div data-live="${key}" data-version="${versionOf(content)}">${content}</div>`;
}

export function versionOf(content: Html): string {
  return createHash('sha256').update(content.text).digest('hex').slice(0, 16);
}

function titleOf(github: GitHubStandIn, issue: Issue): Html {
  const { word, icon: name } = stateOf(issue);
  return html`<h1 class="pull-title">${issue.title} <span class="muted">#${issue.number}</span></h1>
    <div class="pull-state">
      <span class="state ${word.toLowerCase()}">${icon(name)} ${word}</span>
      ${isPull(issue) ? wantsToMerge(github, issue) : html`<span class="muted"><b>${loginOf(issue.author)}</b> opened this issue</span>`}
      ${issue.locked && html`<span class="tag">🔒 locked</span>`}
    </div>`;
}

function wantsToMerge(github: GitHubStandIn, pull: PullRequest): Html {
  const count = commitsOf(github, pull).length;
  const verb = pull.mergedAtMs === undefined ? 'wants to merge' : 'merged';
  const head =
    pull.headRepository === pull.repository ? pull.headRef : `${pull.headOwner.login}:${pull.headRef}`;
  return html`<span class="muted"
    ><b>${loginOf(pull.author)}</b> ${verb} ${count} ${count === 1 ? 'commit' : 'commits'} into
    <code class="ref">${pull.baseRef}</code> from
    <code class="ref">${pull.headRepository ? head : 'unknown repository'}</code></span
  >`;
}

function sidebarOf(github: GitHubStandIn, issue: Issue): Html {
  const { repository } = issue;
  return html`<h4>Labels</h4>
    ${issue.labels.length === 0 && html`<p class="muted">None yet</p>`}
    <p class="labels">
      ${issue.labels.map(
        ({ name }) =>
          html`<button
            class="label"
            form="act"
            formnovalidate
            formaction="${pullPath(issue)}/unlabel"
            name="label"
            value="${name}"
            title="Remove this label"
          >
            ${name} ×
          </button>`,
      )}
    </p>
    ${
      isPull(issue) &&
      html`<h4>Head</h4>
        <p><code class="sha">${issue.headSha}</code></p>
        <h4>Base</h4>
        <p><code class="sha">${issue.baseSha}</code></p>`
    }
    <h4>People</h4>
    <ul class="people">
      ${peopleOf(github).map((person) => html`<li><b>${person.login}</b> <span class="muted">${roleOf(issue, person)}</span></li>`)}
    </ul>
    <p class="muted">
      ${repository.private ? 'Private' : 'Public'}
      repository${!repository.installed && '. The App is not installed on it.'}
    </p>`;
}

/** One form: who acts, and what. Buttons elsewhere on the page belong to it, too. Never swapped, so nothing typed is lost. */
export function actForm(github: GitHubStandIn, issue: Issue, actingAs: string | undefined): Html {
  const path = pullPath(issue);
  const people = peopleOf(github);
  const chosen =
    people.find((person) => person.login === actingAs) ??
    people.find((person) => person === issue.author) ??
    people[0];
  return html`<form id="act" class="act" method="post" action="${path}/comments">
    <label class="as"
      >Acting as
      <select name="login">
        ${people.map((person) => html`<option value="${person.login}" ${person === chosen && html` selected`}>${person.login} (${roleOf(issue, person)})</option>`)}
      </select>
    </label>
    <textarea
      name="body"
      rows="4"
      required
      placeholder="Write a comment, such as /perf-bot help"
      aria-label="Comment"
    ></textarea>
    <p class="buttons">
      <span class="label-add"
        ><input name="new-label" placeholder="label" aria-label="New label" size="9" /><button
          formnovalidate
          formaction="${path}/label"
        >
          Add label
        </button></span
      >
      <button class="primary">Comment</button>
    </p>
  </form>`;
}

export function pageTitle(issue: Issue): string {
  return `${issue.title} · #${issue.number} · ${fullName(issue.repository)}`;
}
