/** Finds the route of a call and checks its role. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Caller } from './callers.ts';
import { hasRole } from './callers.ts';
import { empty, unauthorized, unknownPath, type Answer } from './http-answer.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { Store } from '../store/store.ts';

export interface Call {
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly caller: Caller;
  /** The path's number, where the pattern has one. */
  readonly id: number;
  /** The path's free text, where the pattern has one. */
  readonly name: string;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `{id}` stands for a number, `{name}` for any text. */
  readonly pattern: string;
  /** Without one anybody may call. */
  readonly role?: 'viewer' | 'tester' | 'uploader' | 'admin' | 'any';
  readonly handle: (call: Call) => Answer | Promise<Answer>;
}

/** What the routes work on. */
export interface Horreum {
  readonly store: Store;
  readonly pipeline: Pipeline;
  readonly nowMs: () => number;
  /** Called when a test was created. */
  readonly onTestCreated: (testId: number) => void;
}

export async function dispatch(
  routes: readonly Route[],
  method: string,
  path: string,
  call: Omit<Call, 'id' | 'name'>,
): Promise<Answer> {
  const segments = path.split('/');
  for (const route of routes) {
    if (route.method !== method) continue;
    const found = match(route.pattern.split('/'), segments);
    if (!found) continue;
    if (Number.isNaN(found.id)) return empty(404);
    if (route.role && call.caller.kind === 'anonymous') return unauthorized();
    if (route.role && route.role !== 'any' && !hasRole(call.caller, route.role)) return empty(403);
    return route.handle({ ...call, ...found });
  }
  return unknownPath();
}

/** `id` is NaN where the path has something else than a number. */
function match(
  pattern: readonly string[],
  segments: readonly string[],
): { id: number; name: string } | undefined {
  if (pattern.length !== segments.length) return undefined;
  let id = 0;
  let name = '';
  for (const [index, expected] of pattern.entries()) {
    const segment = segments[index] ?? '';
    if (expected === '{id}') id = /^-?\d+$/.test(segment) ? Number(segment) : NaN;
    else if (expected === '{name}') name = decodeURIComponent(segment);
    else if (expected !== segment) return undefined;
  }
  return { id, name };
}
