/** Values of unknown shape: no reader throws, none follows a name to what is not the value's own, and each keeps its promised type. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  at,
  idAt,
  isObject,
  listAt,
  numberAt,
  objectAt,
  own,
  parseJson,
  textAt,
  timeMsAt,
  withoutUndefined,
} from '../../lib/json.ts';

const step = fc.oneof(fc.string(), fc.nat(3), fc.constantFrom('__proto__', 'constructor', 'length'));

test('any value is read at any path as the type that was asked for, or as absent', () => {
  fc.assert(
    fc.property(fc.anything(), fc.array(step), (value, path) => {
      expect(isObject(objectAt(value, ...path))).toBe(true);
      expect(Array.isArray(listAt(value, ...path))).toBe(true);
      expect(typeof (textAt(value, ...path) ?? 'absent')).toBe('string');
      expect(Number.isFinite(numberAt(value, ...path) ?? 0)).toBe(true);
      expect(Number.isFinite(timeMsAt(value, ...path) ?? 0)).toBe(true);
      expect(idAt(value, ...path) ?? '0').toMatch(/^\d+$/);
    }),
  );
});

test('what is there is found', () => {
  const value = { jobs: [{ id: 7, name: 'load', startedAt: '2026-01-02T03:04:05Z' }], note: '' };
  expect(objectAt(value, 'jobs', 0)).toBe(value.jobs[0]);
  expect(listAt(value, 'jobs')).toBe(value.jobs);
  expect(textAt(value, 'jobs', 0, 'name')).toBe('load');
  expect(numberAt(value, 'jobs', 0, 'id')).toBe(7);
  expect(numberAt(7)).toBe(7);
  expect(timeMsAt(value, 'jobs', 0, 'startedAt')).toBe(Date.UTC(2026, 0, 2, 3, 4, 5));
  expect(textAt(value, 'note')).toBeUndefined();
});

test('an id is a whole number however it was sent, and never a piece of a path', () => {
  expect(idAt({ id: 41 }, 'id')).toBe('41');
  expect(idAt({ id: '41' }, 'id')).toBe('41');
  for (const id of ['..', '%2e%2e', '4/1', '-1', 1.5, '', null]) expect(idAt({ id }, 'id')).toBeUndefined();
});

test('inherited names lead nowhere', () => {
  for (const name of ['constructor', '__proto__', 'toString']) {
    expect(at({}, name)).toBeUndefined();
    expect(own({}, name)).toBeUndefined();
  }
});

test('JSON is parsed, anything else is undefined', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      expect(parseJson(text)).toEqual(JSON.parse(text));
      expect(parseJson(Buffer.from(text))).toEqual(JSON.parse(text));
    }),
  );
  expect(parseJson('<html>Log in</html>')).toBeUndefined();
  expect(parseJson('')).toBeUndefined();
});

test('undefined values are left out, all others stay', () => {
  expect(Object.keys(withoutUndefined({ a: undefined, b: null, c: 0, d: '' }))).toEqual(['b', 'c', 'd']);
});

describe('a text that costs more memory than a worker has', () => {
  const bytes = 8 * 1024 * 1024;
  test.each([
    ['endless nesting', '['.repeat(bytes / 2) + ']'.repeat(bytes / 2)],
    ['nesting in a short text', '['.repeat(300) + ']'.repeat(300)],
    ['empty objects', `[${'{},'.repeat(bytes / 3 - 2)}{}]`],
    ['empty lists', `[${'[],'.repeat(bytes / 3 - 2)}[]]`],
  ])('is not parsed: %s', (_, text) => expect(parseJson(text)).toBeUndefined());

  test.each([
    ['one long text full of brackets', JSON.stringify({ log: '[{,"\\'.repeat(1_000_000) })],
    ['half a million numbers', JSON.stringify(Array.from({ length: 500_000 }, (_, index) => index + 0.5))],
  ])('is not meant: %s', (_, text) => expect(parseJson(text)).toEqual(JSON.parse(text)));
});
