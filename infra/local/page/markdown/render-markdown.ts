/** Renders Markdown as GitHub does in a comment: GFM, alerts, task lists, charts, mentions; only GitHub's tags survive. */
import { randomUUID } from 'node:crypto';
import { Marked, type Token, type Tokens } from 'marked';
import { alertIn, isBalanced, openAfter, type Alert } from './alerts.ts';
import { drawXyChart } from './draw-xychart.ts';
import { html, safeHtml, type Html } from '../shell/html.ts';
import { icon } from '../shell/icons.ts';
import { linkReferences, type References } from './references.ts';
import { HIDDEN, sanitize } from './sanitize.ts';
import { parseXyChart } from './xychart.ts';

export function renderMarkdown(markdown: string, references: References): Html {
  const charts = createChartKeeper();
  const marked = new Marked({
    gfm: true,
    // In comments GitHub keeps single line ends.
    breaks: true,
    renderer: { code: (token) => charts.keep(token) },
  });
  const show = (tokens: Token[]) => {
    const linked = linkReferences(sanitize(marked.parser(tokens)), references);
    return charts.putBack(linked.replaceAll(HIDDEN, ''));
  };
  return html`${segmentsOf(marked.lexer(markdown)).map((segment) => {
    if (!('kind' in segment)) return safeHtml(show(segment.tokens));
    const title = html`<p class="markdown-alert-title">
      ${icon(segment.kind)} ${capitalized(segment.kind)}
    </p>`;
    return html`<div class="markdown-alert markdown-alert-${segment.kind}">
      ${title}${safeHtml(show(segment.tokens))}
    </div>`;
  })}`;
}

type Segment = Alert | { readonly tokens: Token[] };

/** Alerts apart from the rest: each part is made safe on its own, and an alert counts only outside of any HTML element. */
function segmentsOf(tokens: readonly Token[]): Segment[] {
  const segments: Segment[] = [];
  let plain: Token[] = [];
  let open: readonly string[] = [];
  const flush = () => {
    if (plain.length > 0) segments.push({ tokens: plain });
    plain = [];
  };
  for (const token of tokens) {
    const alert =
      token.type === 'blockquote' && isBalanced(open) ? alertIn(token as Tokens.Blockquote) : undefined;
    if (alert) {
      flush();
      segments.push(alert);
      continue;
    }
    if (token.type === 'html') open = openAfter(open, token.raw);
    plain.push(token);
  }
  flush();
  return segments;
}

/** Takes charts out before the text is made safe, and puts their drawings in where they stood. */
function createChartKeeper() {
  const secret = randomUUID();
  const drawings: Html[] = [];
  return {
    keep({ lang, text }: Tokens.Code): string | false {
      const chart = lang === 'mermaid' ? parseXyChart(text) : undefined;
      if (!chart) return false;
      drawings.push(html`<div class="chart">${drawXyChart(chart)}</div>`);
      return `<pre>${secret}-${drawings.length - 1}</pre>`;
    },
    putBack: (safe: string) =>
      safe.replace(
        new RegExp(`<pre>${secret}-(\\d+)</pre>`, 'g'),
        (_, index: string) => drawings[Number(index)]?.text ?? '',
      ),
  };
}

function capitalized(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}
