/** Writes text from outside as Markdown that is only text: no mention, link, HTML or table comes out of it. */

const ZERO_WIDTH_SPACE = '\u200b';

/** One line of plain words: everything that Markdown, HTML or GitHub's autolinks would act on is disarmed. */
export function words(text: string, maxLength = 300): string {
  return shorten(oneLine(text), maxLength)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*~[\]()|!^$]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, (character) => `\\${character}`)
    .replace(/@/g, `@${ZERO_WIDTH_SPACE}`)
    .replace(/#(?=\d)/g, `#${ZERO_WIDTH_SPACE}`)
    .replace(/(GH-)(?=\d)/gi, `$1${ZERO_WIDTH_SPACE}`)
    .replace(/:\/\//g, `:${ZERO_WIDTH_SPACE}//`)
    .replace(/www\./gi, `www${ZERO_WIDTH_SPACE}.`)
    .replace(/^(\s*)([-+#>=]|\d+[.)](?=\s|$))/, `$1${ZERO_WIDTH_SPACE}$2`);
}

/** The same as HTML text, for places such as `<summary>` where GitHub reads no Markdown. */
export function htmlWords(text: string, maxLength = 300): string {
  return shorten(oneLine(text), maxLength)
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/@/g, `@${ZERO_WIDTH_SPACE}`)
    .replace(/(?<!&)#(?=\d)/g, `#${ZERO_WIDTH_SPACE}`)
    .replace(/(GH-)(?=\d)/gi, `$1${ZERO_WIDTH_SPACE}`)
    .replace(/:\/\//g, `:${ZERO_WIDTH_SPACE}//`)
    .replace(/www\./gi, `www${ZERO_WIDTH_SPACE}.`);
}

/** The same as plain text, for a check's title. */
export function plainWords(text: string, maxLength = 300): string {
  return shorten(oneLine(text), maxLength);
}

/** A code span on one line; it shows its text as it is and mentions nobody. */
export function code(text: string, maxLength = 200): string {
  const line = shorten(oneLine(text), maxLength);
  if (line === '') return '` `';
  const fence = '`'.repeat(longestRun(line, '`') + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** A fenced block; its fence is longer than any in the text. */
export function codeBlock(text: string, language = 'text'): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text, '`') + 1));
  return `${fence}${language}\n${withoutControls(text).trimEnd()}\n${fence}`;
}

/** A link whose text and target come from outside; anything but http(s) is shown as words. */
export function link(text: string, url: string | undefined): string {
  if (url === undefined || !URL.canParse(url)) return words(text);
  const parsed = new URL(url);
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') return words(text);
  parsed.username = '';
  parsed.password = '';
  return `[${words(text)}](${parsed.href.replace(/[()<>\\|`*_~[\]]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`).replace(/&(?=#?\w+;)/g, '&amp;')})`;
}

export function details(summary: string, body: string, open = false): string {
  return `<details${open ? ' open' : ''}><summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

export type Alignment = 'left' | 'right' | 'center';

/** A GFM table; the cells are Markdown already. A bar splits cells even in a code span, unless a backslash stands before it. */
export function table(
  columns: readonly { readonly title: string; readonly align: Alignment }[],
  rows: readonly (readonly string[])[],
): string {
  const rule = { left: ':--', right: '--:', center: ':-:' };
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replace(/(?<!\\)((?:\\\\)*)\|/g, '$1\\|')).join(' | ')} |`;
  return [
    line(columns.map(({ title }) => title)),
    line(columns.map(({ align }) => rule[align])),
    ...rows.map(line),
  ].join('\n');
}

/** An HTML comment can't hold `--`; JSON can say it as an escape. */
export function hidden(marker: string, value: unknown): string {
  const json = JSON.stringify(value).replace(/-/g, (dash, at: number, all: string) =>
    all[at + 1] === '-' || all[at - 1] === '-' ? '\\u002d' : dash,
  );
  return `<!-- ${marker} ${json.replace(/</g, '\\u003c').replace(/>/g, '\\u003e')} -->`;
}

export function shorten(text: string, maxLength: number): string {
  return text.length <= maxLength
    ? text
    : `${text.slice(0, Math.max(0, maxLength - 1)).replace(/[\ud800-\udbff]$/, '')}…`;
}

function oneLine(text: string): string {
  return withoutControls(text).replace(/\s+/g, ' ').trim();
}

/** Control characters, marks that reverse the direction of text, and what takes no room but makes two names look alike. */
const UNSEEN =
  /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** Whether what is shown of a text would not be all of it. */
export function holdsUnseen(text: string): boolean {
  return /[\t\n\r]/.test(text) || withoutControls(text) !== text;
}

/** Keeps tabs, and newlines as such; what joins the letters of a script or an emoji stays. */
function withoutControls(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u000b\u000c\u0085\u2028\u2029]/g, '\n')
    .replace(UNSEEN, '');
}

function longestRun(text: string, character: string): number {
  let longest = 0;
  let run = 0;
  for (const one of text) {
    run = one === character ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}
