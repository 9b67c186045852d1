/**
 * `npm run test:sabotage`: plants each bug of the list in a copy of the tree and plays the cases that must see it. A bug that
 * nothing sees, or that can't be planted any more, makes it fail. An argument takes the bugs whose description holds it.
 */
import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SABOTAGES, type Sabotage } from './sabotages.ts';

const ROOT = join(import.meta.dirname, '../..');
const COPIED = [
  'lib',
  'functions',
  'infra',
  'test/faults',
  'test/lib/aws',
  'test/lib/bot',
  'test/functions/door.ts',
  'docs/perflab',
  'package.json',
  'tsconfig.json',
].concat(['jest.config.mjs', 'jest.strip-types.mjs']);
const JEST = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
const GIVE_UP_MS = 300_000;
const say = (line: string) => void process.stdout.write(`${line}\n`);

const [wanted = ''] = process.argv.slice(2);
const chosen = SABOTAGES.filter(({ bug }) => bug.includes(wanted));
const red = await redWithoutBug([...new Set(chosen.map(({ seenBy }) => seenBy))]);
for (const cases of red) say(`RED ANYWAY    ${cases}`);
let unseen = red.length;
for (const sabotage of red.length > 0 ? [] : chosen) {
  const verdict = await plantAndPlay(sabotage);
  if (verdict !== 'seen') unseen += 1;
  say(`${verdict.padEnd(13)} ${sabotage.bug}`);
}
say(unseen === 0 ? 'every bug was seen' : 'not every bug was seen');
process.exitCode = unseen === 0 ? 0 : 1;

/** Cases that are red as things stand: they would "see" every bug. */
async function redWithoutBug(cases: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const only of cases) if ((await inCopy((folder) => play(folder, only))) !== 0) found.push(only);
  return found;
}

function plantAndPlay({ file, from, to, seenBy }: Sabotage): Promise<'seen' | 'NOT SEEN' | 'NOT PLANTED'> {
  return inCopy(async (folder) => {
    const path = join(folder, file);
    const text = await readFile(path, 'utf8');
    if (text.split(from).length !== 2) return 'NOT PLANTED';
    await writeFile(
      path,
      text.replace(from, () => to),
    );
    return (await play(folder, seenBy)) === 0 ? 'NOT SEEN' : 'seen';
  });
}

async function inCopy<Result>(act: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'perf-bot-sabotage-'));
  try {
    for (const path of COPIED) await cp(join(ROOT, path), join(folder, path), { recursive: true });
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    return await act(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The exit code; what hangs counts as red. */
function play(folder: string, only: string): Promise<number> {
  const isTest = only.startsWith('test/');
  const command = isTest ? [...JEST, only] : ['test/faults/run.ts', '--only', only, '--random', '0'];
  const child = spawn(process.execPath, command, {
    cwd: folder,
    stdio: 'ignore',
    timeout: GIVE_UP_MS,
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
