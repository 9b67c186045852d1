/** Writes docs/project.schema.json, with which editors complete and check project files: `node infra/cli/write-schema.ts`. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import * as z from 'zod';
import { projectFileSchema } from '../../lib/bot/projects/project-schema.ts';

export const SCHEMA_PATH = join(import.meta.dirname, '..', '..', 'docs', 'project.schema.json');

/** The schema of a file as it is written, before anything in it is read as something else. */
export async function projectSchemaText(): Promise<string> {
  const schema = {
    ...z.toJSONSchema(projectFileSchema, { io: 'input', target: 'draft-2020-12' }),
    title: 'Perf Bot project',
    description: 'A project of Perf Bot, as `perf-bot config apply` reads it.',
  };
  const style = await resolveConfig(SCHEMA_PATH);
  return format(JSON.stringify(schema), { ...style, parser: 'json' });
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await writeFile(SCHEMA_PATH, await projectSchemaText());
