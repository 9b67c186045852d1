/** What is deployed: the size of each bundle, and what it is made of, read from esbuild's metafile. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleFunctions } from '../../infra/aws/bundle.ts';
import { rounded } from './figures.ts';

export interface BundleRow {
  readonly name: string;
  readonly kb: number;
  readonly gzipKb: number;
  /** The greatest parts, KB each: packages, and our own code by folder. */
  readonly holds: Readonly<Record<string, number>>;
}

const PARTS_SHOWN = 6;

export async function measureBundles(outDir: string): Promise<BundleRow[]> {
  const sizes = await bundleFunctions({ outDir });
  return Promise.all(
    sizes.map(async ({ name, bytes, gzipBytes }) => ({
      name,
      kb: rounded(bytes / 1000, 1),
      gzipKb: rounded(gzipBytes / 1000, 1),
      holds: await partsOf(join(outDir, 'meta', `${name}.json`)),
    })),
  );
}

interface Metafile {
  readonly outputs: Readonly<
    Record<string, { readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>> }>
  >;
}

async function partsOf(metafilePath: string): Promise<Record<string, number>> {
  const { outputs } = JSON.parse(await readFile(metafilePath, 'utf8')) as Metafile;
  const parts = new Map<string, number>();
  for (const { inputs } of Object.values(outputs))
    for (const [path, { bytesInOutput }] of Object.entries(inputs))
      parts.set(partOf(path), (parts.get(partOf(path)) ?? 0) + bytesInOutput);
  const greatest = [...parts].sort(([, one], [, other]) => other - one).slice(0, PARTS_SHOWN);
  return Object.fromEntries(greatest.map(([part, bytes]) => [part, rounded(bytes / 1000, 1)]));
}

function partOf(path: string): string {
  const [, packageName] = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? [];
  return packageName ?? path.split('/').slice(0, 2).join('/');
}
