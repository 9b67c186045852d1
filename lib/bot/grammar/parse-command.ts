/** Parses the text after the prompt: a command, or the problem with it and a line to copy. */
import { code } from '../text/markdown.ts';
import { COMMANDS, COMMAND_NAMES, type CommandName, type CommandSpec } from './command-table.ts';
import { didYouMean, nearest } from '../text/nearest.ts';
import { splitWords } from './split-words.ts';

export interface Command {
  readonly name: CommandName;
  /** The words after the name; flags such as `--main` are in `flags`. */
  readonly words: readonly string[];
  readonly flags: readonly string[];
  readonly pairs: Readonly<Record<string, string>>;
}

export type ParsedCommand =
  | { readonly kind: 'command'; readonly command: Command }
  /** `help` is Markdown: why the line is not understood, and a line to copy. */
  | { readonly kind: 'problem'; readonly help: string };

export function parseCommand(text: string, prompt: string): ParsedCommand {
  const problem = (help: string): ParsedCommand => ({ kind: 'problem', help });
  const { words: all, pairs, openQuote } = splitWords(text);
  const [first = 'help', ...rest] = all;
  const name = COMMAND_NAMES.find((known) => known === first.toLowerCase());
  if (!name) return problem(unknownCommand(first, rest, prompt));
  const spec: CommandSpec = COMMANDS.find((command) => command.name === name) ?? COMMANDS[0];
  if (openQuote)
    return problem(`A quote in ${code(`${prompt} ${text}`)} is not closed.${usageOf(spec, prompt)}`);
  const flags = rest
    .filter((word) => /^(--|—)[a-z]/i.test(word))
    .map((flag) => flag.replace(/^(--|—)/, '').toLowerCase());
  const words = rest.filter((word) => !/^(--|—)[a-z]/i.test(word));
  const unknownFlag = flags.find((flag) => !(flag === 'main' && (name === 'get' || name === 'compare')));
  if (unknownFlag !== undefined)
    return problem(`${code(name)} has no option ${code(`--${unknownFlag}`)}.${usageOf(spec, prompt)}`);
  if (pairs.length > 0 && !spec.takesPairs) {
    const why = name === 'ack' ? 'put the reason in quotes' : `${code(name)} takes no ${code('KEY=VALUE')}`;
    return problem(
      `${code(pairs.map(([key]) => `${key}=…`).join(' '), 60)}: ${why}.${usageOf(spec, prompt)}`,
    );
  }
  if (words.length < spec.words[0])
    return problem(`${missingArguments(spec, words.length)}.${usageOf(spec, prompt)}`);
  if (words.length > spec.words[1])
    return problem(
      `${code(name)} does not take ${code(words.slice(spec.words[1]).join(' '))}.${usageOf(spec, prompt)}`,
    );
  const repeated = pairs.find(([key], index) => pairs.findIndex(([other]) => other === key) !== index);
  if (repeated) return problem(`${code(repeated[0])} has two values; give one.${usageOf(spec, prompt)}`);
  return { kind: 'command', command: { name, words, flags, pairs: Object.fromEntries(pairs) } };
}

function unknownCommand(first: string, rest: readonly string[], prompt: string): string {
  const near = nearest(first, COMMAND_NAMES);
  const guess =
    didYouMean(first, COMMAND_NAMES).trim() ||
    `Commands: ${COMMAND_NAMES.map((name) => code(name)).join(' · ')}`;
  const copy = near === undefined ? `${prompt} help` : [prompt, near, ...rest].join(' ');
  return `### ❓ There is no command ${code(first, 60)}\n${guess}\nCopy: ${code(copy)}`;
}

/** Names what the usage line requires and the person left out. */
function missingArguments({ usage }: CommandSpec, given: number): string {
  const missing = usage
    .split(' ')
    .filter((argument) => !argument.startsWith('['))
    .slice(given)
    .map((argument) => code(argument.replaceAll('"', '')));
  return `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} missing`;
}

function usageOf(spec: CommandSpec, prompt: string): string {
  return `\nUsage: ${code(`${prompt} ${spec.name} ${spec.usage}`.trim())}\nCopy: ${code(`${prompt} ${spec.example}`)}`;
}
