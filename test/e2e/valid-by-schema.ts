/** Checks a value against the part of JSON Schema that GitHub's description of its webhooks uses; says each fault with its path. */

export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly nullable?: boolean;
}

const KNOWN = new Set(
  '$ref type enum format required properties additionalProperties items oneOf anyOf allOf nullable'.split(
    ' ',
  ),
);

export function faultsOf(
  schemas: Readonly<Record<string, Schema>>,
  schema: Schema,
  value: unknown,
  path = '$',
): string[] {
  const unknown = Object.keys(schema).filter((keyword) => !KNOWN.has(keyword));
  if (unknown.length > 0) throw new Error(`the check knows no ${unknown.join(', ')}`);
  const check = (one: Schema, at: unknown, where = path) => faultsOf(schemas, one, at, where);
  if (schema.$ref !== undefined) {
    const target = schemas[schema.$ref];
    if (!target) throw new Error(`there is no schema ${schema.$ref}`);
    return check(target, value);
  }
  if (value === null && schema.nullable) return [];
  const types = schema.type === undefined ? undefined : [schema.type].flat();
  if (types && !types.some((type) => isOfType(type, value)))
    return [`${path} is no ${types.join(' or ')}: ${JSON.stringify(value)?.slice(0, 60)}`];
  if (schema.enum && !schema.enum.includes(value)) return [`${path} is none of ${schema.enum.join(', ')}`];
  if (typeof value === 'string' && !hasFormat(schema.format, value))
    return [`${path} is no ${schema.format}`];
  const faults: string[] = [];
  for (const one of schema.allOf ?? []) faults.push(...check(one, value));
  if (schema.anyOf && schema.anyOf.every((one) => check(one, value).length > 0))
    faults.push(`${path} fits nothing of anyOf`);
  if (schema.oneOf && schema.oneOf.filter((one) => check(one, value).length === 0).length === 0)
    faults.push(`${path} fits nothing of oneOf`);
  if (Array.isArray(value) && schema.items)
    faults.push(...value.flatMap((item, index) => check(schema.items ?? {}, item, `${path}[${index}]`)));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return faults;
  const fields = value as Readonly<Record<string, unknown>>;
  const { properties = {}, required = [], additionalProperties = true } = schema;
  faults.push(
    ...required.filter((name) => !Object.hasOwn(fields, name)).map((name) => `${path}.${name} is missing`),
  );
  for (const [name, field] of Object.entries(fields)) {
    const own = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (own) faults.push(...check(own, field, `${path}.${name}`));
    else if (additionalProperties === false) faults.push(`${path}.${name} is unknown`);
    else if (typeof additionalProperties === 'object')
      faults.push(...check(additionalProperties, field, `${path}.${name}`));
  }
  return faults;
}

function isOfType(type: string, value: unknown): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

function hasFormat(format: string | undefined, value: string): boolean {
  if (format === 'uri') return URL.canParse(value);
  if (format === 'date-time') return !Number.isNaN(Date.parse(value));
  return true;
}
