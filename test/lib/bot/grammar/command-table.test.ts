/** The parser, the help comment and the README speak of the same commands, since all come from one table. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { HANDLERS } from '../../../../lib/bot/commands/answer-command.ts';
import type { CommandContext } from '../../../../lib/bot/commands/command-context.ts';
import { COMMANDS, COMMAND_NAMES } from '../../../../lib/bot/grammar/command-table.ts';
import { commandTable, help } from '../../../../lib/bot/commands/help.ts';
import { parseCommand } from '../../../../lib/bot/grammar/parse-command.ts';
import type { GitHub, Permission } from '../../../../lib/github/github.ts';
import { aProject } from '../a-project.ts';

/** Cells of every table row; what pads them is no part of them. */
const rowsIn = (markdown: string): string[] =>
  markdown
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.replace(/\s*(?<!\\)\|\s*/g, '|'));

async function helpFor(permission: Permission, text = 'help'): Promise<string> {
  const parsed = parseCommand(text, '/perf-bot');
  if (parsed.kind !== 'command') throw new Error(parsed.help);
  const context = {
    deps: { settings: { prompt: '/perf-bot' } },
    gitHub: { getPermission: () => Promise.resolve(permission) } as Partial<GitHub> as GitHub,
    project: aProject(),
    person: { id: 1, login: 'ana', isBot: false },
    repository: { id: 1, fullName: 'acme/shop', private: false },
  } as CommandContext;
  const { reply } = await help(context, parsed.command);
  return reply ?? '';
}

test('each command has a row, a handler and an example of its own', () => {
  expect(Object.keys(HANDLERS).sort()).toEqual([...COMMAND_NAMES].sort());
  expect(new Set(COMMANDS.map(({ example }) => example)).size).toBe(COMMANDS.length);
  for (const { name, example } of COMMANDS) expect(example.split(' ')[0]).toBe(name);
});

test('the README shows exactly this table', () => {
  const readme = readFileSync(new URL('../../../../README.md', import.meta.url), 'utf8');
  const [title = '', , ...rows] = rowsIn(commandTable(COMMANDS));
  const shown = rowsIn(readme);
  const at = shown.indexOf(title);
  expect(shown.slice(at + 2, at + 2 + rows.length)).toEqual(rows);
});

test('help shows the same table, the jobs, and what the person may do', async () => {
  const writer = await helpFor('write');
  expect(rowsIn(writer)).toEqual(rowsIn(commandTable(COMMANDS)));
  expect(writer).toContain('Jobs: `smoke`');
  expect(writer).toContain(`You may use: ${COMMAND_NAMES.map((name) => `\`${name}\``).join(' ')}.`);
  expect(await helpFor('read')).toContain(
    'You may use: `help` `list` `plan` `get` `compare` `status` `queue` `recheck` `history` `noise` `explain`.',
  );
});

test.each(COMMANDS.map(({ name, usage }) => [name, usage] as const))(
  'help %s explains it',
  async (name, usage) => {
    const answer = await helpFor('read', `help ${name.toUpperCase()}`);
    expect(answer).toContain(`### \`${`/perf-bot ${name} ${usage}`.trim()}\``);
    expect(answer).toContain('Example: `/perf-bot ');
  },
);

test('help for what is no command says so, and nothing of it is live', async () => {
  const answer = await helpFor('read', 'help "@org/<b>rnu"');
  expect(answer).toContain('There is no command `@org/<b>rnu`');
  expect(await helpFor('read', 'help rnu')).toContain('Copy: `/perf-bot help run`');
});
