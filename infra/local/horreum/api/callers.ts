/** Identifies the caller by API key, as the key's user or as nobody in particular. */

export interface ApiKey {
  /** `HUSR_…` */
  readonly key: string;
  readonly name: string;
  readonly roles: readonly string[];
}

export type Caller =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'user'; readonly name: string; readonly roles: readonly string[] };

export type Identified = Caller | { readonly kind: 'wrong' } | { readonly kind: 'crash' };

const ALL_ROLES = [
  'viewer',
  'dev-team',
  'manager',
  'uploader',
  'tester',
  'admin',
  'dev-viewer',
  'dev-tester',
  'dev-manager',
  'dev-uploader',
];

/** A key of the local stand-in, good for everything in it and nowhere else. */
export const LOCAL_API_KEY: ApiKey = {
  key: 'HUSR_00000000_0000_0000_0000_000000000000',
  name: 'local',
  roles: ALL_ROLES,
};

/** A wrong key or password is refused even where nobody needs one; a bearer token that is not a JWT is dropped, and the call goes on as anybody's. */
export function identify(headers: Readonly<Record<string, string>>, keys: readonly ApiKey[]): Identified {
  const given = headers['x-horreum-api-key'];
  if (given !== undefined) {
    const found = keys.find(({ key }) => key === given);
    return found ? { kind: 'user', name: found.name, roles: found.roles } : { kind: 'wrong' };
  }
  const authorization = headers['authorization'] ?? '';
  if (/^basic /i.test(authorization)) return { kind: 'wrong' };
  if (/^bearer [^.\s]+\.[^.\s]+\.[^.\s]+$/i.test(authorization)) return { kind: 'crash' };
  return { kind: 'anonymous' };
}

export function hasRole(caller: Caller, role: string): boolean {
  return caller.kind === 'user' && caller.roles.includes(role);
}

/** The only limit on reading that was seen: an uploader who is not a viewer, in experiments and a test's label values. */
export function isBlindTo(caller: Caller, access: string): boolean {
  return access !== 'PUBLIC' && hasRole(caller, 'uploader') && !hasRole(caller, 'viewer');
}
