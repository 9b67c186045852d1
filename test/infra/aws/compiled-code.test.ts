/** A large bundle comes with its compiled code: used where it fits, done without where it does not, and no reason to deploy again. */
import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { assetHash } from '../../../infra/aws/asset-hash.ts';
import { bundleFunctions } from '../../../infra/aws/bundle.ts';

/** Functions that nothing can be shaken off, enough of them to be large, and one that throws. */
const LARGE = `
const table: Record<string, (value: number) => number> = {};
${Array.from({ length: 8_000 }, (_, at) => `table['f${at}'] = (value: number) => value * ${at} + ${at + 1};`).join('\n')}
export const handler = async (event: { name: string }) => {
  if (event.name === 'none') throw new Error('no such function');
  return { answer: table[event.name]?.(2) };
};
`;
const CACHE = `code.${process.versions.v8}-${process.arch}.cache`;

let dir = '';
let bundleDir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'perf-bot-compiled-'));
  bundleDir = join(dir, 'dist', 'large');
  await writeFile(join(dir, 'large.ts'), LARGE);
  await bundle();
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const bundle = () => bundleFunctions({ names: ['large'], entryDir: dir, outDir: join(dir, 'dist') });

/** In a process of its own, as Lambda would; tells besides whether V8 took the compiled code. */
function run(from: string, name = 'f7') {
  const script = `
    const vm = require('node:vm');
    let script;
    vm.Script = class extends vm.Script { constructor(...given) { super(...given); script = this; } };
    require(${JSON.stringify(join(from, 'index.cjs'))}).handler({ name: ${JSON.stringify(name)} }).then(
      (answer) => console.log(JSON.stringify({ ...answer, isRefused: script.cachedDataRejected })),
      (error) => console.log(error.stack),
    );`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.trim();
}

async function copied(name: string): Promise<string> {
  const copy = join(dir, name);
  await cp(bundleDir, copy, { recursive: true });
  return copy;
}

test('this Node takes what it compiled', async () => {
  expect((await readdir(bundleDir)).sort()).toEqual([CACHE, 'code.cjs', 'index.cjs'].sort());
  expect(JSON.parse(run(bundleDir))).toEqual({ answer: 22, isRefused: false });
});

test('another Node finds none of its own and compiles', async () => {
  const copy = await copied('other-node');
  await rename(join(copy, CACHE), join(copy, 'code.1.2.3-arm64.cache'));
  expect(JSON.parse(run(copy))).toEqual({ answer: 22 });
});

test('what V8 refuses does no harm', async () => {
  const copy = await copied('refused');
  const compiled = await readFile(join(copy, CACHE));
  await writeFile(join(copy, CACHE), compiled.subarray(0, compiled.length / 2));
  expect(JSON.parse(run(copy))).toEqual({ answer: 22, isRefused: true });
});

test('a stack trace counts the lines of the bundle, which its source map is about', async () => {
  const trace = run(bundleDir, 'none');
  const [, line = NaN, column = NaN] = (/code\.cjs:(\d+):(\d+)/.exec(trace) ?? []).map(Number);
  const [, ...code] = (await readFile(join(bundleDir, 'code.cjs'), 'utf8')).split('\n');
  expect(code[line - 1]?.slice(column - 1)).toMatch(/^new Error\("no such function"\)|^Error\(/);
});

test('the same source is deployed once, another one or another Node’s compiled code again', async () => {
  const first = assetHash(bundleDir);
  await bundle();
  expect(assetHash(bundleDir)).toBe(first);
  const copy = await copied('changed');
  await rename(join(copy, CACHE), join(copy, 'code.1.2.3-arm64.cache'));
  expect(assetHash(copy)).not.toBe(first);
  await writeFile(join(copy, 'index.cjs'), 'exports.handler = async () => undefined;');
  await rename(join(copy, 'code.1.2.3-arm64.cache'), join(copy, CACHE));
  expect(assetHash(copy)).not.toBe(first);
});
