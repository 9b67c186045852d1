/** The bundles' `node:fs/promises`: loaded at its first use, which is never. The AWS SDK would read `~/.aws` with it. */
import type { readFile as ReadFile } from 'node:fs/promises';

export const readFile = ((...given: Parameters<typeof ReadFile>) =>
  process.getBuiltinModule('node:fs/promises').readFile(...given)) as typeof ReadFile;
