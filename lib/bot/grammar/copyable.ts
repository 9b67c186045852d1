/** Writes commands for people to copy: quoted where the parser needs it, the run named where there are several. */
import type { Command } from './parse-command.ts';
import { QUOTES } from './split-words.ts';
import { shortKey } from '../record/run-key.ts';
import { code } from '../text/markdown.ts';

export interface CommandVoice {
  readonly prompt: string;
  /** The run that a command is meant for, where there are several. */
  readonly runKey?: string | undefined;
}

export function commandFor(
  { prompt, runKey }: CommandVoice,
  command: 'rerun' | 'recheck' | 'cancel',
): string {
  return code(`${prompt} ${command}${runKey === undefined ? '' : ` ${shortKey(runKey)}`}`);
}

/** Longer than any command that a person writes by hand. */
const MOST_LINE_CHARS = 20_000;

/** A whole command that the parser understands again. */
export function lineToCopy(prompt: string, { name, words, pairs }: Omit<Command, 'flags'>): string {
  const given = Object.entries(pairs).map(([key, value]) => `${key}=${asArgument(value)}`);
  return code([prompt, name, ...words, ...given].join(' '), MOST_LINE_CHARS);
}

/** A name or value as one word of a command line, in quotes that it does not contain itself. */
export function asArgument(text: string): string {
  if (/^[\w.:/%-]+$/.test(text)) return text;
  const line = text.replace(/\s+/g, ' ');
  const [open, close] = QUOTES.find((quotes) => !quotes.some((quote) => line.includes(quote))) ?? ['"', '"'];
  return `${open}${line}${close}`;
}
