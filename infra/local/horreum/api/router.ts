/** Finds the route of a call and checks the caller's role. */
import type { StandInAnswer, StandInCall } from '../../stand-in/calls.ts';
import { createRouter } from '../../stand-in/router.ts';
import { hasRole, type Caller } from './callers.ts';
import { empty, unauthorized, unknownPath } from './http-answer.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { Store } from '../store/store.ts';

export interface Call extends StandInCall {
  readonly caller: Caller;
  /** The path's number, where the pattern has one. */
  readonly id: number;
  /** The path's free text, where the pattern has one. */
  readonly name: string;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `{id}` stands for a number, `{name}` for any text. */
  readonly path: string;
  /** Without one anybody may call. */
  readonly role?: 'viewer' | 'tester' | 'uploader' | 'admin' | 'any';
  readonly handle: (call: Call) => StandInAnswer | Promise<StandInAnswer>;
}

/** What the routes work on. */
export interface Horreum {
  readonly store: Store;
  readonly pipeline: Pipeline;
  readonly nowMs: () => number;
  /** Called when a test was created. */
  readonly onTestCreated: (testId: number) => void;
}

export function createDispatch(routes: readonly Route[]) {
  const find = createRouter(routes);
  return async (call: StandInCall, caller: Caller): Promise<StandInAnswer> => {
    const found = find(call.method, call.path);
    if (!found) return unknownPath();
    const { route, parameters } = found;
    const id = numberIn(parameters['id']);
    if (Number.isNaN(id)) return empty(404);
    if (route.role && caller.kind === 'anonymous') return unauthorized();
    if (route.role && route.role !== 'any' && !hasRole(caller, route.role)) return empty(403);
    return route.handle({ ...call, caller, id, name: decodeURIComponent(parameters['name'] ?? '') });
  };
}

/** NaN where the path has something else than a number. */
function numberIn(segment = '0'): number {
  return /^-?\d+$/.test(segment) ? Number(segment) : NaN;
}
