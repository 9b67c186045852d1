/** Frames every page: head, banner, style and script, and the headers that keep it safe. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { html, safeHtml, type Html } from './html.ts';
import { LIVE_SCRIPT } from './live-script.ts';
import { PAGE_STYLE } from './page-style.ts';

export interface Page {
  readonly title: string;
  readonly main: Html;
  /** Where the page asks whether it is out of date; undefined for a page that never changes. */
  readonly versionUrl?: string;
  readonly version?: string;
  /** Whatever the reader's system likes. */
  readonly theme?: Theme;
}

export const THEMES = ['light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export interface RenderedPage {
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

export const MARKDOWN_STYLE_PATH = '/-/github-markdown.css';

export function markdownStyle(): string {
  return readFileSync(
    createRequire(import.meta.url).resolve('github-markdown-css/github-markdown.css'),
    'utf8',
  );
}

/** The style sheet as if the reader's system liked this theme. */
export function inTheme(css: string, theme: Theme | undefined): string {
  if (!theme) return css;
  const other = theme === 'light' ? 'dark' : 'light';
  return css
    .replaceAll(`(prefers-color-scheme: ${theme})`, 'all')
    .replaceAll(`(prefers-color-scheme: ${other})`, 'not all');
}

export function renderPage(page: Page): RenderedPage {
  const nonce = randomBytes(16).toString('base64');
  const script =
    page.versionUrl &&
    html`<script nonce="${nonce}">
      ${safeHtml(LIVE_SCRIPT)};
    </script>`;
  const { text } = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="${page.theme ?? 'light dark'}" />
        <title>${page.title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="${MARKDOWN_STYLE_PATH}${page.theme && `?theme=${page.theme}`}" />
        <style nonce="${nonce}">
          ${safeHtml(inTheme(PAGE_STYLE, page.theme))}
        </style>
      </head>
      <body data-version="${page.version ?? ''}" data-version-url="${page.versionUrl ?? ''}">
        <p class="banner">Stand-in for GitHub – nothing here is real. <a href="/">All pull requests</a></p>
        <main>${page.main}</main>
        ${script}
      </body>
    </html> `;
  return {
    text,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      ...SAFE_HEADERS,
      'content-security-policy': policy(nonce),
    },
  };
}

export const SAFE_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  // Not `no-referrer`: a form would then send the Origin `null`.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'x-stand-in': 'GitHub stand-in',
};

function policy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' https: data:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
