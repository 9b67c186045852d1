/** Finds the commands in a comment: at the start of a line, outside quotes, code and HTML comments. */

export interface CommandLine {
  /** What follows the prompt, as it was typed. */
  readonly text: string;
}

/** More commands than this in one comment are an accident. */
export const MAX_COMMANDS = 10;

/** `prompt` is matched case-insensitively and must end there: `/perf-bottle` is not `/perf-bot`. */
export function commandLines(body: string, prompt: string): CommandLine[] {
  const lines: CommandLine[] = [];
  for (const line of readableLines(body)) {
    const start = /^ {0,3}/.exec(line)?.[0].length ?? 0;
    const word = line.slice(start, start + prompt.length);
    const after = line.slice(start + prompt.length);
    if (word.toLowerCase() === prompt.toLowerCase() && (after === '' || /^\s/.test(after)))
      lines.push({ text: after.trim() });
    if (lines.length === MAX_COMMANDS) break;
  }
  return lines;
}

/** The lines that a reader sees as plain text. https://github.github.com/gfm/ */
function* readableLines(body: string): Generator<string> {
  let fence: string | undefined;
  let closing: RegExp | undefined;
  for (const raw of body.split(/\r\n|\r|\n/)) {
    if (fence !== undefined) {
      if (isClosingFence(raw, fence)) fence = undefined;
      continue;
    }
    let line = raw;
    if (closing) {
      const end = closing.exec(line);
      if (!end) continue;
      line = ' '.repeat(4) + line.slice(end.index + end[0].length);
      closing = undefined;
    }
    const opening = /^ {0,3}(`{3,}|~{3,})([^`]*)$/.exec(line);
    if (opening?.[1] !== undefined) {
      fence = opening[1];
      continue;
    }
    const { visible, opens } = withoutHiddenParts(line);
    closing = opens;
    yield visible;
  }
}

function isClosingFence(line: string, fence: string): boolean {
  const closing = /^ {0,3}(`{3,}|~{3,})\s*$/.exec(line)?.[1];
  return closing !== undefined && closing[0] === fence[0] && closing.length >= fence.length;
}

const HIDING: readonly { readonly open: RegExp; readonly close: RegExp }[] = [
  { open: /<!--/, close: /-->/ },
  { open: /<pre[\s>]/i, close: /<\/pre\s*>/i },
  { open: /<code[\s>]/i, close: /<\/code\s*>/i },
];

/** Cuts HTML comments and preformatted text out of a line; `opens` is what would end one that goes on. */
function withoutHiddenParts(line: string): { visible: string; opens: RegExp | undefined } {
  let visible = line;
  for (const { open, close } of HIDING) {
    for (let start = open.exec(visible); start; start = open.exec(visible)) {
      const rest = visible.slice(start.index + start[0].length);
      const end = close.exec(rest);
      if (!end) return { visible: visible.slice(0, start.index), opens: close };
      visible = `${visible.slice(0, start.index)} ${rest.slice(end.index + end[0].length)}`;
    }
  }
  return { visible, opens: undefined };
}
