/** Argo's `fields` query: the object cut down to the dotted paths that it names. */
export function pickFields(value: object, fields: string | null): object {
  if (!fields) return value;
  const picked: Record<string, unknown> = {};
  for (const path of fields.split(',')) copy(value, picked, path.split('.'));
  return picked;
}

function copy(from: unknown, to: Record<string, unknown>, [key = '', ...rest]: readonly string[]): void {
  if (typeof from !== 'object' || from === null || !Object.hasOwn(from, key)) return;
  const inner = (from as Record<string, unknown>)[key];
  if (rest.length === 0) {
    to[key] = inner;
    return;
  }
  const below = (to[key] ?? {}) as Record<string, unknown>;
  to[key] = below;
  copy(inner, below, rest);
}
