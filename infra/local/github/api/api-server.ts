/** Serves the API of the stand-in for GitHub: checks what comes before a route, and adds GitHub's errors and headers after it. */
import { createHash, randomUUID } from 'node:crypto';
import { isObject, parseJson } from '../../../../lib/json.ts';
import type { StandInAnswer, StandInCall } from '../../stand-in/calls.ts';
import { startStandInServer, type Recorded, type StandInServer } from '../../stand-in/server.ts';
import { ApiError } from './api-error.ts';
import type { Authenticate, Caller } from './callers.ts';
import type { RateMeter } from './rate-limits.ts';
import type { ApiAnswer, ExtraRoute, RawRequest } from './request.ts';
import type { Router } from './router.ts';

export interface ApiServerParts {
  readonly port: number | undefined;
  readonly authenticate: Authenticate;
  readonly route: Router;
  readonly extraRoutes: readonly ExtraRoute[];
  readonly rateMeter: RateMeter;
  readonly nowMs: () => number;
  readonly onAnswer: (call: Recorded<GitHubCall>) => void;
}

export interface GitHubCall {
  readonly method: string;
  /** With its query. */
  readonly path: string;
}

const API_VERSIONS = ['2022-11-28', '2026-03-10'];
const MAX_REQUEST_BYTES = 10 * 1024 * 1024;

export function startApiServer(parts: ApiServerParts): Promise<StandInServer<GitHubCall>> {
  return startStandInServer({
    name: 'GitHub stand-in',
    port: parts.port,
    maxBytes: MAX_REQUEST_BYTES,
    tooLarge: written(errorAnswer(new ApiError(413, 'Payload too large'))),
    note: ({ method, target }) => ({ method, path: target }),
    onAnswer: parts.onAnswer,
    headers: () => ({
      date: new Date(parts.nowMs()).toUTCString(),
      'x-github-request-id': randomUUID(),
      'x-github-media-type': 'github.v3; format=json',
    }),
    handle: async (call) => written(await answer(parts, requestOf(call, parts.authenticate))),
    onError: (error) => written(errorAnswer(error)),
    faultWords: ({ status = 500 }) =>
      written({ status, body: { message: status >= 500 ? 'Server Error' : 'Fault ordered by a test' } }),
  });
}

async function answer(parts: ApiServerParts, raw: RawRequest): Promise<ApiAnswer> {
  let rateHeaders: Record<string, string> = {};
  try {
    checkHeaders(raw);
    for (const extra of parts.extraRoutes) {
      const given = await extra(raw);
      if (given) return given;
    }
    const caller = raw.authenticate();
    rateHeaders = parts.rateMeter.count(caller, raw.method);
    const given = parts.route(raw);
    const answered = unchanged(raw, { ...given, headers: { ...rateHeaders, ...given.headers } });
    if (answered.status === 304) parts.rateMeter.giveBack(caller);
    return answered;
  } catch (error) {
    const given = errorAnswer(error);
    return { ...given, headers: { ...rateHeaders, ...given.headers } };
  }
}

function checkHeaders(raw: RawRequest): void {
  if (!raw.headers['user-agent'] && raw.path !== '/') {
    const message =
      'Request forbidden by administrative rules. Please make sure your request has a User-Agent header';
    throw new ApiError(403, message);
  }
  const version = raw.headers['x-github-api-version'];
  if (version !== undefined && !API_VERSIONS.includes(String(version))) {
    throw new ApiError(
      400,
      `'${String(version)}' is not a supported API version. Supported: ${API_VERSIONS.join(', ')}`,
    );
  }
}

/** A GET whose answer the client already has costs nothing. */
function unchanged(raw: RawRequest, given: ApiAnswer): ApiAnswer {
  if (raw.method !== 'GET' || given.status !== 200) return given;
  const etag = `W/"${createHash('sha256').update(JSON.stringify(given.body)).digest('hex')}"`;
  const headers = { ...given.headers, etag };
  return raw.headers['if-none-match'] === etag ? { status: 304, headers } : { ...given, headers };
}

function requestOf(call: StandInCall, authenticate: Authenticate): RawRequest {
  let known: Caller | undefined;
  return {
    ...call,
    rawBody: call.body,
    body: parse(call.body),
    authenticate: () => (known ??= authenticate(call.headers['authorization'])),
  };
}

function parse(rawBody: string): Readonly<Record<string, unknown>> {
  if (rawBody === '') return {};
  const value = parseJson(rawBody);
  if (!isObject(value)) throw new ApiError(400, 'Problems parsing JSON');
  return value;
}

function errorAnswer(error: unknown): ApiAnswer {
  if (!(error instanceof ApiError)) {
    const detail = error instanceof Error ? `GitHub stand-in failed: ${error.message}` : 'Server Error';
    return { status: 500, body: { message: detail } };
  }
  const { status, message, errors, headers } = error;
  const documentation_url = 'https://docs.github.com/rest';
  return {
    status,
    headers,
    body: { message, ...(errors ? { errors } : {}), documentation_url, status: String(status) },
  };
}

function written({ status, headers, body }: ApiAnswer): StandInAnswer {
  if (body === undefined) return { status, headers };
  const isPlain = typeof body === 'string' || Buffer.isBuffer(body);
  const type = { 'content-type': isPlain ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8' };
  return { status, headers: { ...type, ...headers }, body: isPlain ? body : JSON.stringify(body) };
}
