/**
 * Calls a PerfLab, Horreum or GitHub over HTTP, the one way to do so: a time-out, no redirects followed (a login page must not
 * receive a password), a cap on what is read, and errors that say outcome, subject and place without a secret.
 */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { agentTrusting } from './trusted-certificates.ts';
import { UpstreamError } from './upstream-error.ts';

export interface OutsideRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** From the first byte sent to the last byte read. Default 10 s. */
  readonly timeoutMs?: number;
  /** At most so much of the answer is kept; the rest is cut off. Default 8 MiB. */
  readonly maxBytes?: number;
}

export interface OutsideAnswer {
  readonly status: number;
  /** Names in lower case; a repeated header is joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The answer was longer than `maxBytes` and was cut. */
  readonly truncated: boolean;
}

/** One call to an outside system. Any HTTP status is an answer; only a failed connection or a time-out throws UpstreamError. */
export type OutsideCall = (request: OutsideRequest) => Promise<OutsideAnswer>;

export interface OutsideCallOptions {
  /** PEM certificates trusted beside the public ones: a lab's private CA. */
  readonly ca?: string | undefined;
  /** Hosts (`name` or `name:port`) that may be called; undefined allows every host. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** For requests that name none. Default 10 s. */
  readonly timeoutMs?: number | undefined;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_MAX_BYTES = 8 * 1024 * 1024;

/** Makes the function that calls out, bound to its trust and its allow-list. */
export function createOutsideCall(options: OutsideCallOptions = {}): OutsideCall {
  const allowed = options.allowedHosts?.map((host) => host.toLowerCase());
  return async (request) => {
    const url = parseUrl(request.url);
    const names = [url.hostname, `${url.hostname}:${url.port || STANDARD_PORTS[url.protocol]}`];
    if (allowed && !names.some((name) => allowed.includes(name))) {
      throw new UpstreamError(
        `refused to call ${place(request.method, url)}: host ${url.host} is not on the allow-list`,
        { retryable: false },
      );
    }
    return send({ timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS, ...request }, url, options.ca);
  };
}

const STANDARD_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new UpstreamError('refused to call an address that is not an http(s) URL', { retryable: false });
  }
  return url;
}

function send(
  request: OutsideRequest & { readonly timeoutMs: number },
  url: URL,
  ca: string | undefined,
): Promise<OutsideAnswer> {
  const { timeoutMs } = request;
  const body = request.body === undefined ? undefined : Buffer.from(request.body);
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const fail = (error: unknown) => {
      const outcome = signal.aborted
        ? `no answer within ${timeoutMs} ms`
        : `no connection (${codeOf(error)})`;
      reject(
        new UpstreamError(`${outcome}: ${place(request.method, url)}`, { retryable: true, cause: error }),
      );
    };
    const options = {
      method: request.method,
      headers: { ...request.headers, ...(body ? { 'content-length': String(body.byteLength) } : {}) },
      signal,
    };
    const onAnswer = (answer: IncomingMessage) =>
      readCapped(answer, request.maxBytes ?? DEFAULT_MAX_BYTES).then(resolve, fail);
    try {
      const sent =
        url.protocol === 'https:'
          ? httpsRequest(url, ca ? { ...options, agent: agentTrusting(ca) } : options, onAnswer)
          : httpRequest(url, options, onAnswer);
      sent.on('error', fail);
      sent.end(body);
    } catch (cause) {
      const what = `could not be sent (${codeOf(cause)}): ${place(request.method, url)}`;
      reject(new UpstreamError(what, { retryable: false, cause }));
    }
  });
}

async function readCapped(answer: IncomingMessage, maxBytes: number): Promise<OutsideAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  let truncated = false;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    const room = maxBytes - size;
    chunks.push(chunk.byteLength > room ? chunk.subarray(0, room) : chunk);
    size += chunk.byteLength;
    if (size > maxBytes) {
      truncated = true;
      answer.destroy();
      break;
    }
  }
  const headers = Object.fromEntries(
    Object.entries(answer.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
  return { status: answer.statusCode ?? 0, headers, text: Buffer.concat(chunks).toString('utf8'), truncated };
}

/** Method, host and path: never the query, the user info or a header, where a secret could stand. */
export function place(method: string, url: URL | string): string {
  const { host, pathname } = typeof url === 'string' ? new URL(url) : url;
  return `${method} ${host}${pathname}`;
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : 'unknown cause';
}
