/** Text from outside, as a Markdown reader shows it: the same words, and nothing live. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Marked } from 'marked';
import sanitizeHtml from 'sanitize-html';
import {
  code,
  codeBlock,
  details,
  hidden,
  link,
  shorten,
  table,
  words,
} from '../../../../lib/bot/text/markdown.ts';

const marked = new Marked({ gfm: true });
const inline = (markdown: string): string => marked.parseInline(markdown, { async: false });
const block = (markdown: string): string => marked.parse(markdown, { async: false });

/** What a reader sees of HTML: its text, without the marks that break mentions. */
function textOf(html: string): string {
  return html
    .replace(/<[^>]*>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&#x20;/g, ' ')
    .replace(/&amp;/g, '&')
    .replaceAll('\u200b', '');
}

/** Text with much of what Markdown, HTML and GitHub act on. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...[
          '@org/team',
          '@ana',
          '#12',
          'GH-7',
          'acme/shop#3',
          '<script>alert(1)</script>',
          '<img src=x onerror=y>',
        ],
        ...[
          '<!--',
          '-->',
          '<details>',
          '</sub>',
          '|',
          '\\',
          '`',
          '``',
          '```',
          '~~~',
          '**',
          '__',
          '_',
          '*',
          '~',
          '[',
        ],
        ...[
          '](javascript:alert(1))',
          '![x](http://evil.test/x)',
          'http://evil.test',
          'www.evil.test',
          'a@b.test',
        ],
        ...[
          '&lt;',
          '&#64;ana',
          '$x$',
          '\n',
          '\r\n',
          '\n\n',
          '    ',
          '\t',
          '- ',
          '1. ',
          '# ',
          '> ',
          '---',
          '| -- |',
        ],
        ...[
          '{{x}}',
          '\u202e',
          '\u0000',
          '\u001b[31m',
          '🏎',
          'é',
          ' ',
          'word',
          ':tada:',
          '[^1]',
          '[x]: http://e.test',
        ],
      ),
      fc.string({ unit: 'grapheme', maxLength: 6 }),
    ),
    { maxLength: 14 },
  )
  .map((parts) => parts.join(''))
  .filter((text) => !text.includes('\u200b'));

/** The same on one line, without what can't be seen. */
const plain = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\u0085\s]+/g, ' ')
    .replace(/\p{Cc}|(?![\u200c\u200d\u0600-\u0605\u06dd])\p{Cf}/gu, '')
    .replace(/\s+/g, ' ')
    .trim();

const LIVE = /@[\p{L}\p{N}]|#\d|\bGH-\d|https?:\/\/|www\.\w/iu;

describe('words', () => {
  test('show the same text, and nothing of it is live', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const markdown = words(text, 10_000);
        expect(textOf(inline(markdown))).toBe(plain(text));
        expect(inline(markdown)).not.toMatch(/</);
        expect(block(`x ${markdown} y`)).toMatch(/^<p>[^<]*<\/p>\n$/);
        expect(markdown).not.toMatch(LIVE);
        expect(markdown).not.toMatch(/[\n\r]/);
      }),
      { numRuns: 1500 },
    );
  });

  test('at the start of a line open no block', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        if (plain(text) !== '') expect(block(words(text))).toMatch(/^<p>[^<]*<\/p>\n$/);
      }),
    );
  });

  test('are cut where there are too many, never within a character or an escape', () => {
    expect(words('a'.repeat(500), 10)).toBe(`${'a'.repeat(9)}…`);
    expect(shorten('🏎🏎🏎', 4)).toBe('🏎…');
    fc.assert(
      fc.property(hostile, fc.nat(30), (text, length) =>
        expect(words(text, length)).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/),
      ),
    );
  });
});

describe('code', () => {
  test('shows exactly its text in one span', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const html = inline(`x ${code(text, 10_000)} y`);
        expect(html).toMatch(/^x <code>[^<]*<\/code> y$/);
        expect(textOf(html).slice(2, -2).trim()).toBe(plain(text));
      }),
      { numRuns: 1500 },
    );
  });

  test('of nothing is still a span', () => expect(inline(code(' \n'))).toMatch(/^<code>/));
});

describe('a block of code', () => {
  test('holds whatever its text holds', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const html = block(`${codeBlock(text)}\n\nafter`);
        expect(html).toMatch(/^<pre><code class="language-text">[^<]*<\/code><\/pre>\n<p>after<\/p>\n$/);
      }),
    );
  });
});

describe('a table', () => {
  const columns = [
    { title: 'A', align: 'left' },
    { title: 'B', align: 'right' },
  ] as const;

  test('keeps its cells, whatever is in them', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(hostile, hostile), { minLength: 1, maxLength: 5 }), (rows) => {
        const html = block(
          table(
            columns,
            rows.map(([one, other]) => [words(one), code(other)]),
          ),
        );
        const cells = [...html.matchAll(/<td[^>]*>(.*?)<\/td>/gs)].map(([, cell = '']) => cell);
        expect(cells).toHaveLength(rows.length * 2);
        expect((html.match(/<tr>/g) ?? []).length).toBe(rows.length + 1);
        expect(cells.map((cell) => cell.replace(/^<code>|<\/code>$/g, '')).join('')).not.toMatch(/</);
        const shown = rows.flatMap(([one, other]) => [plain(one), plain(other)]);
        const bars = (texts: string[]) => texts.join('').split('|').length;
        expect(bars(cells)).toBe(bars(shown.map((text) => shorten(text, 200))));
      }),
    );
  });

  test('shows a bar in code as it was written', () => {
    expect(block(table(columns, [[code('a|b'), words('c|d')]]))).toContain(
      '<td align="left"><code>a|b</code></td>',
    );
  });
});

describe('a link', () => {
  test.each([
    ['https://lab.test/job/1/', '<a href="https://lab.test/job/1/">text</a>'],
    ['http://user:pass@lab.test/a b(c)<d>', '<a href="http://lab.test/a%20b%28c%29%3Cd%3E">text</a>'],
    ['javascript:alert(1)', 'text'],
    ['data:text/html,x', 'text'],
    ['//lab.test', 'text'],
    ['not a url', 'text'],
    [undefined, 'text'],
  ])('to %j', (url, html) => expect(inline(link('text', url))).toBe(html));

  test('goes where it says, to http only, whatever text and URL hold', () => {
    const urls = fc.oneof(
      hostile,
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
      fc.tuple(fc.webUrl(), hostile).map((parts) => parts.join('/')),
    );
    fc.assert(
      fc.property(hostile, urls, (text, url) => {
        const html = inline(link(text, url));
        expect(html.match(/<(?!\/?a\b)/g)).toBeNull();
        const [, href = 'http:'] = /^<a href="([^"]*)">[^<]*<\/a>$/.exec(html) ?? [];
        expect(href).toMatch(/^https?:/);
        if (!html.startsWith('<a')) return expect(html).not.toMatch(/</);
        expect(new URL(textOf(href)).host).toBe(new URL(url).host);
        expect(href.replaceAll('&amp;', '')).not.toMatch(/[<>()"]/);
        const clean = sanitizeHtml(html, { allowedTags: ['a'], allowedAttributes: { a: ['href'] } });
        expect(clean).toMatch(/^<a href="http/);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a hidden value', () => {
  test('is one comment that nothing ends early, and can be read back', () => {
    const values = fc
      .jsonValue()
      .chain((value) => hostile.map((text) => ({ value, text, dashes: '--->', [text]: '<!--' })));
    fc.assert(
      fc.property(values, (value) => {
        const markdown = hidden('perf-bot:v1', value);
        const inside = /^<!-- perf-bot:v1 (.*) -->$/s.exec(markdown)?.[1] ?? '';
        expect(inside).not.toMatch(/--|[<>]/);
        expect(JSON.parse(inside)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

test('a fold shows its summary and its Markdown', () => {
  const html = block(details('3 more', table([{ title: 'A', align: 'left' }], [[words('<b>')]])));
  expect(html).toContain('<details><summary>3 more</summary>');
  expect(html).toContain('&lt;b&gt;');
  expect(details('x', 'y', true)).toMatch(/^<details open>/);
});
