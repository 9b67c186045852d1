/** Shows the first page: all repositories with their pull requests, and a form to open another one. */
import type { GitHubStandIn } from '../github/github-stand-in.ts';
import { fullName, type Issue, type Repository } from '../github/state/records.ts';
import { html, type Html } from './shell/html.ts';
import { icon } from './shell/icons.ts';
import { live } from './pull-view.ts';
import { isPull } from '../github/state/records.ts';
import { loginOf, peopleOf, pullPath, shownRuns, stateOf, summaryOf, timeOf } from './view.ts';

export function listView(github: GitHubStandIn): Html {
  const repositories = github.state.repositories.filter((repository) => !repository.parent);
  if (repositories.length === 0) return html`<p class="muted">There are no repositories yet.</p>`;
  return html`${repositories.map(
    (repository) =>
      html`${live(`list-${repository.id}`, repositoryBox(github, repository))}${newPullForm(github, repository)}`,
  )}`;
}

function repositoryBox(github: GitHubStandIn, repository: Repository): Html {
  const issues = [...repository.issues.values()].sort((a, b) => b.number - a.number);
  return html`<section class="list-box">
    <header>
      <b>${fullName(repository)}</b> <span class="tag">${repository.private ? 'Private' : 'Public'}</span>
    </header>
    ${issues.length === 0 && html`<p class="muted empty">No pull requests yet</p>`}
    ${issues.map((issue) => row(github, issue))}
  </section>`;
}

function row(github: GitHubStandIn, issue: Issue): Html {
  const { word, icon: name } = stateOf(issue);
  const checks = isPull(issue) ? summaryOf(shownRuns(github, issue.headSha)) : 'none';
  const mark = { none: undefined, pending: 'queued', failure: 'failure', success: 'success' } as const;
  const checkIcon = mark[checks];
  return html`<a class="row" href="${pullPath(issue)}">
    <span class="row-state ${word.toLowerCase()}">${icon(isPull(issue) ? name : 'neutral')}</span>
    <span class="row-text">
      <b>${issue.title}</b> ${checkIcon && icon(checkIcon)}
      ${issue.labels.map((label) => html` <span class="label">${label.name}</span>`)}
      <span class="muted"
        >#${issue.number} opened ${timeOf(issue.createdAtMs)} by ${loginOf(issue.author)}</span
      >
    </span>
    ${issue.comments.length > 0 && html`<span class="row-comments muted">${icon('comment')} ${issue.comments.length}</span>`}
  </a>`;
}

function newPullForm(github: GitHubStandIn, repository: Repository): Html {
  return html`<details class="new-pull">
    <summary>Open a pull request</summary>
    <form method="post" action="/${fullName(repository)}/pulls">
      <label>Title <input name="title" required maxlength="256" /></label>
      <label
        >By
        <select name="login">
          ${peopleOf(github).map((person) => html`<option>${person.login}</option>`)}
        </select></label
      >
      <label><input type="checkbox" name="fork" /> from their fork</label>
      <button class="primary">Create</button>
    </form>
  </details>`;
}
