/** Reads project files from disk, YAML or JSON; the bot checks what they mean. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { UserError } from '../../../lib/bot/record/errors.ts';

export async function projectFilesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names
    .filter((name) => /\.(json|ya?ml)$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

/** JSON is YAML too, so one reader serves both. */
export async function readProjectText(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8');
  try {
    return parse(text, { maxAliasCount: 50 }) as unknown;
  } catch (error) {
    throw new UserError(
      `${path} is neither YAML nor JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
