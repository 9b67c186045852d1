/** Which lines of a comment are commands: what people see as plain text at the start of a line, and nothing else. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { commandLines, MAX_COMMANDS } from '../../../../lib/bot/grammar/command-lines.ts';
import { pickEvent } from '../../../../lib/github/pick-event.ts';
import { inBoundedTime } from '../../../in-bounded-time.ts';

const PROMPT = '/perf-bot';
const found = (body: string): string[] => commandLines(body, PROMPT);

describe('a command', () => {
  test.each([
    ['/perf-bot run smoke', ['run smoke']],
    ['/perf-bot', ['']],
    ['/PERF-Bot Run smoke', ['Run smoke']],
    ['   /perf-bot run smoke', ['run smoke']],
    ['/perf-bot\trun  smoke \t', ['run  smoke']],
    ['/perf-bot\u00a0run smoke', ['run smoke']],
    ['Thanks!\n\n/perf-bot run smoke\n\nLet us see.', ['run smoke']],
    ['/perf-bot run a\r\n/perf-bot run b\r/perf-bot run c', ['run a', 'run b', 'run c']],
    ['/perf-bot run a=ü “x y” 🏎', ['run a=ü “x y” 🏎']],
    ['/perf-bot run <!-- a note --> smoke', ['run      smoke']],
    ['```\ncode\n```\n/perf-bot run smoke', ['run smoke']],
    ['- ```\n  code\n  ```\n/perf-bot run smoke', ['run smoke']],
    ['1. ```\n   code, and the item ends\n/perf-bot run smoke', ['run smoke']],
    ['<!-- hidden\nstill --> \n/perf-bot run smoke', ['run smoke']],
    ['<pre>\nx\n</PRE>\n/perf-bot run smoke', ['run smoke']],
    ['use `<!--` for comments\n/perf-bot run smoke', ['run smoke']],
    ['``a ` <pre> b``\n/perf-bot run smoke', ['run smoke']],
    ['<preview> is no <pre>x</pre>\n/perf-bot run smoke', ['run smoke']],
    ['``` not ` a fence\n/perf-bot run smoke', ['run smoke']],
    ['> quoted\n\n/perf-bot run smoke', ['run smoke']],
  ])('%j', (body, commands) => expect(found(body)).toEqual(commands));

  test('may use another prompt, whatever it holds', () => {
    expect(commandLines('@bench+ run a\n/perf-bot run b', '@bench+')).toEqual(['run a']);
  });

  test('is found as fast in a line that begins like ten thousand nested lists', () => {
    const deep = '-    1.   '.repeat(5_000);
    expect(found(`${deep}x\n/perf-bot run a`)).toEqual(['run a']);
    expect(found('-    1.   ```\n          /perf-bot run a\n          ```')).toEqual([]);
  });

  test.each([
    ['in front', '\u200b/perf-bot run a'],
    ['a byte order mark', '\ufeff/perf-bot run a'],
    ['in front of spaces', '\u2060 /perf-bot run a'],
    ['within the prompt', '/perf-\u00adbot run a'],
    ['behind the prompt', '/perf-bot\u200b run a'],
    ['around the words', '/perf-bot \u200brun\u200b \u2060a\ufeff'],
    ['a no-break space in front', '\u00a0/perf-bot run a'],
    ['marks of direction', '\u200e/perf-bot run \u202aa\u202c'],
  ])('is found with characters that nobody sees: %s', (_where, line) => {
    expect(found(line)).toEqual(['run a']);
  });

  test('is not made by a character that nobody sees: quotes and code stay what they are', () => {
    expect(found('\u200b> /perf-bot run a')).toEqual([]);
    expect(found('```\n\u200b/perf-bot run a\n```')).toEqual([]);
  });

  test('counts only so often in one comment', () => {
    expect(found('/perf-bot list\n'.repeat(50))).toHaveLength(MAX_COMMANDS);
  });
});

describe('no command', () => {
  test.each([
    ['/perf-bottle run smoke'],
    ['/perf-bot-run smoke'],
    ['/perf-bot:run'],
    ['/perf-bot/run'],
    ['/perf bot run'],
    ['perf-bot run'],
    ['//perf-bot run'],
    ['\\/perf-bot run'],
    ['/perf-bоt run (with a Cyrillic о)'],
    ['please /perf-bot run smoke'],
    ['**/perf-bot run**'],
    ['`/perf-bot run smoke`'],
    ['- /perf-bot run smoke'],
    ['1. /perf-bot run smoke'],
    ['# /perf-bot run smoke'],
    ['| /perf-bot run |'],
    ['> /perf-bot run smoke'],
    ['>/perf-bot run smoke'],
    ['> > /perf-bot run smoke'],
    ['    /perf-bot run smoke'],
    ['\t/perf-bot run smoke'],
    ['  \t/perf-bot run smoke'],
    ['```\n/perf-bot run smoke\n```'],
    ['```sh\n/perf-bot run smoke'],
    ['   ~~~~ any `info`\n/perf-bot run smoke\n~~~\n/perf-bot run\n~~~~'],
    ['````\n```\n/perf-bot run smoke\n````'],
    ['```\n~~~\n/perf-bot run smoke\n```'],
    ['```\n    ```\n/perf-bot run smoke\n```'],
    ['```\n``` x\n/perf-bot run smoke\n```'],
    ['- ```\n  /perf-bot run smoke\n  ```'],
    ['1. - ~~~\n     /perf-bot run smoke\n     ~~~'],
    ['<!-- /perf-bot run smoke -->'],
    ['<!--\n/perf-bot run smoke\n-->'],
    ['text <!-- a\n\n/perf-bot run smoke'],
    ['<!-- a -->/perf-bot run smoke'],
    ['<!--\n-->/perf-bot run smoke'],
    ['<pre>\n/perf-bot run smoke\n</pre>'],
    ['<pre\nclass="x">\n/perf-bot run smoke'],
    ['<PRE class="x">/perf-bot run smoke'],
    ['<code>\n/perf-bot run smoke\n</code>'],
    [''],
    ['\n\n'],
  ])('%j', (body) => expect(found(body)).toEqual([]));
});

/** Text with much of what Markdown acts on. */
const markdown = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...['\n', '\r\n', '\r', ' ', '    ', '\t', '```', '~~~', '`', '<!--', '-->', '<pre>', '</pre>'],
        ...['\u200b', '\ufeff', '\u00a0'],
        ...['<code>', '</code>', '> ', '- ', '1. ', PROMPT, `${PROMPT} run a`, `\n${PROMPT} list\n`],
      ),
      fc.string({ unit: 'grapheme', maxLength: 8 }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));

describe('for any text', () => {
  test('nothing throws, and each command stands as a line of the comment', () => {
    fc.assert(
      fc.property(markdown, (body) => {
        const lines = body.replace(/\p{Cf}/gu, '').split(/\r\n|\r|\n/);
        const starts = lines.filter((line) => /^[ \u00a0]{0,3}\/perf-bot(\s|<|$)/i.test(line));
        expect(found(body).length).toBeLessThanOrEqual(starts.length);
      }),
      { numRuns: 2000 },
    );
  });

  test('what stands in a fence of code never counts', () => {
    const fence = fc.constantFrom('```', '````', '~~~', '~~~~~');
    fc.assert(
      fc.property(fence, markdown, (marks, body) => {
        const inner = body.replaceAll(/[`~]/g, '');
        expect(found(`${marks}\n${inner}\n${marks}`)).toEqual([]);
        expect(found(`- ${marks}\n  ${inner.split(/[\r\n]+/).join('\n  ')}\n  ${marks}`)).toEqual([]);
      }),
    );
  });

  test('what stands in a quote, in indented code or in an HTML comment never counts', () => {
    fc.assert(
      fc.property(markdown, (body) => {
        const lines = body.replace(/\p{Cf}/gu, '').split(/\r\n|\r|\n/);
        expect(found(lines.map((line) => `> ${line}`).join('\n'))).toEqual([]);
        expect(found(lines.map((line) => `    ${line}`).join('\n'))).toEqual([]);
        expect(found(`<!--\n${body.replaceAll('-->', '')}\n-->`)).toEqual([]);
      }),
    );
  });

  test('the door lets through whatever holds a command', () => {
    fc.assert(
      fc.property(markdown, (body) => {
        const picked = pickEvent('issue_comment', commentWith(body), PROMPT);
        if (found(body).length > 0) expect(picked.kind).toBe('act');
      }),
      { numRuns: 1000 },
    );
  });

  test.each(['`', '` ', '<!-- ', '<!---->', '<pre ', '- ', '1. ', '``` `', '\n', '/perf-bot\n', ' '])(
    'a huge comment of %j is read in no time',
    (part) => {
      const body = part.repeat(Math.ceil(65_536 / part.length));
      inBoundedTime(() => found(body));
    },
  );

  test('a huge comment of one code span’s marks is read like any other', () => {
    const marks = '`'.repeat(30_000);
    expect(found(`x ${marks} <!-- ${marks}\n/perf-bot run a`)).toEqual(['run a']);
    expect(found(`x ${'`'.repeat(65_000)}\n/perf-bot run a`)).toEqual(['run a']);
  });
});

function commentWith(body: string): unknown {
  return {
    action: 'created',
    repository: { id: 1, full_name: 'acme/shop', private: false },
    installation: { id: 2 },
    issue: { number: 3, pull_request: {} },
    comment: { id: 4, body, user: { id: 5, login: 'ana', type: 'User' } },
  };
}
