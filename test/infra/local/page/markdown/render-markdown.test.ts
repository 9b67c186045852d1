/** Comments as GitHub would show them, and nothing of what GitHub would not let through. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { servedPage, type ServedPage } from '../served-page.ts';

let served: ServedPage;
beforeEach(async () => void (served = await servedPage()));
afterEach(() => served.close());

async function shown(body: string): Promise<string> {
  const { id } = served.github.addComment(served.pull, 'ana', body);
  const entry = await served.entry(`comment-${id}`);
  return entry.slice(entry.indexOf('<div class="markdown-body">'));
}

describe('hostile text', () => {
  test.each([
    '<script>alert(1)</script>',
    '<ScRiPt src=//evil.example></sCrIpT>',
    '<img src=x onerror=alert(1)>',
    '<img src="javascript:alert(1)">',
    '![x](javascript:alert(1))',
    '[x](javascript:alert(1))',
    '[x](JaVa&#x09;ScRiPt:alert(1))',
    '[x](data:text/html,<script>alert(1)</script>)',
    '<a href="java&#10;script:alert(1)">x</a>',
    '<a href="vbscript:x" onclick="alert(1)">x</a>',
    '<svg onload=alert(1)><circle/></svg>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<style>body{display:none}</style>',
    '<div style="position:fixed;inset:0" class="banner" id="act">x</div>',
    '<form action="/acme/app/pull/1/merge"><button form="act" formaction="/x">y</button></form>',
    '<input type=text autofocus onfocus=alert(1)>',
    '<base href="//evil.example"><meta http-equiv=refresh content="0;url=//evil.example"><link rel=stylesheet href=//evil.example>',
    '<details open ontoggle=alert(1)><summary>x</summary></details>',
    '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<textarea><script>alert(1)</script></textarea>',
    '</article></div></div><h1>out of the box</h1><div>',
    '> [!NOTE]\n> <img src=x onerror=alert(1)><table><details>',
    '```mermaid\nxychart-beta\ntitle "</text><script>alert(1)</script>"\nx-axis ["<img src=x onerror=alert(1)>"]\nline [1]\n```',
    '```"><script>alert(1)</script>\ncode\n```',
    '@ana"onmouseover="alert(1) #1"onclick="x',
  ])('%j', async (hostile) => {
    const text = await shown(hostile);
    const tags = [...text.matchAll(/<\/?([a-z][a-z0-9-]*)((?:"[^"]*"|'[^']*'|[^>"'])*)>/gi)];
    const names = new Set(tags.map(([, name = '']) => name.toLowerCase()));
    const forbidden = [
      'script',
      'iframe',
      'style',
      'form',
      'button',
      'textarea',
      'base',
      'meta',
      'link',
      'math',
      'noscript',
      'object',
    ];
    for (const name of forbidden) expect(names).not.toContain(name);
    for (const [, , attributes = ''] of tags) {
      const without = attributes.replace(/"[^"]*"/g, '""');
      expect(without).not.toMatch(/\s(on\w+|style|id|srcdoc|autofocus|form\w*)\s*=/i);
      expect(attributes).not.toMatch(/(href|src|srcset|xlink:href)="\s*(?!https?:|mailto:|#|\/|")[a-z]+:/i);
    }
  });

  test('cannot leave its own box', async () => {
    const { github, pull } = served;
    const { id } = github.addComment(pull, 'ana', '</div></article></div></div></div><details><table><td>');
    github.addComment(pull, 'ben', 'after it');
    const entry = await served.entry(`comment-${id}`);
    const count = (pattern: RegExp) => [...entry.matchAll(pattern)].length;
    // The entry's own opening tag is cut off at the front, the next entry's opening tag is cut on at the end.
    expect(count(/<\/div>/g)).toBe(count(/<div\b/g));
    expect(count(/<\/article>/g)).toBe(count(/<article\b/g));
    expect(count(/<\/details>/g)).toBe(count(/<details\b/g));
    expect(count(/<\/table>/g)).toBe(count(/<table\b/g));
  });
});

test('tables, folded parts, task lists, line ends and harmless links', async () => {
  const text = await shown(
    '| a | b |\n|:--|--:|\n| 1 | 2 |\n\n<details open><summary>more</summary>\n\n**inside**\n</details>\n\n- [x] done\n- [ ] open\n\none\ntwo [docs](https://docs.example/x)',
  );
  expect(text).toMatch(/<table>[\s\S]*<td align="right">2<\/td>/);
  expect(text).toMatch(
    /<details open(="")?><summary>more<\/summary>[\s\S]*<strong>inside<\/strong>[\s\S]*<\/details>/,
  );
  const boxes = [...text.matchAll(/<input [^>]*>/g)].map(([tag]) => tag);
  expect(boxes).toHaveLength(2);
  for (const box of boxes) expect(box).toMatch(/type="checkbox".*disabled/);
  expect(boxes.map((box) => box.includes('checked'))).toEqual([true, false]);
  expect(text).toMatch(/one<br \/>\s*two/);
  expect(text).toContain('<a href="https://docs.example/x" rel="nofollow noopener noreferrer">docs</a>');
});

test.each(['NOTE', 'TIP', 'IMPORTANT', 'WARNING', 'CAUTION'])('the alert %s', async (kind) => {
  const text = await shown(`> [!${kind}]\n> Mind **this**.\n> And that.`);
  expect(text).toContain(`markdown-alert markdown-alert-${kind.toLowerCase()}`);
  expect(text).toMatch(/Mind <strong>this<\/strong>\.<br \/>\s*And that\./);
  expect(text).not.toContain('[!');
});

test.each([
  ['inside of details', '<details>\n\n> [!NOTE]\n> x\n\n</details>'],
  ['in a list', '- > [!NOTE]\n  > x'],
  ['in a quote', '> > [!NOTE]\n> > x'],
  ['of an unknown kind', '> [!HINT]\n> x'],
  ['with words beside the marker', '> [!NOTE] x'],
])('no alert %s', async (_, body) => {
  expect(await shown(body)).not.toContain('markdown-alert');
});

test('an alert after closed details is one', async () => {
  expect(await shown('<details><summary>x</summary>\n\ny\n</details>\n\n> [!TIP]\n> z')).toContain(
    'markdown-alert-tip',
  );
});

test('HTML comments are hidden and code stays code', async () => {
  const text = await shown('seen <!-- perf-bot:v1 {"a":1} -->\n\n```text\n<b>@ana #1</b>\n```\n\n`@ana`');
  expect(text).not.toContain('perf-bot:v1');
  expect(text).toContain('&lt;b&gt;@ana #1&lt;/b&gt;');
  expect(text).not.toContain('user-mention');
});

test.each([
  ['@ana', true],
  ['(@ana)', true],
  ['&#64;ana', true],
  ['&commat;ana', true],
  ['\\@ana', true],
  ['<@ana>', true],
  ['@nobody', false],
  ['mail@ana', false],
  ['@\u200Bana', false],
  ['@<!-- -->ana', false],
  ['`@ana`', false],
])('%s mentions: %s', async (body, mentions) => {
  expect((await shown(body)).includes('class="user-mention"')).toBe(mentions);
});

test('numbers of pull requests and SHAs become links, unknown ones do not', async () => {
  const { headSha } = served.pull;
  const text = await shown(`see #1 and #77, ${headSha} and ${'f'.repeat(40)}`);
  expect(text).toContain('href="/acme/app/pull/1"');
  expect(text).not.toContain('pull/77');
  expect(text).toContain(`>${headSha.slice(0, 7)}</tt>`);
  expect(text).toContain('f'.repeat(40));
});

test('an xychart is drawn, even inside of details; other diagrams are shown as code', async () => {
  const chart =
    '```mermaid\nxychart-beta\n  title "Throughput"\n  x-axis ["-1", "PR"]\n  y-axis "k req/s" 36 --> 43\n  line [41, 38]\n```';
  const text = await shown(`<details open><summary>x</summary>\n\n${chart}\n</details>`);
  expect(text).toMatch(
    /<details open(="")?>[\s\S]*<svg class="xychart"[\s\S]*Throughput[\s\S]*<polyline[\s\S]*<\/details>/,
  );
  const other = await shown('```mermaid\npie title x\n```');
  expect(other).toContain('<code');
  expect(other).toContain('pie title x');
});
