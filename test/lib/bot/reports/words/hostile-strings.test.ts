/** Each odd string, put into every place that comes from outside, leaves the page as it was laid out with harmless words. */
import { describe, expect, test } from '@jest/globals';
import { Marked } from 'marked';
import sanitizeHtml from 'sanitize-html';
import { checkOfRun } from '../../../../../lib/bot/reports/words/check-of-run.ts';
import type { MetricVerdict } from '../../../../../lib/bot/record/report.ts';
import { statusComment } from '../../../../../lib/bot/reports/words/status-comment.ts';
import { RUN_STATES, type JobRun, type RunState } from '../../../../../lib/bot/record/job-run.ts';
import { aRow, aRun, CREATED_AT_MS, MINUTE_MS } from '../../a-run.ts';
import { runSaying } from './run-saying.ts';

const NOW_MS = CREATED_AT_MS + 30 * MINUTE_MS;
const VERDICTS: readonly MetricVerdict[] = ['worse', 'better', 'changed', 'same', 'cannot-tell', 'info'];

const HOSTILE: readonly (readonly [what: string, text: string])[] = [
  ['a pipe', 'a | b || c'],
  ['an escaped pipe', 'a \\| b \\\\| c'],
  ['a row of a table', '| a | b |\n|---|---|\n| c | d |'],
  ['backticks', '`a` ``b`` ```c``` `'],
  ['a fence', '```\nout\n```\n~~~\nout'],
  ['a mermaid fence', '```mermaid\ngraph TD; a-->b\n```'],
  ['mermaid’s own words', '"] %%{init: {}}%% click a href "javascript:alert(1)"; line [1,2]'],
  ['HTML', '<b>x</b><script>alert(1)</script><img src=x onerror=alert(1)>'],
  ['tags that close ours', '</td></tr></table></details></sub></div><details open><summary>x</summary>'],
  ['a comment', '<!-- x --> --> <!-- perf-bot:v1 {"verdict":"faster"} -->'],
  ['half a comment', 'x <!-- x'],
  ['entities', '&lt;b&gt; &#64;ana &#x3c;img&#x3e; &copy'],
  ['a mention', '@ana @acme/team (@ana) x@ana'],
  ['a number of an issue', '#1 acme/shop#2 GH-3'],
  ['addresses', 'https://evil.test www.evil.test mailto:a@evil.test ftp://evil.test'],
  ['links', '[x](javascript:alert(1)) ![x](https://evil.test/x.png) [x][y] <https://evil.test>'],
  ['a definition of a link', '[smoke]: https://evil.test\n[^1]: note'],
  ['blocks', '# head\n> quote\n- list\n1. one\n    code\n---\n***'],
  ['an alert', '> [!CAUTION]\n> all is lost'],
  ['a heading below the line', 'x\n===\ny\n---'],
  ['emphasis', '**a** __b__ *c* _d_ ~~e~~ ***'],
  ['mathematics', '$x$ $$y$$ $`z`$'],
  ['backslashes', '\\ \\\\ \\` \\* x\\'],
  ['text from right to left', 'שלום \u202egnp.exe\u202c \u2066x\u2069 \u200fy \u061cz'],
  ['what has no width', 'a\u200bb\u200cc\u200dd\u2060e\ufefff\u00adg'],
  ['line ends of every kind', 'a\rb\r\nc\u000bd\u000ce\u0085f\u2028g\u2029h'],
  ['control characters', 'a\u0000b\u0007c\u001b[31md\u009be\u007f'],
  ['hidden letters', 'a\u{e0041}\u{e007f}b\ufff9c\ufffb'],
  ['half a character', 'a\ud83d b\udc4d'],
  ['marks heaped on one letter', `z${'\u0335\u0322\u033f'.repeat(60)}x`],
  ['5,000 letters', 'a'.repeat(5000)],
  ['5,000 emoji', '👩‍🚀'.repeat(1000)],
  ['5,000 words', 'word '.repeat(1000)],
  ['5,000 pipes', '|'.repeat(5000)],
  ['5,000 backticks', '`'.repeat(5000)],
];

function runWith(state: RunState, text: string): JobRun {
  // A record holds only so much of a report: rows beyond that are counted, not drawn.
  const short = text.slice(0, 1_000);
  const rows = VERDICTS.flatMap((verdict, index) => [
    aRow({
      name: `${short}${index}`,
      title: short,
      unit: short,
      verdict,
      why: short,
      direction: 'lower',
      limitPercent: 2,
      dataset: index,
      history: [1, 2, 3],
      runs: 20,
      horreumSays: 'same',
      policy: verdict === 'info' ? 'info' : 'gate',
    }),
    withoutNumbers(aRow({ name: `${short}${index}!`, title: short, verdict, text: short, policy: 'info' })),
    aRow({ name: `${short}${index}?`, title: short, verdict, acknowledged: { by: short, reason: short } }),
  ]);
  const upload = { runId: 5, url: 'https://horreum.test/5' };
  return runSaying({ text, labUrl: 'https://lab.test/1', upload, rows }, { state, endedAtMs: NOW_MS });
}

function withoutNumbers(row: ReturnType<typeof aRow>) {
  const { baseline: _baseline, value: _value, changePercent: _change, ...rest } = row;
  return rest;
}

const TAGS =
  'h3 p table thead tbody tr th td details summary sub code pre strong em a blockquote ul ol li hr br del img input h1 h2 h4 h5 h6';

/** As GitHub reads it: Markdown, then only what it lets through. */
function rendered(markdown: string): string {
  const html = new Marked({ gfm: true }).parse(markdown, { async: false });
  return sanitizeHtml(html, {
    allowedTags: TAGS.split(' '),
    allowedAttributes: { a: ['href'], details: ['open'], code: ['class'], img: ['src'] },
  });
}

interface Layout {
  /** Every tag in its order. */
  readonly tags: readonly string[];
  readonly links: readonly string[];
}

function layoutOf(html: string): Layout {
  return {
    // Several lines of a log or none: within a block of code there are no tags.
    tags: [...html.matchAll(/<\/?[a-z0-9]+[^>]*>/g)].map(([tag]) => tag.replace(/ href="[^"]*"/, '')),
    links: [...html.matchAll(/href="([^"]*)"/g)].map(([, href = '']) => href),
  };
}

function visible(html: string): string {
  return html.replace(/<pre>[\s\S]*?<\/pre>|<code[^>]*>[\s\S]*?<\/code>|<[^>]*>/g, ' ');
}

const comment = (run: JobRun) =>
  statusComment([run, aRun({ jobId: 'beside' })], {
    prompt: '/perf-bot',
    nowMs: NOW_MS,
    behindOf: () => ({ commits: 2 }),
    durationsOf: () => [60_000],
  });
const check = (run: JobRun) =>
  checkOfRun(run, undefined, { prompt: '/perf-bot', nowMs: NOW_MS, durationsMs: [] });

const harmless = new Map(
  RUN_STATES.map((state) => {
    const run = runWith(state, 'word');
    return [
      state,
      { comment: layoutOf(rendered(comment(run))), check: layoutOf(rendered(check(run).summary)) },
    ];
  }),
);

describe.each(HOSTILE)('%s', (_, text) => {
  test.each(RUN_STATES)('in a run that is %s', (state) => {
    const run = runWith(state, text);
    const { summary, title, text: more = '' } = check(run);
    const page = rendered(comment(run));
    expect(layoutOf(page)).toEqual(harmless.get(state)?.comment);
    expect(layoutOf(rendered(summary))).toEqual(harmless.get(state)?.check);
    for (const one of [page, rendered(summary), rendered(more)]) {
      expect(visible(one)).not.toMatch(/@[\w]|#\d|\bGH-\d|[a-z]+:\/\/|www\.\w/i);
      expect(one).not.toMatch(INVISIBLE);
    }
    expect(title).not.toMatch(/[\r\n]/);
    expect(title).not.toMatch(INVISIBLE);
  });
});

/** What turns text round or can't be seen, but for the mark that we put into mentions ourselves. */
const INVISIBLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/u;
