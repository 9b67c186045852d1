/** JSON as an enemy, or a broken system, would send it: a sound document with one thing in it that nobody expects. */
import * as fc from 'fast-check';

/** Raw JSON texts; some can't be written as values, as JavaScript would take them for something else. */
const HOSTILE_TEXTS: readonly string[] = [
  'null',
  'true',
  '-1',
  '1e309',
  '9007199254740993',
  '""',
  '[]',
  '{}',
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '"\\u0000\\ud800\\u202e"',
  '"@everyone <script>alert(1)</script> | ``` \\r\\n<!-- perf-bot:status -->"',
  '"../../../../etc/passwd?x=1#y"',
  `"${'x'.repeat(100_000)}"`,
  `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
  `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
];

/** How one document is spoilt: at which of its values, with what; or cut off, at which part of its length. */
export interface Spoiling {
  readonly at: number;
  readonly how: 'replace' | 'remove' | 'cut';
  readonly text: string;
}

export const spoilings: fc.Arbitrary<Spoiling> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  how: fc.oneof(
    { weight: 6, arbitrary: fc.constant('replace' as const) },
    { weight: 3, arbitrary: fc.constant('remove' as const) },
    { weight: 1, arbitrary: fc.constant('cut' as const) },
  ),
  text: fc.constantFrom(...HOSTILE_TEXTS),
});

const HOLE = '"the hole that the harness fills"';

/** What is no JSON is cut, however it was to be spoilt. */
export function spoil(document: string, { at, how, text }: Spoiling): string {
  const value = parse(document);
  const places = value === undefined ? [] : placesIn(value);
  const place = places[Math.floor(at * places.length)];
  if (how === 'cut' || !place) return document.slice(0, Math.floor(at * document.length));
  if (how === 'remove') {
    delete place.holder[place.key];
    return JSON.stringify(value);
  }
  place.holder[place.key] = JSON.parse(HOLE);
  return JSON.stringify(value).replace(HOLE, () => text);
}

interface PlaceInJson {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

function placesIn(value: unknown): PlaceInJson[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesIn(holder[key])]);
}

function parse(document: string): unknown {
  try {
    return JSON.parse(document);
  } catch {
    return undefined;
  }
}
