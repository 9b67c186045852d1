/** Reads single values out of an outside system's JSON without trusting its shape: what is not there is undefined. */

/** The value at a path of own keys and array indexes. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let here = value;
  for (const key of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined;
    here = (here as Record<string | number, unknown>)[key];
  }
  return here;
}

/** The text at a path; an empty text counts as absent. */
export function textAt(value: unknown, ...path: readonly (string | number)[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

/** The number at a path. */
export function numberAt(value: unknown, ...path: readonly (string | number)[]): number | undefined {
  const found = at(value, ...path);
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
}

/**
 * A whole number that is an id, as text, whether it was sent as a number or as text. It is put into paths, where any
 * other text may lead elsewhere: `..` does so even encoded.
 */
export function numberIdAt(value: unknown, ...path: readonly (string | number)[]): string | undefined {
  const number = numberAt(value, ...path);
  const id = number === undefined ? textAt(value, ...path) : String(number);
  return id !== undefined && /^\d{1,18}$/.test(id) ? id : undefined;
}

/** The list at a path; empty when there is none. */
export function listAt(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? (found as readonly unknown[]) : [];
}

/** An ISO time at a path, as epoch ms. */
export function timeAt(value: unknown, ...path: readonly (string | number)[]): number | undefined {
  const timeMs = Date.parse(textAt(value, ...path) ?? '');
  return Number.isNaN(timeMs) ? undefined : timeMs;
}

/** The parsed text, or undefined where it is no JSON (a login page, a proxy's error). */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
