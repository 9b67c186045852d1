/** Reads a project file, YAML or JSON, as a value; what it means is checked by the bot. */
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { UserError } from '../../lib/bot/errors.ts';

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
