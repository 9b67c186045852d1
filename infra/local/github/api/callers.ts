/** Identifies the caller (the App by a signed JWT, an installation by its token), and refuses callers who lack what a route needs. */
import { createPublicKey, randomBytes, verify, type KeyObject } from 'node:crypto';
import type { IssuedToken, Repository } from '../state/records.ts';
import type { GitHubState } from '../state/state.ts';
import { ApiError, notFound } from './api-error.ts';

export type Caller =
  | { readonly kind: 'app' }
  | { readonly kind: 'installation'; readonly token: IssuedToken }
  | { readonly kind: 'nobody' };

/** GitHub allows ten minutes and a little for clocks that differ. */
const MAX_JWT_LIFE_SECONDS = 10 * 60;
const CLOCK_DRIFT_SECONDS = 60;

export type Authenticate = (authorization: string | undefined) => Caller;

export function createAuthentication(state: GitHubState, publicKeyPem: string | undefined): Authenticate {
  const key = publicKeyPem === undefined ? undefined : createPublicKey(publicKeyPem);
  return (authorization) => {
    const credential = /^(?:bearer|token)\s+(\S+)$/i.exec(authorization ?? '')?.[1];
    if (!authorization) return { kind: 'nobody' };
    if (!credential) throw new ApiError(401, 'Bad credentials');
    if (credential.split('.').length === 3 && credential.startsWith('ey')) {
      checkJwt(credential, state, key);
      return { kind: 'app' };
    }
    const token = state.tokens.get(credential);
    if (!token || token.expiresAtMs <= state.nowMs() || !state.installations.includes(token.installation)) {
      throw new ApiError(401, 'Bad credentials');
    }
    return { kind: 'installation', token };
  };
}

/** About 520 characters, as since May 2026. https://github.blog/changelog/2026-05-15-github-app-installation-tokens/ */
export function newTokenText(): string {
  return `ghs_${randomBytes(258).toString('hex')}`;
}

function checkJwt(jwt: string, state: GitHubState, key: KeyObject | undefined): void {
  const [head = '', payload = '', signature = ''] = jwt.split('.');
  const claims = decode(payload);
  if (decode(head)['alg'] !== 'RS256') throw undecodable();
  if (
    key &&
    !verify('RSA-SHA256', Buffer.from(`${head}.${payload}`), key, Buffer.from(signature, 'base64url'))
  ) {
    throw undecodable();
  }
  checkTimes(claims, state.nowMs() / 1000);
  if (![String(state.app.id), state.app.clientId].includes(String(claims['iss'])))
    throw new ApiError(404, 'Integration not found');
}

function checkTimes(claims: Record<string, unknown>, nowSeconds: number): void {
  const { iat, exp } = claims;
  if (typeof iat !== 'number' || iat > nowSeconds + CLOCK_DRIFT_SECONDS) {
    throw new ApiError(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  }
  if (typeof exp !== 'number' || exp <= nowSeconds) {
    throw new ApiError(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  }
  if (
    exp > nowSeconds + MAX_JWT_LIFE_SECONDS + CLOCK_DRIFT_SECONDS ||
    exp - iat > MAX_JWT_LIFE_SECONDS + CLOCK_DRIFT_SECONDS
  ) {
    throw new ApiError(401, "'Expiration time' claim ('exp') is too far in the future");
  }
}

function decode(part: string): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
  } catch {
    throw undecodable();
  }
}

function undecodable(): ApiError {
  return new ApiError(401, 'A JSON web token could not be decoded');
}

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
