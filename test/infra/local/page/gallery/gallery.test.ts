/** The gallery: every state from the real renderers, within GitHub's limits, and nothing in it comes alive. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, test } from '@jest/globals';
import { startedStandIn } from '../../github/started-stand-in.ts';
import { createPullRequestPage } from '../../../../../infra/local/page/pull-request-page.ts';
import { galleryAnswers } from '../../../../../infra/local/page/gallery/gallery-answers.ts';
import { checksOf, commentOf } from '../../../../../infra/local/page/gallery/gallery-page.ts';
import { galleryStates } from '../../../../../infra/local/page/gallery/gallery-states.ts';
import { RUN_STATES } from '../../../../../lib/bot/record/job-run.ts';

const started = await startedStandIn();
const page = createPullRequestPage(started.github);
const server = createServer((request, response) => void page(request, response));
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
afterAll(async () => {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  await started.close();
});

const states = galleryStates();
const answers = await galleryAnswers();

describe('the states', () => {
  test('are all that a run can be in, and all verdicts', () => {
    const runs = states.flatMap((state) => state.runs);
    expect(new Set(runs.map(({ state }) => state))).toEqual(new Set(RUN_STATES));
    const verdicts = new Set(runs.flatMap(({ report }) => report?.verdict ?? []));
    for (const verdict of ['slower', 'faster', 'unchanged', 'changed', 'cannot-tell'])
      expect(verdicts).toContain(verdict);
    const failures = new Set(runs.flatMap(({ failure }) => failure?.looksLike ?? []));
    for (const failure of ['code', 'lab', 'configuration', 'unstable', 'aborted'])
      expect(failures).toContain(failure);
    expect(new Set(states.flatMap(checksOf).map(({ conclusion }) => conclusion))).toEqual(
      new Set([undefined, 'success', 'failure', 'neutral', 'cancelled', 'timed_out', 'action_required']),
    );
  });

  test.each(states.map((state) => [state.id, state] as const))('%s keeps GitHub’s limits', (_, state) => {
    const body = commentOf(state);
    expect(body.length).toBeLessThan(65_536);
    expect(body).toContain('<!-- perf-bot:v1 ');
    for (const { title, summary, text = '', actions = [] } of checksOf(state)) {
      expect(title.length).toBeLessThanOrEqual(200);
      expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(65_535);
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(65_535);
      expect(actions.length).toBeLessThanOrEqual(3);
    }
  });

  test('500 metrics in 8 datasets: what has no room is said, with where it is', () => {
    const crowded = states.find(({ id }) => id === 'crowded');
    const body = crowded ? commentOf(crowded) : '';
    expect(body).toMatch(/\d{4} more rows have no room here: see the check run’s text, and \[Horreum\]/);
    expect(body.match(/^\| .*endpoint/gm)?.length).toBeGreaterThan(200);
  });
});

test('the answers are the handlers’ own', () => {
  const byId = new Map(answers.map(({ id, markdown }) => [id, markdown]));
  expect(byId.get('help')).toContain('| `run JOB [KEY=VALUE…]` |');
  expect(byId.get('unknown-command')).toContain('Did you mean `run`');
  expect(byId.get('unknown-job')).toContain('Did you mean `getting-started`');
  expect(byId.get('refused')).toContain('🔒');
  expect(byId.get('fork')).toContain('approve 3f9c2e1');
  expect(byId.get('history')).toContain('xychart-beta');
});

describe('the page', () => {
  test('shows each state and answer in both themes, with charts, and mentions only in the one mention', async () => {
    for (const theme of ['', '?theme=dark']) {
      const response = await fetch(`${url}/gallery${theme}`);
      expect(response.status).toBe(200);
      const text = await response.text();
      const absent = [...states, ...answers].filter(({ id }) => !text.includes(`id="${id}"`));
      expect(absent).toEqual([]);
      expect(text.match(/<svg class="xychart"/g)?.length).toBeGreaterThan(10);
      expect(text.includes('language-mermaid')).toBe(false);
      const mentions = [...text.matchAll(/<span class="user-mention">([^<]*)</g)].map(([, name]) => name);
      expect(mentions).toEqual(['@ana']);
      // Not the text itself: a failure would print all of it.
      const alive = /class="issue-link"|<script|<img|href="\s*javascript:/.exec(text)?.[0];
      expect(alive).toBeUndefined();
    }
  });

  test('a theme is one of two, and the style sheet follows it', async () => {
    const style = async (query: string) => (await fetch(`${url}/-/github-markdown.css${query}`)).text();
    expect(await style('?theme=dark')).not.toContain('prefers-color-scheme');
    expect(await style('?theme=pink')).toBe(await style(''));
  });
});
