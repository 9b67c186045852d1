/** `help [COMMAND]`: shows the table of commands and what the person may do, or explains one command. */
import { checkAccess } from '../projects/access.ts';
import { code, table } from '../text/markdown.ts';
import type { Answer, CommandContext } from './command-context.ts';
import {
  COMMANDS,
  COMMAND_NAMES,
  specOf,
  type CommandRight,
  type CommandSpec,
} from '../grammar/command-table.ts';
import type { Command } from '../grammar/parse-command.ts';
import { didYouMean, nearest } from '../text/nearest.ts';

export async function help(context: CommandContext, command: Command): Promise<Answer> {
  const { prompt } = context.deps.settings;
  const [asked] = command.words;
  if (asked === undefined) return { reaction: 'eyes', reply: await wholeHelp(context) };
  const name = COMMAND_NAMES.find((known) => known === asked.toLowerCase());
  if (name) return { reaction: 'eyes', reply: oneCommand(specOf(name), prompt) };
  const near = nearest(asked, COMMAND_NAMES);
  return {
    reaction: 'confused',
    reply: `### ❓ There is no command ${code(asked, 60)}\n${didYouMean(asked, COMMAND_NAMES)}Copy: ${code(`${prompt} help${near === undefined ? '' : ` ${near}`}`)}`,
  };
}

async function wholeHelp(context: CommandContext): Promise<string> {
  const { deps, gitHub, project, person, repository } = context;
  const rights = await Promise.all(
    (['read', 'run'] as const).map(
      async (right) =>
        [right, (await checkAccess(gitHub, project, undefined, right, person, repository)).allowed] as const,
    ),
  );
  const may = new Map<CommandRight, boolean>([
    ...rights,
    ['maintain', rights.find(([right]) => right === 'run')?.[1] ?? false],
  ]);
  const allowed = COMMANDS.filter(({ right }) => may.get(right)).map(({ name }) => code(name));
  const jobs = Object.keys(project.jobs)
    .slice(0, 20)
    .map((jobId) => code(jobId))
    .join(' · ');
  return [
    `### Perf Bot for ${code(project.repoFullName)}`,
    commandTable(COMMANDS),
    `Jobs: ${jobs}`,
    `Start a line with a command: ${code(`${deps.settings.prompt} run ${Object.keys(project.jobs)[0] ?? 'JOB'}`)}. Other lines, quotes and code blocks are ignored. You may use: ${allowed.join(' ')}.`,
  ].join('\n\n');
}

/** The README shows the same table. */
export function commandTable(commands: readonly CommandSpec[]): string {
  return table(
    [
      { title: 'Command', align: 'left' },
      { title: 'Does', align: 'left' },
    ],
    commands.map(({ name, usage, does }) => [code(`${name} ${usage}`.trim()), does]),
  );
}

function oneCommand(spec: CommandSpec, prompt: string): string {
  const who = {
    read: 'everybody, unless the project restricts it',
    run: 'people who may run jobs here',
    maintain: 'people who may run jobs here; it also decides for others',
  }[spec.right];
  return [
    `### ${code(`${prompt} ${spec.name} ${spec.usage}`.trim())}`,
    `${spec.does.charAt(0).toUpperCase()}${spec.does.slice(1)}.`,
    `Who: ${who}.`,
    `Example: ${code(`${prompt} ${spec.example}`)}`,
  ].join('\n\n');
}
