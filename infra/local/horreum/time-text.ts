/** Reads a time as Horreum does: epoch ms, an ISO time or a date. */
import type { Json } from '../../../lib/horreum/datastore.ts';

/** Epoch ms; undefined for what is none. */
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
