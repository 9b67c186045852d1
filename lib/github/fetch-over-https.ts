/**
 * Implements as much of `fetch` as Octokit uses, over node:https. The global one costs a cold function some 25 ms at its first call,
 * since Node then loads all of it (docs/decisions/0030-cold-starts-and-calls.md).
 */
import type { OutsideAnswer, OutsideCall, OutsideRequest } from '../http/outside-call.ts';

/** GitHub answers so for a repository that was renamed or moved. https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects */
const REDIRECTS = [301, 302, 307, 308];
const MOST_REDIRECTS = 3;
/** A hundred check runs with the longest output that GitHub keeps. */
const MAX_BYTES = 32 * 1024 * 1024;

/** Redirects are followed within the same origin only, as what is sent holds a token. */
export function fetchOverHttps(call: OutsideCall, timeoutMs: number): typeof globalThis.fetch {
  const send = async (request: OutsideRequest, redirectsLeft: number): Promise<Response> => {
    const answer = await call(request);
    const next = redirectsLeft > 0 ? redirected(request, answer) : undefined;
    return next ? send(next, redirectsLeft - 1) : responseOf(request.url, answer);
  };
  return (input, init = {}) => {
    const request = {
      method: (init.method ?? 'GET') as OutsideRequest['method'],
      url: typeof input === 'string' ? input : input instanceof URL ? input.href : input.url,
      headers: init.headers as Record<string, string>,
      ...(typeof init.body === 'string' ? { body: init.body } : {}),
      timeoutMs,
      maxBytes: MAX_BYTES,
    };
    return send(request, MOST_REDIRECTS);
  };
}

function redirected(request: OutsideRequest, { status, headers }: OutsideAnswer): OutsideRequest | undefined {
  const { location } = headers;
  if (!REDIRECTS.includes(status) || location === undefined || !URL.canParse(location, request.url))
    return undefined;
  const keepsMethod = status === 307 || status === 308 || request.method === 'GET';
  const url = new URL(location, request.url);
  return keepsMethod && url.origin === new URL(request.url).origin
    ? { ...request, url: url.href }
    : undefined;
}

/** Only what Octokit reads; a real Response would load all of the global fetch again. */
function responseOf(url: string, { status, headers, text }: OutsideAnswer): Response {
  const response = {
    url,
    status,
    ok: status >= 200 && status < 300,
    headers: new Map(Object.entries(headers)),
    text: () => Promise.resolve(text),
    json: () => Promise.resolve(JSON.parse(text) as unknown),
    arrayBuffer: () => Promise.resolve(new TextEncoder().encode(text).buffer),
  };
  return response as unknown as Response;
}
