/** The stand-in's HTTP side: reads a request, applies faults, versions and limits, and writes GitHub's headers. */
import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiError } from './api-error.ts';
import type { ApiAnswer, ExtraRoute, RawRequest } from './request.ts';
import type { Authenticate, Caller } from './callers.ts';
import { takeFault, type Fault } from '../webhooks/faults.ts';
import type { RateMeter } from './rate-limits.ts';
import type { Router } from './router.ts';

export interface ApiServerParts {
  readonly authenticate: Authenticate;
  readonly route: Router;
  readonly extraRoutes: readonly ExtraRoute[];
  readonly rateMeter: RateMeter;
  readonly faults: Fault[];
  readonly nowMs: () => number;
  readonly onCall: (call: Call) => void;
}

export interface Call {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** What was answered; 0 when the connection was cut instead. */
  readonly status: number;
}

const API_VERSIONS = ['2022-11-28', '2026-03-10'];
const MAX_REQUEST_BYTES = 10 * 1024 * 1024;

export function createApiServer(parts: ApiServerParts): Server {
  return createServer((request, response) => {
    serve(parts, request, response).catch((error: unknown) => {
      write(parts, response, errorAnswer(error));
    });
  });
}

async function serve(
  parts: ApiServerParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const raw = await readRequest(request, parts.authenticate);
  const path = request.url ?? '/';
  const call = (status: number) => parts.onCall({ method: raw.method, path, status });
  const fault = takeFault(parts.faults, `${raw.method} ${path}`);
  if (fault?.delayMs !== undefined) await delay(fault.delayMs, undefined, { ref: false });
  const strikes = fault !== undefined && (fault.closeSocket === true || fault.status !== undefined);
  const honest = strikes && !fault.afterEffect ? undefined : await answer(parts, raw);
  if (fault?.closeSocket) {
    call(0);
    request.socket.destroy();
    return;
  }
  const final = strikes ? faultAnswer(fault) : (honest ?? errorAnswer(undefined));
  call(final.status);
  write(parts, response, final);
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

async function readRequest(request: IncomingMessage, authenticate: Authenticate): Promise<RawRequest> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_REQUEST_BYTES) throw new ApiError(413, 'Payload too large');
    chunks.push(chunk);
  }
  const rawBody = Buffer.concat(chunks).toString();
  const url = new URL(request.url ?? '/', 'http://stand-in');
  let known: Caller | undefined;
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    rawBody,
    body: parse(rawBody),
    authenticate: () => (known ??= authenticate(request.headers.authorization)),
  };
}

function parse(rawBody: string): Record<string, unknown> {
  if (rawBody === '') return {};
  try {
    const value: unknown = JSON.parse(rawBody);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // Falls through to GitHub's answer.
  }
  throw new ApiError(400, 'Problems parsing JSON');
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

function faultAnswer(fault: Fault): ApiAnswer {
  const status = fault.status ?? 500;
  return {
    status,
    headers: fault.headers ?? {},
    body: fault.body ?? { message: status >= 500 ? 'Server Error' : 'Fault ordered by a test' },
  };
}

function write(parts: ApiServerParts, response: ServerResponse, { status, headers, body }: ApiAnswer): void {
  const plain = typeof body === 'string' || Buffer.isBuffer(body);
  const content = body === undefined ? undefined : plain ? body : JSON.stringify(body);
  const type =
    content === undefined
      ? {}
      : { 'content-type': plain ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8' };
  response.writeHead(status, {
    ...type,
    date: new Date(parts.nowMs()).toUTCString(),
    'x-github-request-id': randomUUID(),
    'x-github-media-type': 'github.v3; format=json',
    'x-stand-in': 'GitHub stand-in',
    ...headers,
  });
  response.end(content);
}
