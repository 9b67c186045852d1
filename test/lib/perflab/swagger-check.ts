/** Compares a recorded request with an extract of a vendor's Swagger 2.0 description: path, query names, body. */
import { readFileSync } from 'node:fs';
import type { StandInCall } from '../../../infra/local/stand-in/calls.ts';
import { at, listAt, parseJson, textAt } from '../../../lib/json.ts';

/** What is wrong with a call; empty if nothing. */
export type SwaggerCheck = (call: Pick<StandInCall, 'method' | 'path' | 'query' | 'body'>) => string[];

export function loadSwaggerCheck(fixture: string): SwaggerCheck {
  const swagger: unknown = JSON.parse(
    readFileSync(new URL(`../../fixtures/argo/${fixture}`, import.meta.url), 'utf8'),
  );
  const paths = Object.keys(at(swagger, 'paths') as object).map((path) => ({
    path,
    pattern: new RegExp(`^${path.replace(/\{[^}]+\}/g, '[^/]+')}$`),
  }));
  return (call) => {
    const path = paths.find(({ pattern }) => pattern.test(call.path))?.path;
    const operation = path === undefined ? undefined : at(swagger, 'paths', path, call.method.toLowerCase());
    if (operation === undefined) return [`no operation ${call.method} ${call.path}`];
    const parameters = listAt(operation, 'parameters');
    const named = (name: string) =>
      parameters.find((one) => textAt(one, 'in') === 'query' && textAt(one, 'name') === name);
    const queryFaults = [...call.query.keys()]
      .filter((name) => !named(name))
      .map((name) => `no query parameter ${name}`);
    const bodySchema = at(
      parameters.find((one) => textAt(one, 'in') === 'body'),
      'schema',
    );
    if (bodySchema === undefined)
      return call.body === '' ? queryFaults : [...queryFaults, 'a body where none is described'];
    return [...queryFaults, ...faultsOf(swagger, bodySchema, parseJson(call.body), 'body')];
  };
}

function faultsOf(swagger: unknown, schema: unknown, value: unknown, place: string): string[] {
  const ref = textAt(schema, '$ref');
  if (ref !== undefined)
    return faultsOf(swagger, at(swagger, 'definitions', ref.split('/').at(-1) ?? ''), value, place);
  if (schema === undefined) return [`${place}: its description is missing`];
  if (at(schema, 'x-cut') === true) return [];
  switch (textAt(schema, 'type') ?? 'anything') {
    case 'object':
      return faultsOfObject(swagger, schema, value, place);
    case 'array':
      if (!Array.isArray(value)) return [`${place}: is no list`];
      return value.flatMap((item: unknown, index) =>
        faultsOf(swagger, at(schema, 'items'), item, `${place}[${index}]`),
      );
    case 'string':
      return typeof value === 'string' ? [] : [`${place}: is no text`];
    case 'boolean':
      return typeof value === 'boolean' ? [] : [`${place}: is no boolean`];
    case 'integer':
    case 'number':
      return typeof value === 'number' ? [] : [`${place}: is no number`];
    default:
      return [];
  }
}

function faultsOfObject(swagger: unknown, schema: unknown, value: unknown, place: string): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${place}: is no object`];
  const missing = listAt(schema, 'required').filter((name) => !Object.hasOwn(value, String(name)));
  const required = missing.map((name) => `${place}.${String(name)}: is missing`);
  const any = at(schema, 'additionalProperties');
  return [
    ...required.filter(() => place !== 'body.workflow'), // Kubernetes fills in apiVersion, kind and status itself
    ...Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
      const described = at(schema, 'properties', name) ?? any;
      return described === undefined
        ? [`${place}.${name}: is not described`]
        : faultsOf(swagger, described, inner, `${place}.${name}`);
    }),
  ];
}
