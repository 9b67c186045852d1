/** Makes Octokit's App as the bot uses it: its tokens are signed and its calls sent by Node's own modules, and it logs nothing. */
import { sign } from 'node:crypto';
import { App } from '@octokit/app';
import { Octokit } from '@octokit/core';
import type { OctokitOptions } from '@octokit/core/types';
import { createOutsideCall } from '../http/outside-call.ts';
import { fetchOverHttps } from './fetch-over-https.ts';
import { refuseUnreadable } from './github-errors.ts';

export interface GitHubAppKey {
  readonly appId: string;
  /** PEM, PKCS#1 or PKCS#8. */
  readonly privateKey: string;
  /** PEM certificates that a GitHub Enterprise Server's may be signed by, beside the public ones. */
  readonly ca?: string | undefined;
}

export function createOctokitApp(
  { appId, privateKey, ca }: GitHubAppKey,
  apiUrl: string,
  timeoutMs: number,
): App {
  return new App({
    appId,
    privateKey,
    Octokit: Octokit.plugin(refuseUnreadable).defaults((given: OctokitOptions) => ({
      ...given,
      auth: withOwnJwt(given.auth as AppAuth),
      baseUrl: apiUrl.replace(/\/+$/, ''),
      userAgent: 'perf-bot',
      request: { fetch: fetchOverHttps(createOutsideCall({ ca }), timeoutMs) },
      log: SILENT,
    })),
    log: SILENT,
  });
}

const SILENT = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

interface AppAuth {
  readonly privateKey?: string;
}

/**
 * Octokit's authentication takes either the key or a function that signs with it. When GitHub's clock differs, Octokit says by how
 * many seconds from the machine's own clock, so that one is used here too.
 */
function withOwnJwt<Auth extends AppAuth>({ privateKey, ...auth }: Auth): object {
  if (privateKey === undefined) return auth;
  const createJwt = (appId: string | number, differsSeconds = 0) =>
    Promise.resolve(appJwt(appId, privateKey, Date.now() + differsSeconds * 1000));
  return { ...auth, createJwt };
}

/** GitHub takes ten minutes at most; its clock may be behind ours. https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app */
const VALID_SECONDS = 10 * 60;
const CLOCKS_DIFFER_SECONDS = 30;

/** By node:crypto: Web Crypto costs a cold function some milliseconds more. */
function appJwt(appId: string | number, privateKey: string, nowMs: number) {
  const iat = Math.floor(nowMs / 1000) - CLOCKS_DIFFER_SECONDS;
  const exp = iat + VALID_SECONDS;
  const signed = `${encoded({ alg: 'RS256', typ: 'JWT' })}.${encoded({ iat, exp, iss: appId })}`;
  const signature = sign('sha256', Buffer.from(signed), privateKey).toString('base64url');
  return { jwt: `${signed}.${signature}`, expiresAt: new Date(exp * 1000).toISOString() };
}

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
