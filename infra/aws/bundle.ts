/** `npm run bundle`: functions/<name>.ts → dist/<name>/, one self-contained minified file, or for a large one a file and its compiled code; exactly what the stack deploys. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
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

/**
 * Globals of browsers that libraries look for. Each is absent at first, and Node loads more to make it.
 * No value that these functions handle is one of them.
 */
const NOT_THERE = ['ReadableStream', 'navigator'];

/** From this size on, reading compiled code takes less than compiling. */
const LARGE_BYTES = 100_000;

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
  const sizes = await Promise.all(names.map((name) => bundleOne(name, join(entryDir, `${name}.ts`), outDir)));
  const large = sizes.filter(({ bytes }) => bytes >= LARGE_BYTES);
  const codes = large.map(({ name }) => join(outDir, name, 'code.cjs'));
  if (codes.length > 0)
    await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'compile-code.ts'), ...codes]);
  return sizes;
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
    alias: {
      ...Object.fromEntries(
        LEFT_OUT.map((name) => [name, join(import.meta.dirname, 'left-out-packages.ts')]),
      ),
      'node:fs/promises': join(import.meta.dirname, 'files-when-needed.ts'),
    },
    define: Object.fromEntries(NOT_THERE.map((name) => [name, 'undefined'])),
    inject: [join(import.meta.dirname, 'node-crypto.ts')],
    logLevel: 'silent',
  });
  const output = (suffix: string) => {
    const file = result.outputFiles.find(({ path }) => path.endsWith(suffix));
    if (!file) throw new Error(`esbuild wrote no ${suffix} for ${entryPoint}`);
    return file.contents;
  };
  const code = output('index.cjs');
  const dir = join(outDir, name);
  await rm(dir, { recursive: true, force: true }); // what is left of an earlier build would be deployed too
  await Promise.all([mkdir(dir, { recursive: true }), mkdir(metaDir, { recursive: true })]);
  await Promise.all([
    code.byteLength < LARGE_BYTES ? writeFile(join(dir, 'index.cjs'), code) : writeLarge(dir, code),
    writeFile(join(metaDir, `${name}.json`), JSON.stringify(result.metafile)),
    writeFile(join(metaDir, `${name}.cjs.map`), output('index.cjs.map')),
  ]);
  return { name, bytes: code.byteLength, gzipBytes: gzipSync(code).byteLength };
}

/** As the function that Node makes of each file, so that V8 can keep it; its head has a line of its own, which load-code.cjs leaves out of stack traces. */
async function writeLarge(dir: string, code: Uint8Array): Promise<void> {
  const wrapped = ['(function (exports, require, module) {\n', code, '\n})'];
  await Promise.all([
    writeFile(join(dir, 'code.cjs'), Buffer.concat(wrapped.map((part) => Buffer.from(part)))),
    copyFile(join(import.meta.dirname, 'load-code.cjs'), join(dir, 'index.cjs')),
  ]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const names = process.argv.slice(2);
  const sizes = await bundleFunctions(names.length > 0 ? { names } : {});
  const kilobytes = (bytes: number) => (bytes / 1000).toFixed(1).padStart(8);
  console.log(`${'function'.padEnd(18)}      KB  gzip KB`);
  for (const { name, bytes, gzipBytes } of sizes)
    console.log(`${name.padEnd(18)}${kilobytes(bytes)} ${kilobytes(gzipBytes)}`);
}
