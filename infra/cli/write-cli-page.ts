/** Writes the commands' own help into docs/cli.md, between its two marks: `node infra/cli/write-cli-page.ts`. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { processIo } from './cli-io.ts';
import { createProgram } from './program.ts';

export const PAGE_PATH = join(import.meta.dirname, '..', '..', 'docs', 'cli.md');
const [BEGIN, END] = ['<!-- help: begin -->', '<!-- help: end -->'];

export function withHelp(page: string): string {
  const [before] = page.split(BEGIN);
  const after = page.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`docs/cli.md lacks ${BEGIN} or ${END}`);
  const program = createProgram(processIo(), () => undefined);
  const parts = leaves(program).map(
    (command) => `### ${nameOf(command)}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\``,
  );
  return `${before}${BEGIN}\n\n${parts.join('\n\n')}\n\n${END}${after}`;
}

/** Commands that do something; groups only hold them. */
function leaves(command: Command): Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);
}

function nameOf(command: Command): string {
  return command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();
}

/** Without what is the same everywhere. */
function helpOf(command: Command): string {
  const [own = ''] = command.helpInformation().split('\nGlobal Options:');
  return own
    .replace(/^ +-h, --help .*\n?/m, '')
    .replace(/\nOptions:\n\s*$/, '')
    .trim();
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await writeFile(PAGE_PATH, withHelp(await readFile(PAGE_PATH, 'utf8')));
