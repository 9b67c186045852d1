/** Readers for answers that promise more than they keep: each takes anything and gives the type asked for, or a stated stand-by. */
import type { Json } from './datastore.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object, or an empty one. */
export function readObject(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** The list; null or anything else is an empty one. */
export function readList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function readText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function readTexts(value: unknown): string[] {
  return readList(value).filter((item) => typeof item === 'string');
}

/** A number, also where it was written as text: Java has no other way to write NaN and Infinity in JSON. */
export function readNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  if (value === 'NaN') return NaN;
  const number = Number(value);
  return Number.isNaN(number) ? undefined : number;
}

/** A database id: a whole number above zero. */
export function readId(value: unknown): number | undefined {
  const number = readNumber(value);
  return number !== undefined && Number.isSafeInteger(number) && number > 0 ? number : undefined;
}

export function readIds(value: unknown): number[] {
  return readList(value).flatMap((item) => readId(item) ?? []);
}

/** Epoch ms, whether it came as a number or as ISO text; 0 where there is none. */
export function readTimeMs(value: unknown): number {
  const number = readNumber(value);
  if (number !== undefined) return number;
  const parsedMs = Date.parse(readText(value) ?? '');
  return Number.isNaN(parsedMs) ? 0 : parsedMs;
}

/** Named values of any kind; what `JSON.parse` made is JSON. */
export function readJsonRecord(value: unknown): Readonly<Record<string, Json>> {
  return readObject(value) as Readonly<Record<string, Json>>;
}
