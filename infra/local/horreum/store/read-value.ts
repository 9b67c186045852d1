/** Reads what people send as loosely as Horreum does: texts, times and JSON bodies. */
import { isObject, parseJson } from '../../../../lib/json.ts';
import type { Json } from '../../../../lib/horreum/datastore.ts';
import type { JsonObject } from './store.ts';

export function asText(value: unknown, standBy = ''): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : standBy;
}

/** Epoch ms; undefined for anything else. */
export function epochMs(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return Math.trunc(value);
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const text = value.trim();
  if (/^\d+$/.test(text)) return Number(text);
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return undefined;
  const hasZone = /(Z|[+-]\d{2}:?\d{2})$/.test(text) || !text.includes('T');
  const parsedMs = Date.parse(hasZone ? text : `${text}Z`);
  return Number.isNaN(parsedMs) ? undefined : parsedMs;
}

export function readJsonBody(body: string): JsonObject | undefined {
  const value = parseJson(body);
  return isObject(value) ? (value as JsonObject) : undefined;
}
