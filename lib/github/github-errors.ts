/**
 * Tells GitHub's facts from everything else that comes back: a refusal, no answer at all, or an answer that is not GitHub's (a
 * redirect elsewhere, a login page, a fact that is missing) becomes an UpstreamError.
 */
import type { Octokit } from '@octokit/core';
import { redact } from '../http/redact.ts';
import { UpstreamError } from '../http/upstream-error.ts';
import { waitAskedForMs } from '../http/retry-after.ts';
import { numberAt, textAt } from '../json.ts';

const MAX_MESSAGE_CHARS = 200;
/** Nothing that is shown lies behind this. */
const MAX_READ_CHARS = 10_000;

/** As Octokit throws it. */
interface RequestFailure {
  readonly status?: number;
  readonly message?: string;
  readonly response?: { readonly headers?: Readonly<Record<string, string | number | undefined>> };
}

/** In GitHub's own words, without what we sent. 403 and 429 may be a rate limit: then GitHub says how long to wait. https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api */
export function toUpstreamError(error: unknown, route: string, nowMs: number): UpstreamError {
  if (error instanceof UpstreamError) return error;
  const failure = error as RequestFailure;
  const status = typeof failure.status === 'number' && failure.response ? failure.status : undefined;
  if (status === undefined)
    return new UpstreamError(`GitHub did not answer: ${route}`, { retryable: true, cause: error });
  const headers = Object.fromEntries(
    Object.entries(failure.response?.headers ?? {}).map(([name, value]) => [name, String(value)]),
  );
  const words = (failure.message ?? '').slice(0, MAX_READ_CHARS).split(' - https://')[0] ?? '';
  const message = redact(words).slice(0, MAX_MESSAGE_CHARS);
  const waitMs = waitAskedForMs({ status, headers, text: message }, nowMs);
  const retryable = status >= 500 || status === 429 || status === 409 || waitMs !== undefined;
  return new UpstreamError(`GitHub answered ${status} (${message}) to ${route}`, {
    retryable,
    status,
    retryAfterMs: waitMs,
    cause: error,
  });
}

interface Answer {
  readonly status: number;
  readonly data: unknown;
}

/** An Octokit plugin, which sees the requests for tokens too: Octokit takes redirects and pages for success. */
export function refuseUnreadable(octokit: Octokit): void {
  octokit.hook.after('request', ({ status, data }: Answer, { method, url }) => {
    const route = `${method} ${url}`;
    if (status >= 300)
      throw unreadable(`a redirect (${status}), which is followed only within GitHub's own address`, route);
    const hasContent = status === 200 || status === 201;
    if (hasContent && (typeof data !== 'object' || data === null || data instanceof ArrayBuffer))
      throw unreadable('something other than JSON', route);
    if (url.endsWith('/access_tokens')) textIn(data, 'token', route);
  });
}

/** For facts that must be there: a missing permission must not be read as "none". */
export function textIn(data: unknown, field: string, route: string): string {
  const value = textAt(data, field);
  if (value === undefined) throw unreadable(`without its field "${field}"`, route);
  return value;
}

export function idIn(data: unknown, route: string): number {
  const id = numberAt(data, 'id');
  if (id === undefined || !Number.isSafeInteger(id) || id <= 0)
    throw unreadable('without its field "id"', route);
  return id;
}

/** Worth trying again: whatever stands in front of GitHub for a moment is gone the next. */
function unreadable(what: string, route: string): UpstreamError {
  return new UpstreamError(`GitHub answered ${what}: ${route}`, { retryable: true });
}
