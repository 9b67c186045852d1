/** Functions of Horreum's configuration compute, and reach nothing but their input. */
import { expect, test } from '@jest/globals';
import { passesFilter, runFunction } from '../../../../infra/local/horreum/compute/run-function.ts';

test('a function gets its input as JSON, and gives JSON', () => {
  expect(runFunction('({ a, b }) => ({ sum: a + b, list: [a, null] })', { a: 1, b: 2 })).toEqual({
    sum: 3,
    list: [1, null],
  });
  expect(runFunction('() => undefined', null)).toBeNull();
  expect(passesFilter('value => value.length', 'x')).toBe(true);
  expect(passesFilter('value => value.length', '')).toBe(false);
});

test.each([
  '() => this.constructor.constructor("return process")()',
  '() => globalThis.constructor.constructor("return process")().env',
  '() => (() => {}).constructor("return require")()("node:fs")',
  'async () => (await import("node:fs")).readFileSync("/etc/passwd")',
  '() => fetch("http://127.0.0.1")',
])('%s leads nowhere', (source) => {
  let result: unknown;
  try {
    result = runFunction(source, {});
  } catch (error) {
    result = String(error);
  }
  expect(JSON.stringify(result)).toMatch(/not defined|^\{\}$|null/);
});

test.each([
  ['runs for ever', '() => { for (;;); }', 'interrupted'],
  [
    'takes all memory',
    '() => { const all = []; for (;;) all.push(new Array(1e6).fill(1)); }',
    'out of memory',
  ],
  ['calls itself', '() => { const call = () => call() + 1; return call(); }', 'stack overflow'],
  ['throws', '() => { throw new TypeError("its own") }', 'its own'],
])('what %s ends with an error, and the next one runs', (_, source, message) => {
  expect(() => runFunction(source, {})).toThrow(message);
  expect(runFunction('x => x + 1', 1)).toBe(2);
});
