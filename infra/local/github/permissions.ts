/** What a route asks of its caller, and the refusals when the caller has less. */
import { ApiError, notFound } from './api-error.ts';
import type { Caller } from './authentication.ts';
import type { Repository } from './state.ts';

/** `app`: the JWT. `anybody`: no credential needed. A list: a token with any one of these, such as `checks:write`. */
export type Need = 'app' | 'anybody' | readonly string[];

export function checkNeed(need: Need, caller: Caller): void {
  if (need === 'anybody') return;
  if (caller.kind === 'nobody') throw new ApiError(401, 'Requires authentication');
  if (need === 'app') {
    if (caller.kind !== 'app') throw new ApiError(401, 'A JSON web token could not be decoded');
    return;
  }
  if (caller.kind !== 'installation') throw new ApiError(401, 'Bad credentials');
  const { installation, permissions } = caller.token;
  if (installation.suspendedAtMs !== undefined) throw suspended();
  if (!need.some((wanted) => covers(permissions, wanted))) {
    const accepted = need.map((wanted) => wanted.replace(':', '=')).join('; ');
    throw new ApiError(403, 'Resource not accessible by integration', {
      headers: { 'x-accepted-github-permissions': accepted },
    });
  }
}

/** A repository outside the token does not exist for it. */
export function checkRepository(repository: Repository, caller: Caller): void {
  if (caller.kind !== 'installation') return;
  const { installation, repositoryIds } = caller.token;
  const covered = repository.installed && repository.owner === installation.account;
  if (!covered || (repositoryIds && !repositoryIds.includes(repository.id))) throw notFound();
}

export function suspended(): ApiError {
  return new ApiError(403, 'This installation has been suspended');
}

function covers(granted: Readonly<Record<string, string>>, wanted: string): boolean {
  const [name = '', level] = wanted.split(':');
  const has = granted[name];
  return (
    has === level ||
    (level === 'read' && (has === 'write' || has === 'admin')) ||
    (level === 'write' && has === 'admin')
  );
}
