/** Shows `/gallery`: every state that people can meet, as comment and as check run, to be judged side by side. */
import { newestOfEachJob } from '../../../../lib/bot/record/job-run.ts';
import type { CheckRun } from '../../../../lib/github/github.ts';
import { checkOfRun } from '../../../../lib/bot/reports/words/check-of-run.ts';
import { statusComment } from '../../../../lib/bot/reports/words/status-comment.ts';
import { html, type Html } from '../shell/html.ts';
import { icon, type IconName } from '../shell/icons.ts';
import { renderPage, type RenderedPage, type Theme } from '../shell/page-shell.ts';
import type { References } from '../markdown/references.ts';
import { renderMarkdown } from '../markdown/render-markdown.ts';
import { galleryAnswers, type GalleryAnswer } from './gallery-answers.ts';
import { MINUTE_MS, NOW_MS, type GalleryState } from './made-up-runs.ts';
import { galleryStates } from './gallery-states.ts';

const PROMPT = '/perf-bot';
const DURATIONS_MS = [31, 30, 34, 48, 31, 33].map((minutes) => minutes * MINUTE_MS);
const WAITS_MS = [2, 12, 4, 8].map((minutes) => minutes * MINUTE_MS);

/** Everything could be mentioned here, so that a live mention would be seen at once. */
const REFERENCES: References = {
  isMentionable: () => true,
  issueUrl: (number) => `#${number}`,
  commit: () => undefined,
};

export async function galleryPage(theme: Theme | undefined): Promise<RenderedPage> {
  const states = galleryStates();
  const answers = await galleryAnswers();
  const main = html`<h1 class="pull-title">
      Gallery <span class="muted">every state, on made-up records</span>
    </h1>
    <p class="muted">
      Theme: ${theme ?? 'as your system has it'}. <a href="/gallery?theme=light">light</a> ·
      <a href="/gallery?theme=dark">dark</a> · <a href="/gallery">system</a>
    </p>
    <nav class="gallery-index">
      ${[...states, ...answers].map(({ id, title }) => html`<a href="#${id}">${title}</a>`)}
    </nav>
    ${states.map(stateCard)}
    <h2>Answers to commands</h2>
    ${answers.map(answerCard)}`;
  return renderPage({ title: 'Gallery · Perf Bot', main, ...(theme ? { theme } : {}) });
}

export function commentOf({ runs, behind = 0 }: GalleryState): string {
  return statusComment(runs, {
    prompt: PROMPT,
    nowMs: NOW_MS,
    durationsOf: () => DURATIONS_MS,
    waitsOf: () => WAITS_MS,
    behindOf: () => ({ commits: behind }),
  });
}

export function checksOf({ runs }: GalleryState): CheckRun[] {
  const current = newestOfEachJob(runs);
  return current.map((run) =>
    checkOfRun(run, undefined, {
      prompt: PROMPT,
      nowMs: NOW_MS,
      durationsMs: DURATIONS_MS,
      waitsMs: WAITS_MS,
    }),
  );
}

function stateCard(state: GalleryState): Html {
  return html`<section class="gallery-state" id="${state.id}">
    <h3><a href="#${state.id}">${state.title}</a></h3>
    <div class="gallery-pair">
      ${bubble(commentOf(state))}
      <div class="merge-content">${checksOf(state).map(checkCard)}</div>
    </div>
  </section>`;
}

function answerCard({ id, title, reaction, markdown }: GalleryAnswer): Html {
  const emoji = { eyes: '👀', confused: '😕', '+1': '👍' }[reaction] ?? '';
  return html`<section class="gallery-state" id="${id}">
    <h3><a href="#${id}">${title}</a> ${emoji}</h3>
    ${bubble(markdown)}
  </section>`;
}

function bubble(markdown: string): Html {
  return html`<article class="bubble by-bot">
    <header class="bubble-head">
      <span><b>perf-bot</b> <span class="muted">commented</span></span
      ><span class="tag">bot</span>
    </header>
    <div class="markdown-body">${renderMarkdown(markdown, REFERENCES)}</div>
  </article>`;
}

function checkCard(check: CheckRun): Html {
  const state: IconName = check.status === 'completed' ? (check.conclusion ?? 'neutral') : check.status;
  return html`<details class="check-run">
    <summary>
      ${icon(state)}
      <span class="check-name"><b>${check.name}</b> <span class="muted">${check.title}</span></span>
      <span class="check-app muted">${(check.conclusion ?? check.status).replace('_', ' ')}</span>
    </summary>
    <div class="check-body">
      <p class="buttons">
        ${check.actions?.map(({ label, description }) => html`<button title="${description}">${label}</button>`)}
      </p>
      <div class="markdown-body">
        ${renderMarkdown(check.summary, REFERENCES)}${check.text !== undefined && renderMarkdown(check.text, REFERENCES)}
      </div>
    </div>
  </details>`;
}
