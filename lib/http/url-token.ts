/**
 * Tokens that stand in a URL, for callers that can't sign: derived from one secret, per project and test, never stored.
 * A list of secrets (newest first) makes rotation seamless: every token of any of them is valid.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

export type TokenPurpose = 'horreum' | 'perflab' | 'perflab-signing' | 'verdict';

const MAC_CHARS = 32;

/** `<id>.<id>.<mac>`; ids hold no dots. */
export function urlToken(secret: string, purpose: TokenPurpose, ids: readonly string[]): string {
  return [...ids, macOf(secret, purpose, ids)].join('.');
}

/** The ids of a valid token, undefined for any other text. Takes the same time wherever the token is wrong. */
export function readUrlToken(
  secrets: readonly string[],
  purpose: TokenPurpose,
  token: string,
): readonly string[] | undefined {
  const parts = token.split('.');
  const given = Buffer.from(parts.at(-1) ?? '');
  const ids = parts.slice(0, -1);
  const matches = secrets.map((secret) => {
    const expected = Buffer.from(macOf(secret, purpose, ids));
    return expected.byteLength === given.byteLength && timingSafeEqual(expected, given);
  });
  return ids.length > 0 && matches.includes(true) ? ids : undefined;
}

/** 192 bits: nobody guesses it. */
export function macOf(secret: string, purpose: TokenPurpose, ids: readonly string[]): string {
  return createHmac('sha256', secret)
    .update(JSON.stringify([purpose, ...ids]))
    .digest('base64url')
    .slice(0, MAC_CHARS);
}

/** The secret that a project's lab signs its callbacks with: derived, so that nothing needs to be stored. */
export function callbackSecret(secret: string, projectId: string): string {
  return macOf(secret, 'perflab-signing', [projectId]);
}
