/** What `npm run bundle` leaves: one small self-contained file a function, beside it only the licences of what is in it, and its anatomy elsewhere. */
import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { bundleFunctions } from '../../../infra/aws/bundle.ts';

const FUNCTION = `
import { answer, type Answer } from './answers.ts';
import { flavour } from 'flavoured';
export const handler = async (): Promise<Answer & { flavour: string }> => ({ ...answer, flavour });
`;
const ANSWERS = `
export interface Answer { statusCode: number }
export const answer: Answer = { statusCode: 202 };
export const unused = 'text-that-nobody-uses';
`;
const FLAVOURED = {
  name: 'flavoured',
  version: '1.2.3',
  exports: { node: './node.js', default: './browser.js' },
  type: 'module',
};

let dir = '';
let outDir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'perf-bot-bundle-'));
  outDir = join(dir, 'dist');
  const dependency = join(dir, 'node_modules', 'flavoured');
  await mkdir(dependency, { recursive: true });
  await writeFile(join(dir, 'door.ts'), FUNCTION);
  await writeFile(join(dir, 'answers.ts'), ANSWERS);
  await writeFile(join(dependency, 'package.json'), JSON.stringify(FLAVOURED));
  await writeFile(join(dependency, 'node.js'), "export const flavour = 'node';");
  await writeFile(join(dependency, 'browser.js'), "export const flavour = 'browser';");
  await writeFile(join(dependency, 'LICENSE.md'), '/* Copyright the cooks */\r\n');
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const bundle = () => bundleFunctions({ names: ['door'], entryDir: dir, outDir });

test('the bundle runs alone, with the node flavour of what it imports', async () => {
  await bundle();
  const alone = join(dir, 'alone.cjs');
  await copyFile(join(outDir, 'door', 'index.cjs'), alone);
  const load = `require(${JSON.stringify(alone)}).handler().then((answer) => console.log(JSON.stringify(answer)))`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', load], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({ statusCode: 202, flavour: 'node' });
});

test('it is minified, and what nobody uses is left out', async () => {
  const [size] = await bundle();
  const code = await readFile(join(outDir, 'door', 'index.cjs'), 'utf8');
  expect(code).not.toContain('text-that-nobody-uses');
  expect(code.trimEnd().split('\n')).toHaveLength(1);
  expect(size).toEqual({ name: 'door', bytes: Buffer.byteLength(code), gzipBytes: expect.any(Number) });
  expect(size?.gzipBytes).toBeLessThan(size?.bytes ?? 0);
});

test('nothing else is deployed, even where an earlier build left others', async () => {
  await mkdir(join(outDir, 'door'), { recursive: true });
  await writeFile(join(outDir, 'door', 'index.mjs'), 'left over');
  await bundle();
  expect((await readdir(join(outDir, 'door'))).sort()).toEqual(['THIRD-PARTY-NOTICES.txt', 'index.cjs']);
});

describe('the licences of its packages', () => {
  test('lie beside the code, which has lost its comments', async () => {
    await bundle();
    const notices = await readFile(join(outDir, 'door', 'THIRD-PARTY-NOTICES.txt'), 'utf8');
    expect(notices).toBe('flavoured 1.2.3\n\n/* Copyright the cooks */\n');
  });

  test('are all there in what is really deployed, each text once', async () => {
    const realDir = join(dir, 'real');
    await bundleFunctions({ names: ['command-worker'], outDir: realDir });
    const { outputs } = JSON.parse(await readFile(join(realDir, 'meta', 'command-worker.json'), 'utf8')) as {
      outputs: Record<string, { inputs: object }>;
    };
    const deployed = Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs));
    const notices = await readFile(join(realDir, 'command-worker', 'THIRD-PARTY-NOTICES.txt'), 'utf8');
    const nameOf = (path: string) => /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(path)?.[1];
    const isMissing = (path: string) => nameOf(path) && !notices.includes(`${nameOf(path)} `);
    expect(deployed.filter(isMissing)).toEqual([]);
    expect(notices).toContain('@aws-sdk/client-dynamodb ');
    for (const text of notices.split(`\n${'-'.repeat(80)}\n\n`))
      expect(text).toMatch(/^(\S+ \d\S*\n)+\n[^]*(permi|Apache License)/i);
  });

  test('are stated somewhere, or nothing is bundled', async () => {
    const nameless = join(dir, 'node_modules', 'nameless');
    await mkdir(nameless, { recursive: true });
    await writeFile(join(nameless, 'package.json'), '{ "name": "nameless", "main": "main.js" }');
    await writeFile(join(nameless, 'main.js'), 'exports.value = 1;');
    await writeFile(join(dir, 'taker.ts'), "export { value as handler } from 'nameless';\n");
    await expect(bundleFunctions({ names: ['taker'], entryDir: dir, outDir })).rejects.toThrow(
      'nameless says nowhere',
    );
  });
});

test('the same source gives the same bytes, so that an unchanged function is not deployed again', async () => {
  await bundle();
  const first = await readFile(join(outDir, 'door', 'index.cjs'));
  await bundle();
  expect(first.equals(await readFile(join(outDir, 'door', 'index.cjs')))).toBe(true);
});

test('its anatomy and source map lie beside the assets, not in them', async () => {
  await bundle();
  expect((await readdir(join(outDir, 'meta'))).sort()).toEqual(['door.cjs.map', 'door.json']);
  const { inputs } = JSON.parse(await readFile(join(outDir, 'meta', 'door.json'), 'utf8')) as {
    inputs: object;
  };
  expect(Object.keys(inputs).some((path) => path.endsWith('answers.ts'))).toBe(true);
});

test('a function that does not build stops the bundling and says where', async () => {
  await writeFile(
    join(dir, 'broken.ts'),
    "import { gone } from './gone.ts';\nexport const handler = gone;\n",
  );
  await expect(bundleFunctions({ names: ['broken'], entryDir: dir, outDir })).rejects.toThrow(
    /broken\.ts:1.*gone\.ts/s,
  );
});
