/** Checks a value against the few words of JSON Schema that the project's own schema uses; an unknown word is a fault, too. */

type Schema = Readonly<Record<string, unknown>>;

const REMARKS = ['$schema', 'title', 'description', '$defs'];

export function schemaFaults(root: Schema, value: unknown, schema: Schema = root, at = '$'): string[] {
  return Object.entries(schema).flatMap(([word, rule]) => {
    if (REMARKS.includes(word)) return [];
    const fields = (typeof value === 'object' && value !== null ? value : {}) as Readonly<
      Record<string, unknown>
    >;
    switch (word) {
      case '$ref': {
        const name = String(rule).replace('#/$defs/', '');
        return schemaFaults(root, value, (root['$defs'] as Record<string, Schema>)[name] ?? {}, at);
      }
      case 'type':
        return [rule].flat().some((type) => isOfType(value, String(type)))
          ? []
          : [`${at} is no ${String(rule)}`];
      case 'const':
        return value === rule ? [] : [`${at} is not ${String(rule)}`];
      case 'enum':
        return (rule as unknown[]).includes(value) ? [] : [`${at} is none of ${String(rule)}`];
      case 'minimum':
        return typeof value === 'number' && value < Number(rule) ? [`${at} is too small`] : [];
      case 'required':
        return (rule as string[]).filter((name) => !(name in fields)).map((name) => `${at} lacks ${name}`);
      case 'properties':
        return Object.entries(rule as Record<string, Schema>).flatMap(([name, part]) =>
          name in fields ? schemaFaults(root, fields[name], part, `${at}.${name}`) : [],
        );
      case 'additionalProperties':
        return Object.entries(fields).flatMap(([name, field]) =>
          schemaFaults(root, field, rule as Schema, `${at}.${name}`),
        );
      case 'items':
        return Array.isArray(value)
          ? value.flatMap((item, index) => schemaFaults(root, item, rule as Schema, `${at}[${index}]`))
          : [];
      default:
        return [`${at}: the schema says ${word}, which this check does not know`];
    }
  });
}

function isOfType(value: unknown, type: string): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === type;
}
