/** What a newcomer waits for: `npm ci` in a fresh clone with nothing in npm's cache, its size, and `npm start` until the report. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rounded } from './figures.ts';

const ROOT = join(import.meta.dirname, '..', '..');

export interface InstallResults {
  readonly npmCiSeconds: number;
  readonly megabytes: number;
  /** To the report, in the clone. */
  readonly startSeconds: number;
}

export async function measureInstall(): Promise<InstallResults> {
  const dir = await mkdtemp(join(tmpdir(), 'perf-bot-install-'));
  try {
    const clone = join(dir, 'perf-bot');
    await secondsOf('git', ['clone', '--quiet', '--depth', '1', pathToFileURL(ROOT).href, clone], dir);
    const cache = join(dir, 'npm-cache');
    const npmCiSeconds = await secondsOf('npm', ['ci', '--no-audit', '--no-fund', '--cache', cache], clone);
    const megabytes = rounded((await bytesIn(join(clone, 'node_modules'))) / 1e6, 0);
    const startSeconds = await secondsOf('npm', ['start', '--', '--once'], clone);
    return { npmCiSeconds, megabytes, startSeconds };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** `npm start` with everything built in, from the key press to the report. */
export function measureStart(): Promise<number> {
  return secondsOf(process.execPath, ['infra/local/start.ts', '--once'], ROOT);
}

async function secondsOf(command: string, given: readonly string[], cwd: string): Promise<number> {
  const startedAtMs = performance.now();
  const child = spawn(command, given, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${command} ${given.join(' ')} ended with ${code}`);
  return rounded((performance.now() - startedAtMs) / 1000, 1);
}

async function bytesIn(dir: string): Promise<number> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async ({ parentPath, name }) => (await lstat(join(parentPath, name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
