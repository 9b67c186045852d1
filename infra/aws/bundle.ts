/** `npm run bundle`: functions/<name>.ts → dist/<name>/index.cjs, one self-contained minified file, exactly what the stack deploys. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { FUNCTION_NAMES, OPTIONAL_FUNCTION_NAMES } from './functions.ts';

const ROOT = join(import.meta.dirname, '..', '..');
export const DIST_DIR = join(ROOT, 'dist');

/**
 * Packages that libraries import and no function ever reaches. The AWS SDK's credential chain: on Lambda the keys are in the environment,
 * and the wiring hands them over. Event streams and the browser's user agent: DynamoDB has none, and one `import()` of them keeps all
 * that it reaches from being tree-shaken.
 */
const LEFT_OUT = ['@aws-sdk/credential-provider-node', '@smithy/core/event-streams', 'bowser'];

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
  const outfile = join(outDir, name, 'index.cjs');
  const metaDir = join(outDir, 'meta');
  const result = await build({
    entryPoints: [entryPoint],
    outfile,
    absWorkingDir: ROOT,
    bundle: true,
    minify: true,
    treeShaking: true,
    write: false,
    metafile: true,
    sourcemap: 'external',
    legalComments: 'none',
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

  await rm(dirname(outfile), { recursive: true, force: true }); // what is left of an earlier build would be deployed too
  await Promise.all([mkdir(dirname(outfile), { recursive: true }), mkdir(metaDir, { recursive: true })]);
  await Promise.all([
    writeFile(outfile, code),
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
