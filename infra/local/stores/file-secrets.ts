/** Keeps secrets in files that only their owner can read; a file is replaced as a whole, so that a crash leaves the old or the new one. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ProjectSecretStore } from '../../../lib/bot/projects/project-store.ts';
import { errorCode } from './error-code.ts';

type Secrets = Record<string, Record<string, string>>;

export function createFileSecrets(dataDir: string): ProjectSecretStore {
  const path = join(dataDir, 'secrets.json');
  let last: Promise<unknown> = Promise.resolve();
  const change = (act: (secrets: Secrets) => void): Promise<void> => {
    const done = last.then(async () => {
      const secrets = await read(path);
      act(secrets);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeFile(`${path}.new`, JSON.stringify(secrets, null, 2), { mode: 0o600 });
      await rename(`${path}.new`, path);
    });
    last = done.catch(() => undefined);
    return done;
  };
  return {
    get: async (projectId) => (await read(path))[projectId] ?? {},
    put: (projectId, secrets) => change((all) => (all[projectId] = { ...secrets })),
    remove: (projectId) => change((all) => delete all[projectId]),
  };
}

async function read(path: string): Promise<Secrets> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Secrets;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return {};
    throw error;
  }
}

export async function keptSecret(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    // `wx`: of two that come at once, one makes it and the other reads it.
    const secret = randomBytes(32).toString('base64url');
    await writeFile(path, secret, { mode: 0o600, flag: 'wx' });
    return secret;
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    return (await readFile(path, 'utf8')).trim();
  }
}
