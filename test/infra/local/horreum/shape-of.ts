/** The shape of a JSON value: which types stand at which paths. Lists and maps of free keys are one path for all their entries. */

/** Path → types, e.g. `datasets[].view{}{}` → `['number', 'string']`. */
export type Shape = Readonly<Record<string, readonly string[]>>;

/** Objects whose keys are data: labels, view components, variables. */
const MAPS = ['values', 'view', 'results', 'extraLabels'];
/** What an uploader sent: any JSON. */
const OPAQUE = ['data', 'value'];

export function shapeOf(value: unknown): Shape {
  const types = new Map<string, Set<string>>();
  visit(value, '', types);
  return Object.fromEntries(
    [...types].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, found]) => [path, [...found].sort()]),
  );
}

function visit(value: unknown, path: string, types: Map<string, Set<string>>): void {
  const note = (type: string) => types.set(path, (types.get(path) ?? new Set()).add(type));
  const key = path.slice(path.lastIndexOf('.') + 1);
  if (OPAQUE.includes(key)) note('any');
  else if (Array.isArray(value)) {
    note('array');
    for (const item of value) visit(item, `${path}[]`, types);
  } else if (typeof value === 'object' && value !== null) {
    note('object');
    const isMap = MAPS.includes(key) || (key === 'view{}' && path.endsWith('view{}'));
    for (const [name, item] of Object.entries(value))
      visit(item, isMap ? `${path}{}` : `${path}.${name}`, types);
  } else note(value === null ? 'null' : typeof value);
}
