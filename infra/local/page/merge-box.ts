/** Shows the box at the end of a pull request: its checks with their texts and buttons, and whether it can be merged. */
import type { GitHubStandIn } from '../github/github-stand-in.ts';
import type { CheckRun, PullRequest } from '../github/state/records.ts';
import { html, type Html } from './shell/html.ts';
import { icon } from './shell/icons.ts';
import { renderMarkdown } from './markdown/render-markdown.ts';
import {
  isBad,
  pullPath,
  referencesFor,
  runIcon,
  shownRuns,
  stateOf,
  summaryOf,
  type CheckSummary,
} from './view.ts';

export function mergeBox(github: GitHubStandIn, pull: PullRequest): Html {
  const runs = shownRuns(github, pull.headSha);
  const summary = summaryOf(runs);
  return html`<div class="merge-box">
    <span class="merge-badge ${summary} ${stateOf(pull).word.toLowerCase()}"
      >${icon(stateOf(pull).icon)}</span
    >
    <section class="merge-content">
      ${
        runs.length > 0 &&
        html`<div class="merge-head">
          ${headIcon(summary)}
          <div>
            <h3>${headline(summary)}</h3>
            <p class="muted">${countsOf(runs)}</p>
          </div>
        </div>`
      }
      ${runs.map((run) => runRow(github, pull, run))}
      <div class="merge-head">${mergeState(pull)}${pullButtons(pull)}</div>
    </section>
  </div>`;
}

function headline(summary: CheckSummary): string {
  const lines = {
    none: 'No checks yet',
    pending: 'Some checks haven’t completed yet',
    failure: 'Some checks were not successful',
    success: 'All checks have passed',
  };
  return lines[summary];
}

function headIcon(summary: CheckSummary): Html {
  return html`<span class="big"
    >${icon(summary === 'pending' ? 'in_progress' : summary === 'failure' ? 'failure' : 'success')}</span
  >`;
}

function countsOf(runs: readonly CheckRun[]): string {
  const counts = new Map<string, number>();
  for (const run of runs) {
    const word = run.status === 'completed' ? wordFor(run) : run.status.replace('_', ' ');
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const parts = [...counts].map(([word, count]) => `${count} ${word}`);
  return `${parts.join(', ')} ${runs.length === 1 ? 'check' : 'checks'}`;
}

function wordFor(run: CheckRun): string {
  if (run.conclusion === 'success') return 'successful';
  if (run.conclusion === 'failure') return 'failing';
  return (run.conclusion ?? 'neutral').replace('_', ' ');
}

function runRow(github: GitHubStandIn, pull: PullRequest, run: CheckRun): Html {
  const { title, summary, text } = run.output;
  const references = referencesFor(github, pull);
  const state = run.status === 'completed' ? wordFor(run) : run.status.replace('_', ' ');
  return html`<details class="check-run" data-keep="check-${run.id}">
    <summary>
      ${icon(runIcon(run))}
      <span class="check-name"
        ><b>${run.name}</b> <span class="muted ${isBad(run) && 'bad'}">${title ?? state}</span></span
      >
      <span class="check-app muted"
        >${run.appId === github.state.app.id ? github.state.app.name : github.state.otherApp.name}</span
      >
    </summary>
    <div class="check-body">
      <p class="muted">
        ${state} · <a href="${run.detailsUrl}" rel="nofollow noopener noreferrer">Details</a> · external id
        <code>${run.externalId || 'none'}</code>
      </p>
      ${run.status === 'completed' && run.appId === github.state.app.id && buttonsOf(pull, run)}
      <div class="markdown-body">
        ${[summary, text].map((words) => words !== null && renderMarkdown(words, references))}
      </div>
    </div>
  </details>`;
}

/** GitHub draws them only below a completed run. */
function buttonsOf(pull: PullRequest, run: CheckRun): Html {
  const path = `${pullPath(pull)}/checks/${run.id}`;
  return html`<p class="buttons">
    ${run.actions.map(
      (action) =>
        html`<button
          form="act"
          formnovalidate
          formaction="${path}/actions"
          name="identifier"
          value="${action.identifier}"
          title="${action.description}"
        >
          ${action.label}
        </button>`,
    )}
    <button form="act" formnovalidate formaction="${path}/rerequest">Re-run</button>
  </p>`;
}

function mergeState(pull: PullRequest): Html {
  if (pull.mergedAtMs !== undefined) return html`<p>Merged by <b>${pull.mergedBy?.login ?? 'ghost'}</b>.</p>`;
  if (pull.state === 'closed') return html`<p>Closed with unmerged commits.</p>`;
  return html`<p>This branch has no conflicts with the base branch.</p>`;
}

/** What a person would do with git or further up on GitHub's page. */
function pullButtons(pull: PullRequest): Html {
  const button = (action: string, label: string) =>
    html`<button form="act" formnovalidate formaction="${pullPath(pull)}/${action}">${label}</button>`;
  const open = pull.state === 'open';
  return html`<p class="buttons pull-buttons">
    ${pull.headRepository && button('push', 'Push a commit')}
    ${pull.headRepository && button('force-push', 'Force-push')} ${open && button('merge', 'Merge')}
    ${open ? button('close', 'Close') : pull.mergedAtMs === undefined && button('reopen', 'Reopen')}
  </p>`;
}
