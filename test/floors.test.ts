/** The linter holds files to their floors: an import upwards, sideways or in a circle is refused, whatever its form. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Linter } from 'eslint';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import tseslint from 'typescript-eslint';
import { createFloorRules } from '../eslint.floors.mjs';

const FLOORS = { house: [['json.ts'], ['http'], ['github', 'horreum'], ['github/routes'], ['.']] };

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'floors-'));
});
afterAll(() => rm(root, { recursive: true }));

it.each([
  ['to its own folder', 'house/http/call.ts', `import { a } from './token.ts';`],
  ['to a lower floor', 'house/github/routes/pulls.ts', `import { a } from '../../http/call.ts';`],
  ['to a single file at the bottom', 'house/http/call.ts', `import { a } from '../json.ts';`],
  ['out of the tree', 'house/http/call.ts', `import { a } from '../../lib/log.ts';`],
  ['of a package', 'house/http/call.ts', `import { join } from 'node:path';`],
  ['in a tree without floors', 'shed/low.ts', `import { a } from './nails/high.ts';`],
])('allows an import %s', async (_what, file, code) => {
  expect(await complaints(file, code)).toEqual([]);
});

it.each([
  ['upwards', 'house/http/call.ts', `import { a } from '../github/client.ts';`],
  ['of a type upwards', 'house/http/call.ts', `import type { A } from '../github/client.ts';`],
  ['of a type in place', 'house/http/call.ts', `let a: import('../github/client.ts').A;`],
  ['at run time', 'house/http/call.ts', `await import('../github/client.ts');`],
  ['passed on', 'house/http/call.ts', `export { a } from '../github/client.ts';`],
  ['passed on as a whole', 'house/http/call.ts', `export * from '../github/client.ts';`],
  ['sideways', 'house/github/client.ts', `import { a } from '../horreum/client.ts';`],
  ['of a subfolder by its folder', 'house/github/client.ts', `import { a } from './routes/pulls.ts';`],
  ['by a single file', 'house/json.ts', `import { a } from './http/call.ts';`],
])('refuses an import %s', async (_what, file, code) => {
  expect(await complaints(file, code)).toEqual([expect.stringContaining('is not below')]);
});

it('refuses a folder that has no floor', async () => {
  expect(await complaints('house/attic/box.ts', `import { a } from '../http/call.ts';`)).toEqual([
    'house/attic has no floor: give it one in eslint.floors.mjs.',
  ]);
});

it('refuses a circle of files, and says which way it goes', async () => {
  await write('house/http/b.ts', `import type { C } from './c.ts';`);
  await write('house/http/c.ts', `export * from './a.ts';`);
  expect(await complaints('house/http/a.ts', `import { b } from './b.ts';`)).toEqual([
    'This import closes a circle: house/http/a.ts → house/http/b.ts → house/http/c.ts → house/http/a.ts.',
  ]);
});

async function complaints(file: string, code: string): Promise<string[]> {
  await write(file, code);
  const linter = new Linter({ cwd: root });
  const found = linter.verify(
    code,
    {
      files: ['**/*.ts'],
      languageOptions: { parser: tseslint.parser },
      plugins: { floors: createFloorRules(FLOORS) },
      rules: { 'floors/lower-floors-only': 'error', 'floors/no-circle': 'error' },
    },
    join(root, file),
  );
  return found.map(({ message }) => message);
}

async function write(file: string, code: string): Promise<void> {
  await mkdir(dirname(join(root, file)), { recursive: true });
  await writeFile(join(root, file), code);
}
