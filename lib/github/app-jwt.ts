/** The App's own token (JWT), which asks for the installations' ones. Signed by node:crypto: Web Crypto costs a cold function some ms more. */
import { sign } from 'node:crypto';

/** GitHub takes ten minutes at most; its clock may be behind ours. https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app */
const VALID_SECONDS = 10 * 60;
const CLOCKS_DIFFER_SECONDS = 30;

export interface AppJwt {
  readonly jwt: string;
  readonly expiresAt: string;
}

/** `privateKey` is PEM, PKCS#1 or PKCS#8. */
export function appJwt(appId: string | number, privateKey: string, nowMs: number): AppJwt {
  const iat = Math.floor(nowMs / 1000) - CLOCKS_DIFFER_SECONDS;
  const exp = iat + VALID_SECONDS;
  const signed = `${encoded({ alg: 'RS256', typ: 'JWT' })}.${encoded({ iat, exp, iss: appId })}`;
  const signature = sign('sha256', Buffer.from(signed), privateKey).toString('base64url');
  return { jwt: `${signed}.${signature}`, expiresAt: new Date(exp * 1000).toISOString() };
}

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
