/** Compares the documentation with the code: tables, commands, paths, settings, keys, states and floors. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import type { Command } from 'commander';
import { FLOORS } from '../eslint.floors.mjs';
import { createProgram } from '../infra/cli/program.ts';
import { INDEXES } from '../lib/aws/table.ts';
import { COMMANDS } from '../lib/bot/grammar/command-table.ts';
import { commandTable } from '../lib/bot/commands/help.ts';
import { projectFileSchema } from '../lib/bot/projects/project-schema.ts';
import { RUN_STATES } from '../lib/bot/record/job-run.ts';
import { claimKeys, counterKeys, keys } from '../lib/bot/record/table-keys.ts';
import { ENVIRONMENT_NAMES } from '../lib/settings.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const pages = [...globSync('*.md', { cwd: root }), ...globSync('docs/**/*.md', { cwd: root })].sort();
const manifest = JSON.parse(read('package.json')) as {
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};
const architecture = read('docs/architecture.md');
const codeSpans = (text: string) => [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);

describe('README', () => {
  test('its table of commands is the one that the parser and the help are made from', () => {
    const between = /<!-- prettier-ignore-start -->\n\n([\s\S]*?)\n\n<!-- prettier-ignore-end -->/;
    expect(between.exec(read('README.md'))?.[1]).toBe(commandTable(COMMANDS));
  });
});

describe.each(pages)('%s', (page) => {
  const text = read(page);

  test('names only npm scripts that exist', () => {
    const named = [...text.matchAll(/\bnpm (?:run )?(start|test|run [\w:-]+)/g)].map(([, name = '']) =>
      name.replace('run ', ''),
    );
    expect(named.filter((name) => manifest.scripts[name] === undefined)).toEqual([]);
  });

  test('names only commands of the command line that exist', () => {
    const lines = [...text.matchAll(/\bnpx perf-bot ([^`\n|)"]*)/g)].map(([, line = '']) => line);
    expect(lines.filter((line) => commandOf(line) === undefined)).toEqual([]);
  });

  test('leads only to files that exist, and to none outside the repository', () => {
    expect(linksOf(text).filter((target) => !leadsSomewhere(page, target))).toEqual([]);
    const named = [...text.matchAll(/(?<![\w./-])(?:functions|lib|infra|test|docs)\/[\w./-]+\.\w+/g)];
    expect(named.map(([path]) => path).filter((path) => !existsSync(join(root, path)))).toEqual([]);
    expect(text).not.toMatch(/(?<![\w:.}/-])\/(?:home|root|tmp|work|Users|mnt)\b/);
  });
});

/** The command that a line leads to; undefined if it names one that is not there, or an option that it does not have. */
function commandOf(line: string): Command | undefined {
  const words = line.trim().split(/\s+/);
  let command: Command | undefined = createProgram(
    {
      stdin: new PassThrough(),
      stdout: new PassThrough(),
      stderr: new PassThrough(),
      env: {},
      cwd: root,
      nowMs: () => 0,
      confirm: undefined,
      openInBrowser: () => undefined,
    },
    () => undefined,
  );
  while (command && command.commands.length > 0) {
    const name = words.shift();
    command = command.commands.find((one) => one.name() === name);
  }
  const hasOption = (flag: string) =>
    command?.options.some(({ long }) => long === flag) || ['--json', '--api', '--help'].includes(flag);
  return words.filter((word) => word.startsWith('--')).every(hasOption) ? command : undefined;
}

function linksOf(text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g), ...text.matchAll(/(?:src|srcset)="([^"]+)"/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

function leadsSomewhere(page: string, target: string): boolean {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page : normalize(join(dirname(page), path));
  if (file.startsWith('..') || !existsSync(join(root, file))) return false;
  return anchor === undefined || headingsOf(read(file)).includes(anchor);
}

/** As GitHub names them. */
function headingsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );
}

describe('docs/architecture.md', () => {
  test('names every function, state and index', () => {
    const functions = globSync('functions/*.ts', { cwd: root }).map((path) => path.slice(10, -3));
    const spans = codeSpans(architecture);
    expect(functions.filter((name) => !spans.includes(name))).toEqual([]);
    expect(RUN_STATES.filter((state) => !architecture.includes(state))).toEqual([]);
    expect(Object.values(INDEXES).filter(({ name, hash, range }) => !hasRow([name, hash, range]))).toEqual(
      [],
    );
  });

  test('lists the kinds of keys that the table has, and no other', () => {
    const made = [
      ...Object.values(keys).map(keyOf),
      ...Object.values(counterKeys).map((make) => keys.counter(keyOf(make))),
      ...Object.values(claimKeys).map((make) => keys.claim(keyOf(make))),
    ].filter((key) => ![keys.counter(PART), keys.claim(PART)].includes(key));
    const listed = architecture
      .slice(architecture.indexOf('## The record'), architecture.indexOf('| Index '))
      .split('\n')
      .flatMap((line) => (/^\| [A-Z]/.test(line) ? codeSpans(line.split('|')[2] ?? '') : []))
      .map((span) => span.replace(/<[^>]+>/g, PART));
    expect(listed.sort()).toEqual(made.sort());
  });

  test('draws the floors as the linter has them, from the roof down', () => {
    const [table = ''] = sectionAfter('| Floor, from the roof down').split('\n\n', 1);
    const rows = table.split('\n').flatMap((line) => /^\| (`[^|]+`) +\|/.exec(line)?.[1] ?? []);
    expect(rows.map((floor) => codeSpans(floor))).toEqual(FLOORS['lib']?.toReversed());
    const local = /```text\n([^`]+)```/.exec(sectionAfter('`infra/local/` is:'))?.[1] ?? '';
    const lines = local.trim().split('\n');
    expect(lines.map((line) => line.split(' · '))).toEqual(FLOORS['infra/local']?.toReversed());
  });

  const sectionAfter = (words: string) => architecture.slice(architecture.indexOf(words));

  function hasRow(cells: readonly string[]): boolean {
    return architecture
      .split('\n')
      .some((line) => line.startsWith('|') && cells.every((cell) => codeSpans(line).includes(cell)));
  }
});

const PART = 'part';

function keyOf(make: (...parts: never[]) => string): string {
  return (make as (...parts: readonly string[]) => string)(PART, PART, PART);
}

describe('docs/operations.md', () => {
  test('explains every field of a project file and of a job', () => {
    const spans = codeSpans(read('docs/operations.md'));
    const { jobs, ...project } = projectFileSchema.shape;
    const fields = [...Object.keys(project), ...Object.keys(jobs.valueType.shape)];
    const selfEvident = ['$schema', 'id', 'repositoryUrl', 'description', 'name'];
    expect(fields.filter((field) => !spans.includes(field) && !selfEvident.includes(field))).toEqual([]);
  });
});

describe('docs/decisions', () => {
  const records = globSync('docs/decisions/*.md', { cwd: root }).sort();

  test.each(records)('%s has its number, a date, and the three parts', (path) => {
    const number = /\/(\d{4})-[a-z0-9-]+\.md$/.exec(path)?.[1];
    expect(read(path)).toMatch(new RegExp(`^# ${number} .+\n\n20\\d\\d-\\d\\d-\\d\\d\n`));
    const parts = [...read(path).matchAll(/^## (.+)$/gm)].map(([, title]) => title);
    expect(parts).toEqual(['Context', 'Decision', 'Consequences']);
  });

  test('no two have the same number', () => {
    const numbers = records.map((path) => path.slice(15, 19));
    expect(numbers).toEqual([...new Set(numbers)]);
  });

  test('0002 has a line for each package, and none for another', () => {
    const rows = read('docs/decisions/0002-dependencies.md').matchAll(/^\| `([^`]+)` +\| \S/gm);
    const packages = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)];
    expect([...rows].map(([, name]) => name).sort()).toEqual(packages.sort());
  });
});

/** Set by the stack, by Lambda or by AWS' tools, so not an operator's to write into `.env`. */
const NOT_FOR_OPERATORS =
  /^(AWS_(?!ENDPOINT_URL_)\w+|AWS_ENDPOINT_URL_SECRETS_MANAGER|TABLE_NAME|\w+_QUEUE_URL|\w+_SECRET_ID|PROJECT_SECRET_PREFIX)$/;

describe('.env.example', () => {
  test('has every setting that the code reads, and no other', () => {
    const listed = [...read('.env.example').matchAll(/^#? ?([A-Z][A-Z0-9_]+)=/gm)].map(
      ([, name = '']) => name,
    );
    const wanted = settingsRead().filter((name) => !NOT_FOR_OPERATORS.test(name));
    expect([...new Set(listed)].filter((name) => !NOT_FOR_OPERATORS.test(name)).sort()).toEqual(wanted);
  });
});

function settingsRead(): string[] {
  const files = globSync('{lib,functions,infra/local,infra/cli}/**/*.ts', { cwd: root });
  const named = files.flatMap((file) => {
    const text = read(file);
    return [
      ...text.matchAll(/\b(?:env|environment|variables|given)(?:\.|\??\[')([A-Z][A-Z0-9_]+)\b/g),
      ...[...text.matchAll(/\{([^{}]*)\} =\s*(?:given|env|process\.env|[\w.]*variables)\b/g)].flatMap(
        ([, names = '']) => [...names.matchAll(/\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b/g)],
      ),
    ].map(([, name = '']) => name);
  });
  return [...new Set([...named, ...ENVIRONMENT_NAMES])].sort();
}
