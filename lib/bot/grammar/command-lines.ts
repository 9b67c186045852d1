/** Finds the commands in a comment: at the start of a line, outside quotes, code and HTML comments. */

/** Phones and pages put these around what is typed or copied: soft hyphens, spaces without width, marks of direction, byte order marks. */
const INVISIBLE = /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g;

/** More commands than this in one comment are an accident. */
export const MAX_COMMANDS = 10;

/** What follows each prompt, as it was typed. Case does not matter; `/perf-bottle` is not `/perf-bot`. */
export function commandLines(body: string, prompt: string): string[] {
  const lines: string[] = [];
  for (const readable of readableLines(body)) {
    const line = readable.replace(INVISIBLE, '');
    const start = /^[ \u00a0]{0,3}/.exec(line)?.[0].length ?? 0;
    const word = line.slice(start, start + prompt.length);
    const after = line.slice(start + prompt.length);
    if (word.toLowerCase() === prompt.toLowerCase() && (after === '' || /^\s/.test(after)))
      lines.push(after.trim());
    if (lines.length === MAX_COMMANDS) break;
  }
  return lines;
}

interface Fence {
  readonly marks: string;
  /** The column where the text of the surrounding list item begins; 0 outside lists. */
  readonly indent: number;
}

/** Replaces something hidden, so that the text after it does not begin a line. */
const GAP = ' '.repeat(4);

/** The lines that a reader sees as plain text. https://github.github.com/gfm/ */
function* readableLines(body: string): Generator<string> {
  let fence: Fence | undefined;
  let closing: RegExp | undefined;
  for (const raw of body.split(/\r\n|\r|\n/)) {
    if (fence && !leavesList(raw, fence)) {
      if (isClosingFence(raw, fence)) fence = undefined;
      continue;
    }
    fence = undefined;
    let line = raw;
    if (closing) {
      const end = closing.exec(line);
      if (!end) continue;
      line = GAP + line.slice(end.index + end[0].length);
      closing = undefined;
    }
    fence = openingFence(line);
    if (fence) continue;
    const { visible, opens } = withoutHiddenParts(line);
    closing = opens;
    yield visible;
  }
}

/** Spaces can match in one way only: with two ways, a line of many list marks would take for ever. */
const FENCE =
  /^((?: {0,3}(?:[-+*]|\d{1,9}[.)])[ \t]+(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)*)?) {0,3}(?:(`{3,})[^`]*|(~{3,}).*)$/;

function openingFence(line: string): Fence | undefined {
  const found = FENCE.exec(line);
  const marks = found?.[2] ?? found?.[3];
  return marks === undefined ? undefined : { marks, indent: found?.[1]?.length ?? 0 };
}

/** A list item, and the code in it, ends at the first line that is indented less. */
function leavesList(line: string, { indent }: Fence): boolean {
  return line.search(/\S/) >= 0 && line.search(/\S/) < indent && !/^ *\t/.test(line);
}

function isClosingFence(line: string, { marks, indent }: Fence): boolean {
  const [, spaces = '', closer = ''] = /^( *)(`{3,}|~{3,})[ \t]*$/.exec(line) ?? [];
  return spaces.length <= indent + 3 && closer[0] === marks[0] && closer.length >= marks.length;
}

/** Cuts HTML comments and preformatted text out of a line; `opens` matches the end of one that continues on the next line. */
function withoutHiddenParts(line: string): { visible: string; opens: RegExp | undefined } {
  /** If two overlap, the first counts: a comment mark in a code span is only text. */
  const hiding = /(?<!`)(`+)(?!`)|<!--|<(pre|code)(?=[\s>]|$)/gi;
  let visible = '';
  let from = 0;
  for (let found = hiding.exec(line); found; found = hiding.exec(line)) {
    const [mark, ticks, element] = found;
    const close =
      ticks === undefined
        ? new RegExp(element === undefined ? '-->' : `</${element}\\s*>`, 'gi')
        : new RegExp(`(?<!\`)\`{${ticks.length}}(?!\`)`, 'g'); // counted: written out, a long run is too large for one
    close.lastIndex = found.index + mark.length;
    const end = close.exec(line);
    if (end) hiding.lastIndex = end.index + end[0].length;
    if (ticks !== undefined) continue;
    visible += line.slice(from, found.index) + GAP;
    if (!end) return { visible, opens: new RegExp(close.source, 'i') };
    from = hiding.lastIndex;
  }
  return { visible: visible + line.slice(from), opens: undefined };
}
