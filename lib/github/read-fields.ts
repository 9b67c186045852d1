/** Reads what GitHub sends leniently: any field may be missing or of another type. */

export type Fields = Readonly<Record<string, unknown>>;

export const object = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const text = (value: unknown): string => (typeof value === 'string' ? value : '');
export const number = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;
/** Epoch ms of an ISO text. */
export const timeMs = (value: unknown): number | undefined => Date.parse(text(value)) || undefined;
