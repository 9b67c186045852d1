/** From the text after the prompt to a command, or to the one sentence that helps. */
import { code } from '../text/markdown.ts';
import { COMMANDS, COMMAND_NAMES, type CommandName, type CommandSpec } from './command-table.ts';
import { nearest } from '../text/nearest.ts';
import { splitWords } from './split-words.ts';

export interface Command {
  readonly name: CommandName;
  /** The words after the name; flags such as `--main` are in `flags`. */
  readonly words: readonly string[];
  readonly flags: readonly string[];
  readonly pairs: Readonly<Record<string, string>>;
}

export type ParsedCommand =
  | { readonly kind: 'command'; readonly command: Command; readonly text: string }
  /** Not understood: `help` is Markdown that says why and offers a line to copy. */
  | { readonly kind: 'problem'; readonly help: string; readonly text: string };

export function parseCommand(text: string, prompt: string): ParsedCommand {
  const problem = (help: string): ParsedCommand => ({ kind: 'problem', help, text });
  const { words: all, pairs, openQuote } = splitWords(text);
  const [first = 'help', ...rest] = all;
  const name = COMMAND_NAMES.find((known) => known === first.toLowerCase());
  if (!name) return problem(unknownCommand(first, rest, prompt));
  const spec: CommandSpec = COMMANDS.find((command) => command.name === name) ?? COMMANDS[0];
  if (openQuote)
    return problem(`A quote in ${code(`${prompt} ${text}`)} is never closed.${usageOf(spec, prompt)}`);
  const flags = rest
    .filter((word) => /^(--|—)[a-z]/i.test(word))
    .map((flag) => flag.replace(/^(--|—)/, '').toLowerCase());
  const words = rest.filter((word) => !/^(--|—)[a-z]/i.test(word));
  const unknownFlag = flags.find((flag) => !(flag === 'main' && (name === 'get' || name === 'compare')));
  if (unknownFlag !== undefined)
    return problem(`${code(name)} knows no ${code(`--${unknownFlag}`)}.${usageOf(spec, prompt)}`);
  if (pairs.length > 0 && !spec.takesPairs) {
    const why = name === 'ack' ? 'put the reason into quotes' : `${code(name)} takes no ${code('KEY=VALUE')}`;
    return problem(
      `${code(pairs.map(([key]) => `${key}=…`).join(' '), 60)}: ${why}.${usageOf(spec, prompt)}`,
    );
  }
  if (words.length < spec.words[0])
    return problem(`${code(name)} needs more: something is missing.${usageOf(spec, prompt)}`);
  if (words.length > spec.words[1])
    return problem(
      `${code(name)} does not know what to do with ${code(words.slice(spec.words[1]).join(' '))}.${usageOf(spec, prompt)}`,
    );
  const repeated = pairs.find(([key], index) => pairs.findIndex(([other]) => other === key) !== index);
  if (repeated)
    return problem(`${code(repeated[0])} is given twice; say which value you mean.${usageOf(spec, prompt)}`);
  return { kind: 'command', command: { name, words, flags, pairs: Object.fromEntries(pairs) }, text };
}

function unknownCommand(first: string, rest: readonly string[], prompt: string): string {
  const near = nearest(first, COMMAND_NAMES);
  const guess =
    near === undefined
      ? `Commands: ${COMMAND_NAMES.map((name) => code(name)).join(' · ')}`
      : `Did you mean ${code(near)}?`;
  const copy = near === undefined ? `${prompt} help` : [prompt, near, ...rest].join(' ');
  return `### ❓ There is no command ${code(first, 60)}\n${guess}\nCopy: ${code(copy)}`;
}

function usageOf(spec: CommandSpec, prompt: string): string {
  return `\nUsage: ${code(`${prompt} ${spec.name} ${spec.usage}`.trim())}\nCopy: ${code(`${prompt} ${spec.example}`)}`;
}
