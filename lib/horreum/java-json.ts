/** Reads Horreum's numbers, ids and times: Java writes them as text where JSON has no such number. */
import { at, listAt, objectAt, textAt } from '../json.ts';
import type { Json } from './datastore.ts';

type Path = readonly string[];

export function javaNumberAt(value: unknown, ...path: Path): number | undefined {
  const found = at(value, ...path);
  if (typeof found === 'number') return found;
  if (typeof found !== 'string' || found.trim() === '') return undefined;
  if (found === 'NaN') return NaN;
  const number = Number(found);
  return Number.isNaN(number) ? undefined : number;
}

/** A database id: a whole number above zero. */
export function rowIdAt(value: unknown, ...path: Path): number | undefined {
  const number = javaNumberAt(value, ...path);
  return number !== undefined && Number.isSafeInteger(number) && number > 0 ? number : undefined;
}

/** Epoch ms, whether it came as a number or as ISO text; 0 if there is none. */
export function javaTimeMsAt(value: unknown, ...path: Path): number {
  const number = javaNumberAt(value, ...path);
  if (number !== undefined) return number;
  const parsedMs = Date.parse(textAt(value, ...path) ?? '');
  return Number.isNaN(parsedMs) ? 0 : parsedMs;
}

export function textsAt(value: unknown, ...path: Path): string[] {
  return listAt(value, ...path).filter((item) => typeof item === 'string');
}

/** Named values of any kind; what `JSON.parse` made is JSON. */
export function jsonRecordAt(value: unknown, ...path: Path): Readonly<Record<string, Json>> {
  return objectAt(value, ...path) as Readonly<Record<string, Json>>;
}
