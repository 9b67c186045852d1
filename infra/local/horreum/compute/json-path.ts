/** Queries JSON by the part of PostgreSQL's path language (lax mode) that benchmark schemas use: members, wildcards, indexes and one comparison as a filter, such as `$.stats[*] ? (@.name != "warmUp").total."99.9"`. */
import type { Json } from '../../../../lib/horreum/datastore.ts';

type Step =
  | { readonly kind: 'member'; readonly name: string }
  | { readonly kind: 'anyMember' }
  | { readonly kind: 'anyElement' }
  | { readonly kind: 'element'; readonly index: number }
  | {
      readonly kind: 'filter';
      readonly steps: readonly Step[];
      readonly operator: string;
      readonly operand: Json;
    };

export class JsonPathError extends Error {}

/** All that the path finds, in order. Throws JsonPathError for a path that can't be read. */
export function queryJsonPath(value: Json, path: string): Json[] {
  return run([value], parsePath(path));
}

function run(values: readonly Json[], steps: readonly Step[]): Json[] {
  return steps.reduce<Json[]>((found, step) => found.flatMap((value) => apply(value, step)), [...values]);
}

function apply(value: Json, step: Step): Json[] {
  switch (step.kind) {
    case 'anyElement':
      return Array.isArray(value) ? [...(value as readonly Json[])] : [value];
    case 'element':
      return elements(value).slice(step.index, step.index + 1);
    case 'member':
      return unwrapped(value).flatMap((object) => {
        const member = Object.hasOwn(object, step.name) ? object[step.name] : undefined;
        return member === undefined ? [] : [member];
      });
    case 'anyMember':
      return unwrapped(value).flatMap((object) => Object.values(object));
    case 'filter':
      return elements(value).filter((item) =>
        run([item], step.steps).some((found) => compare(found, step.operator, step.operand)),
      );
  }
}

/** Lax mode: a single value stands for an array of one. */
function elements(value: Json): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [value];
}

/** Lax mode: members are taken of each object in an array. */
function unwrapped(value: Json): { readonly [key: string]: Json }[] {
  return elements(value).filter(
    (item): item is { readonly [key: string]: Json } =>
      typeof item === 'object' && item !== null && !Array.isArray(item),
  );
}

/** Null differs from all else; other values of different types never compare. */
function compare(left: Json, operator: string, right: Json): boolean {
  if (left === null || right === null)
    return operator === '==' ? left === right : isUnequal(operator) && left !== right;
  if (typeof left !== typeof right || typeof left === 'object') return false;
  switch (operator) {
    case '==':
      return left === right;
    case '!=':
    case '<>':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    default:
      return left >= right;
  }
}

function isUnequal(operator: string): boolean {
  return operator === '!=' || operator === '<>';
}

/** One token at the start of the rest, blanks before it skipped. */
const TOKENS = {
  member: /^\s*\.\s*([A-Za-z_$][\w$]*|"(?:[^"\\]|\\.)*")/,
  anyMember: /^\s*\.\s*\*/,
  anyElement: /^\s*\[\s*\*\s*\]/,
  element: /^\s*\[\s*(\d+)\s*\]/,
  filterStart: /^\s*\?\s*\(\s*@/,
  comparison:
    /^\s*(==|!=|<>|<=|>=|<|>)\s*("(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)\s*\)/,
};

function parsePath(path: string): Step[] {
  const start = /^\s*(?:lax\s+)?\$/.exec(path);
  if (!start)
    throw new JsonPathError(`syntax error at or near "${path.trim().slice(0, 1)}" of jsonpath input`);
  const { steps, rest } = parseSteps(path.slice(start[0].length));
  if (rest.trim() !== '') throw syntaxError(rest);
  return steps;
}

function parseSteps(text: string): { steps: Step[]; rest: string } {
  const steps: Step[] = [];
  let rest = text;
  for (;;) {
    const next = parseStep(rest);
    if (!next) return { steps, rest };
    steps.push(next.step);
    rest = next.rest;
  }
}

function parseStep(text: string): { step: Step; rest: string } | undefined {
  const after = (match: RegExpExecArray) => text.slice(match[0].length);
  const anyMember = TOKENS.anyMember.exec(text);
  if (anyMember) return { step: { kind: 'anyMember' }, rest: after(anyMember) };
  const member = TOKENS.member.exec(text);
  if (member) return { step: { kind: 'member', name: unquoted(member[1] ?? '') }, rest: after(member) };
  const anyElement = TOKENS.anyElement.exec(text);
  if (anyElement) return { step: { kind: 'anyElement' }, rest: after(anyElement) };
  const element = TOKENS.element.exec(text);
  if (element) return { step: { kind: 'element', index: Number(element[1]) }, rest: after(element) };
  const filter = TOKENS.filterStart.exec(text);
  return filter ? parseFilter(after(filter)) : undefined;
}

function parseFilter(text: string): { step: Step; rest: string } {
  const { steps, rest } = parseSteps(text);
  const comparison = TOKENS.comparison.exec(rest);
  if (!comparison) throw syntaxError(rest);
  const [whole, operator = '==', operand = 'null'] = comparison;
  return {
    step: { kind: 'filter', steps, operator, operand: JSON.parse(operand) as Json },
    rest: rest.slice(whole.length),
  };
}

function unquoted(name: string): string {
  return name.startsWith('"') ? (JSON.parse(name) as string) : name;
}

function syntaxError(rest: string): JsonPathError {
  const near = rest.trim().slice(0, 1);
  return new JsonPathError(
    near === '' || /^\s*(==|!=|<>|<=|>=|<|>)\s*$/.test(rest)
      ? 'syntax error at end of jsonpath input'
      : `syntax error at or near "${near}" of jsonpath input`,
  );
}
