/** Splits a command line into words and KEY=VALUE pairs; values may be quoted, pairs may be separated by commas. */

export interface SplitLine {
  readonly words: readonly string[];
  readonly pairs: readonly (readonly [name: string, value: string])[];
  /** Whether a quote is opened and never closed. */
  readonly openQuote: boolean;
}

/** The marks that open and close a quoted value. */
export const QUOTES: readonly (readonly [open: string, close: string])[] = [
  ['"', '"'],
  ["'", "'"],
  ['«', '»'],
  ['»', '«'],
  ['“', '”'],
  ['”', '”'],
  ['„', '“'],
  ['„', '”'],
  ['‘', '’'],
  ['‚', '‘'],
  ['‚', '’'],
];
const NAME = /^([A-Za-z_][A-Za-z0-9_.-]*)=/;

export function splitWords(text: string): SplitLine {
  const words: string[] = [];
  const pairs: (readonly [string, string])[] = [];
  let rest = text.trim();
  let openQuote = false;
  while (rest !== '') {
    const name = NAME.exec(rest)?.[1];
    const from = name === undefined ? rest : rest.slice(name.length + 1);
    const taken = takeValue(from, name !== undefined);
    openQuote ||= taken.openQuote;
    if (name !== undefined) pairs.push([name, taken.value]);
    else words.push(taken.value);
    rest = taken.rest.replace(/^[\s,]+/, '');
  }
  return { words, pairs, openQuote };
}

function takeValue(text: string, inPair: boolean): { value: string; rest: string; openQuote: boolean } {
  const closers = QUOTES.flatMap(([open, close]) => (open === text[0] ? [close] : []));
  if (closers.length > 0) {
    const ends = [closers, ['"']].map((marks) => firstOf(marks, text)).find((at) => at !== -1);
    if (ends === undefined) return { value: text.slice(1), rest: '', openQuote: true };
    return { value: text.slice(1, ends), rest: text.slice(ends + 1), openQuote: false };
  }
  const end = inPair
    ? /\s|,(?=\s*[A-Za-z_][A-Za-z0-9_.-]*=)|,(?=\s|$)/.exec(text)
    : /\s|,(?=\s|$)|,(?=[A-Za-z_][A-Za-z0-9_.-]*=)/.exec(text);
  const at = end?.index ?? text.length;
  return { value: text.slice(0, at), rest: text.slice(at), openQuote: false };
}

/** Where the first of the marks is behind the first character, or -1. */
function firstOf(marks: readonly string[], text: string): number {
  const found = marks.map((mark) => text.indexOf(mark, 1)).filter((at) => at !== -1);
  return found.length === 0 ? -1 : Math.min(...found);
}
