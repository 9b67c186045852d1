/** The linter finds what nobody uses, and only that: a small tree with one of each kind. */
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';

const FILES = {
  'tsconfig.json': `{ "compilerOptions": { "module": "nodenext", "target": "es2024", "noEmit": true, "strict": true,
    "allowImportingTsExtensions": true, "types": [] }, "include": ["**/*.ts"] }`,
  'lib/run.ts': `
    export interface Run { readonly read: string; readonly written: number; readonly destructured: number;
      readonly handedOn: string; call(): void; neverCalled(): void }
    export type Unused = Run | undefined;
    export function used(run: Run) { return run.read + secondHand(run) + onlyHere(); }
    export function onlyHere() { return ''; }
    export function testedOnly() { return ''; }
    function secondHand({ handedOn }: { readonly handedOn: string }) { return handedOn; }
  `,
  'functions/door.ts': `
    import { used, type Run } from '../lib/run.ts';
    export function handler({ destructured, ...rest }: Run) { rest.call(); return used({ ...rest, destructured, written: 2 }); }
  `,
  'test/run.test.ts': `
    import { testedOnly, type Run } from '../lib/run.ts';
    testedOnly();
    export const read = (run: Run) => run.written;
  `,
};

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'unused-'));
  for (const [name, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
});
afterAll(() => rm(root, { recursive: true }));

it('reports what nobody reads, calls or imports, and fails', () => {
  const tool = join(import.meta.dirname, '../unused.mjs');
  const { stderr, status } = spawnSync(process.execPath, [tool, root], { encoding: 'utf8' });
  expect(stderr.trim().split('\n')).toEqual([
    'lib/run.ts:2 written: nobody reads this member of Run',
    'lib/run.ts:3 neverCalled: nobody reads this member of Run',
    'lib/run.ts:4 Unused: nobody uses this type',
    'lib/run.ts:6 onlyHere: no other file uses this export',
    'lib/run.ts:7 testedOnly: only tests use this',
  ]);
  expect(status).toBe(1);
});
