/**
 * An answer that is none of GitHub's (a redirect that may not be followed, a login page, a fact that is missing) is an outside system's
 * error: Octokit takes all of these for success, and a missing permission must not be read as "none".
 */
import type { Octokit } from '@octokit/core';
import { UpstreamError } from '../http/upstream-error.ts';
import { number, object } from './read-fields.ts';

interface Answer {
  readonly status: number;
  readonly data: unknown;
}

/** An Octokit plugin; it sees the requests for tokens too. */
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

export function textIn(data: unknown, field: string, route: string): string {
  const value = object(data)[field];
  if (typeof value !== 'string' || value === '') throw unreadable(`without its field "${field}"`, route);
  return value;
}

export function idIn(data: unknown, route: string): number {
  const id = number(object(data)['id']);
  if (id === undefined || !Number.isSafeInteger(id) || id <= 0)
    throw unreadable('without its field "id"', route);
  return id;
}

/** Worth trying again: who stands in front of GitHub for a moment is gone the next. */
function unreadable(what: string, route: string): UpstreamError {
  return new UpstreamError(`GitHub answered ${what}: ${route}`, { retryable: true });
}
