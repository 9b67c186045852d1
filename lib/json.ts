/** Reads a value whose shape nobody guarantees, such as another system's JSON: what is missing or of another type is absent. */

export type JsonObject = Readonly<Record<string, unknown>>;

type Path = readonly (string | number)[];

/** A value of 8 MiB can take a hundred times as much memory: `[[[…`. A worker with 512 MB bears so much. */
const MOST_PARTS = 1_000_000;
const MOST_DEPTH = 200;

/** The parsed text; undefined where it is not JSON (a login page, a proxy's error), or more of it than can be held. */
export function parseJson(text: string | Buffer): unknown {
  const json = text.toString();
  if (!isBearable(json)) return undefined;
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}

/** Counts what a parser would make objects of, without making them. */
function isBearable(json: string): boolean {
  let depth = 0;
  let parts = 0;
  let inText = false;
  for (let index = 0; index < json.length; index += 1) {
    const character = json[index];
    if (inText) {
      if (character === '\\') index += 1;
      else if (character === '"') inText = false;
    } else if (character === '"') inText = true;
    else if (character === '[' || character === '{') {
      depth += 1;
      parts += 1;
      if (depth > MOST_DEPTH) return false;
    } else if (character === ']' || character === '}') depth -= 1;
    else if (character === ',') parts += 1;
    if (parts > MOST_PARTS) return false;
  }
  return true;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a table has under a key of its own: a text from outside may be `constructor` or `__proto__`. */
export function own<Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** The value at a path of own keys and array indexes. An empty path leads to the value itself, here and below. */
export function at(value: unknown, ...path: Path): unknown {
  let here = value;
  for (const key of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined;
    here = (here as Record<string | number, unknown>)[key];
  }
  return here;
}

/** The object at a path; an empty one if there is none. */
export function objectAt(value: unknown, ...path: Path): JsonObject {
  const found = at(value, ...path);
  return isObject(found) ? found : {};
}

/** The list at a path; an empty one if there is none. */
export function listAt(value: unknown, ...path: Path): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? (found as readonly unknown[]) : [];
}

/** The text at a path; an empty text counts as absent. */
export function textAt(value: unknown, ...path: Path): string | undefined {
  const found = at(value, ...path);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

/** The finite number at a path. */
export function numberAt(value: unknown, ...path: Path): number | undefined {
  const found = at(value, ...path);
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
}

/**
 * The id at a path: a whole number as text, whether it was sent as a number or as text. Ids are put into URL paths, where
 * any other text may lead elsewhere: `..` does so even when encoded.
 */
export function idAt(value: unknown, ...path: Path): string | undefined {
  const number = numberAt(value, ...path);
  const id = number === undefined ? textAt(value, ...path) : String(number);
  return id !== undefined && /^\d{1,18}$/.test(id) ? id : undefined;
}

/** The ISO time at a path, as epoch ms. */
export function timeMsAt(value: unknown, ...path: Path): number | undefined {
  const timeMs = Date.parse(textAt(value, ...path) ?? '');
  return Number.isNaN(timeMs) ? undefined : timeMs;
}

/** The type of an object without its undefined values: a key that may be undefined becomes optional. */
export type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The object without its undefined values: under exact optional types an absent key and `undefined` differ. */
export function withoutUndefined<const T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as Defined<T>;
}
