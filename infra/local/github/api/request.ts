/** Describes one request to the API and its answer, as routes see them. */
import type { StandInCall } from '../../stand-in/calls.ts';
import { invalid } from './api-error.ts';
import type { Caller } from './callers.ts';
import type { Repository } from '../state/records.ts';

export interface ApiAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** An object is sent as JSON, a string or bytes as they are; undefined sends no body. */
  readonly body?: unknown;
}

export interface RawRequest extends Omit<StandInCall, 'body'> {
  readonly rawBody: string;
  /** Parsed JSON; an empty object when there was no body. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Who asks; throws ApiError 401. */
  readonly authenticate: () => Caller;
}

/** Tried before the stand-in's own routes; undefined passes the request on. */
export type ExtraRoute = (request: RawRequest) => ApiAnswer | undefined | Promise<ApiAnswer | undefined>;

export interface ApiRequest extends RawRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly caller: Caller;
  /** The repository in the path; throws 404 when the path has none. */
  readonly repository: Repository;
}

export function requiredString(
  body: Readonly<Record<string, unknown>>,
  field: string,
  resource: string,
): string {
  const value = body[field];
  if (typeof value !== 'string' || value === '') throw invalid(resource, field, 'missing_field');
  return value;
}

export function optionalString(
  body: Readonly<Record<string, unknown>>,
  field: string,
  resource: string,
): string | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw invalid(resource, field, 'invalid');
  return value;
}

export function idFrom(params: Readonly<Record<string, string>>, name: string): number {
  return /^\d+$/.test(params[name] ?? '') ? Number(params[name]) : NaN;
}
