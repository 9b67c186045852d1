/** Gives the command line its process: streams, environment, clock, questions and the browser. A test hands in its own. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import { parseEnv } from 'node:util';
import { errorCode } from '../local/stores/error-code.ts';

export type CliEnvironment = Readonly<Record<string, string | undefined>>;

export interface CliIo {
  readonly stdin: Readable;
  readonly stdout: Writable;
  /** Progress and problems; results go to stdout alone, so that they can be piped. */
  readonly stderr: Writable;
  /** The process's own variables take precedence over those of `.env`. */
  readonly env: CliEnvironment;
  readonly cwd: string;
  readonly nowMs: () => number;
  /** Undefined where stdin is not a terminal. */
  readonly confirm: ((question: string) => Promise<boolean>) | undefined;
  readonly openInBrowser: (url: string) => void;
}

export function processIo(): CliIo {
  const { stdin, stdout, stderr } = process;
  return {
    stdin,
    stdout,
    stderr,
    env: { ...dotEnv(process.cwd()), ...process.env },
    cwd: process.cwd(),
    nowMs: () => Date.now(),
    confirm: stdin.isTTY ? (question) => ask(question, stdin, stderr) : undefined,
    openInBrowser,
  };
}

/** Reads `.env` as `npm run dev` does: a missing file counts as empty. */
function dotEnv(folder: string): CliEnvironment {
  try {
    return parseEnv(readFileSync(join(folder, '.env'), 'utf8'));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return {};
    throw error;
  }
}

async function ask(question: string, input: Readable, output: Writable): Promise<boolean> {
  const lines = createInterface({ input, output });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}

/** A failure does no harm: the address is printed too. */
function openInBrowser(url: string): void {
  const [command, ...args]: [string, ...string[]] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', url]
        : ['xdg-open', url];
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
