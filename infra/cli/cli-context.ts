/** Gives every command what it needs: a place to write to, as text or as JSON, and a way to reach the bot. */
import { createAdminCall, type AdminCall } from './admin-client.ts';
import { CliError } from './cli-error.ts';
import type { CliIo } from './cli-io.ts';
import { findTarget } from './target.ts';

export interface GlobalOptions {
  readonly json?: boolean;
  readonly api?: string;
}

export interface CliContext {
  readonly io: CliIo;
  readonly options: GlobalOptions;
  /** Writes the result, as JSON or for people. */
  readonly print: (value: unknown, text: string) => void;
  /** Says what is being done, for a person who waits. */
  readonly progress: (line: string) => void;
  readonly admin: () => Promise<AdminCall>;
}

export function createContext(io: CliIo, options: GlobalOptions): CliContext {
  return {
    io,
    options,
    print: (value, text) => void io.stdout.write(`${options.json ? JSON.stringify(value) : text}\n`),
    progress: (line) => io.stderr.write(`${line}\n`),
    admin: async () => createAdminCall(await findTarget(io, options.api), io.nowMs),
  };
}

/** `OWNER/REPO` as the parts of a path. */
export function repositoryPath(repository: string): readonly [string, string] {
  const [, owner, name] = /^([A-Za-z0-9_.-]+)\/([A-Za-z0-9_.-]+)$/.exec(repository) ?? [];
  if (!owner || !name) throw new CliError(`${repository} is not a repository. Write OWNER/REPO.`, 2);
  return [owner, name];
}
