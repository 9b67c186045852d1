/** `npm run bundle`: functions/<name>.ts → dist/<name>/, one self-contained minified file and the licences of what is in it; exactly what the stack deploys. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { FUNCTION_NAMES, OPTIONAL_FUNCTION_NAMES } from './functions.ts';
import { thirdPartyNotices } from './third-party-notices.ts';

const ROOT = join(import.meta.dirname, '..', '..');
export const DIST_DIR = join(ROOT, 'dist');

/**
 * Packages that the AWS SDK imports and no function ever reaches: its chain of credentials, since the wiring hands over those of the
 * environment, and event streams, which DynamoDB does not have. Without them a worker starts with an eighth less CPU (decision 0030).
 */
const LEFT_OUT = ['@aws-sdk/credential-provider-node', '@smithy/core/event-streams'];

export interface BundleOptions {
  /** Which functions; default: all of the table. */
  readonly names?: readonly string[];
  /** Where `<name>.ts` is; default: functions/. */
  readonly entryDir?: string;
  /** Where `<name>/index.cjs` goes; default: dist/. */
  readonly outDir?: string;
}

export interface BundleSize {
  readonly name: string;
  readonly bytes: number;
  readonly gzipBytes: number;
}

/**
 * Bundles the functions and tells their sizes. Beside the assets, in `<outDir>/meta/`, and so never deployed, it leaves for each one
 * `<name>.json` (esbuild's metafile: what is in the bundle and why) and `<name>.cjs.map` (to read a minified stack trace).
 */
export async function bundleFunctions(options: BundleOptions = {}): Promise<BundleSize[]> {
  const {
    names = [...FUNCTION_NAMES, ...OPTIONAL_FUNCTION_NAMES],
    entryDir = join(ROOT, 'functions'),
    outDir = DIST_DIR,
  } = options;
  return Promise.all(names.map((name) => bundleOne(name, join(entryDir, `${name}.ts`), outDir)));
}

async function bundleOne(name: string, entryPoint: string, outDir: string): Promise<BundleSize> {
  const metaDir = join(outDir, 'meta');
  const result = await build({
    entryPoints: [entryPoint],
    outfile: join(outDir, name, 'index.cjs'),
    absWorkingDir: ROOT,
    bundle: true,
    minify: true,
    treeShaking: true,
    write: false,
    metafile: true,
    sourcemap: 'external',
    legalComments: 'none', // third-party-notices.ts has the whole licences
    // CommonJS starts faster than ESM (docs/decisions/0021-prebuilt-bundles.md).
    format: 'cjs',
    // Selects the `node` condition of each package's exports: Octokit's `default` one is for browsers.
    platform: 'node',
    // A package without exports gives its ES modules, which can be tree-shaken.
    mainFields: ['module', 'main'],
    target: 'node24',
    // `import('node:http')`, which the AWS SDK does, makes Node load all of its fetch; `require` does not.
    supported: { 'dynamic-import': false },
    alias: Object.fromEntries(
      LEFT_OUT.map((name) => [name, join(import.meta.dirname, 'left-out-packages.ts')]),
    ),
    logLevel: 'silent',
  });
  const output = (suffix: string) => {
    const file = result.outputFiles.find(({ path }) => path.endsWith(suffix));
    if (!file) throw new Error(`esbuild wrote no ${suffix} for ${entryPoint}`);
    return file.contents;
  };
  const code = output('index.cjs');
  const dir = join(outDir, name);
  const notices = await thirdPartyNotices(ROOT, result.metafile);
  await rm(dir, { recursive: true, force: true }); // what is left of an earlier build would be deployed too
  await Promise.all([mkdir(dir, { recursive: true }), mkdir(metaDir, { recursive: true })]);
  await Promise.all([
    writeFile(join(dir, 'index.cjs'), code),
    notices && writeFile(join(dir, 'THIRD-PARTY-NOTICES.txt'), notices),
    writeFile(join(metaDir, `${name}.json`), JSON.stringify(result.metafile)),
    writeFile(join(metaDir, `${name}.cjs.map`), output('index.cjs.map')),
  ]);
  return { name, bytes: code.byteLength, gzipBytes: gzipSync(code).byteLength };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const names = process.argv.slice(2);
  const sizes = await bundleFunctions(names.length > 0 ? { names } : {});
  const kilobytes = (bytes: number) => (bytes / 1000).toFixed(1).padStart(8);
  console.log(`${'function'.padEnd(18)}      KB  gzip KB`);
  for (const { name, bytes, gzipBytes } of sizes)
    console.log(`${name.padEnd(18)}${kilobytes(bytes)} ${kilobytes(gzipBytes)}`);
}
