/** The App at GitHub: one Octokit for each installation, errors turned into UpstreamError, nothing repeated behind our back. */
import { App } from '@octokit/app';
import { Octokit } from '@octokit/core';
import type { OctokitOptions } from '@octokit/core/types';
import type { WithinLimits } from '../http/call-limits.ts';
import { createOutsideCall } from '../http/outside-call.ts';
import { UpstreamError } from '../http/upstream-error.ts';
import { appJwt } from './app-jwt.ts';
import { fetchOverHttps } from './fetch-over-https.ts';
import { idIn, refuseUnreadable } from './refuse-unreadable.ts';
import { toUpstreamError } from './to-upstream-error.ts';

export interface GitHubAppOptions {
  readonly appId: string;
  /** PEM, PKCS#1 or PKCS#8. */
  readonly privateKey: string;
  /** `https://api.github.com`, or `https://HOST/api/v3`. */
  readonly apiUrl: string;
  readonly nowMs: () => number;
  /** Default 10 s. */
  readonly timeoutMs?: number;
}

/** One request on behalf of an installation, as `GET /repos/{owner}/{repo}`. */
export type InstallationRequest = (
  installationId: number,
  route: string,
  parameters: Record<string, unknown>,
) => Promise<GitHubAnswer>;

export interface GitHubAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly data: unknown;
}

export interface RepositoryAccess {
  readonly installationId: number;
  /** Kept while it is valid. */
  readonly token: string;
  readonly withinLimits: WithinLimits;
}

const TOKEN_ROUTE = 'POST /app/installations/{installation_id}/access_tokens';
/** GitHub's own newest version may change shapes; this one is kept. https://docs.github.com/en/rest/about-the-rest-api/api-versions */
const API_VERSION = '2022-11-28';
const TIMEOUT_MS = 10_000;

export interface GitHubApp {
  readonly request: InstallationRequest;
  /** As the App itself (JWT): deliveries, its own description. */
  readonly requestAsApp: (route: string, parameters: Record<string, unknown>) => Promise<GitHubAnswer>;
  /** Fetches the installation's token already now, so that the first request need not wait for it. */
  readonly prepare: (installationId: number) => void;
  /** From when on GitHub takes writes of the installation again, epoch ms, as far as is known; 0 or past: it does. */
  readonly writesFromMs: (installationId: number) => Promise<number>;
  /** For who sends requests of its own to a repository (`owner/name`) where the App is installed. */
  readonly accessTo: (repoFullName: string) => Promise<RepositoryAccess>;
  readonly nowMs: () => number;
}

export function createGitHubApp(options: GitHubAppOptions): GitHubApp {
  const app = new App({
    appId: options.appId,
    privateKey: options.privateKey,
    Octokit: Octokit.plugin(refuseUnreadable).defaults((given: OctokitOptions) => ({
      ...given,
      auth: withOwnJwt(given.auth as AppAuth),
      baseUrl: options.apiUrl.replace(/\/+$/, ''),
      userAgent: 'perf-bot',
      request: { fetch: fetchOverHttps(createOutsideCall(), options.timeoutMs ?? TIMEOUT_MS) },
      log: SILENT,
    })),
    log: SILENT,
  });
  const octokits = new Map<number, Promise<Octokit>>();
  const octokitOf = (installationId: number) => {
    const known = octokits.get(installationId) ?? app.getInstallationOctokit(installationId);
    octokits.set(installationId, known);
    return known;
  };
  const send = async (
    octokit: Octokit,
    route: string,
    parameters: Record<string, unknown>,
  ): Promise<GitHubAnswer> => {
    try {
      const answer = await octokit.request(route, {
        ...parameters,
        headers: { 'x-github-api-version': API_VERSION },
      });
      return { status: answer.status, headers: answer.headers, data: answer.data as unknown };
    } catch (error) {
      throw toUpstreamError(error, route, options.nowMs());
    }
  };
  const tokenOf = async (octokit: Octokit, installationId: number, refresh = false): Promise<string> => {
    try {
      const given = await octokit.auth({ type: 'installation', installationId, refresh });
      return (given as { token: string }).token;
    } catch (error) {
      throw toUpstreamError(error, TOKEN_ROUTE, options.nowMs());
    }
  };
  const installationIds = new Map<string, number>();
  const installationOf = async (repoFullName: string): Promise<number> => {
    const known = installationIds.get(repoFullName);
    if (known !== undefined) return known;
    const [owner = '', repo = ''] = repoFullName.split('/');
    const route = 'GET /repos/{owner}/{repo}/installation';
    const id = idIn((await send(app.octokit, route, { owner, repo })).data, route);
    installationIds.set(repoFullName, id);
    return id;
  };
  return {
    nowMs: options.nowMs,
    writesFromMs: () => Promise.resolve(0),
    async accessTo(repoFullName) {
      const installationId = await installationOf(repoFullName);
      const octokit = await octokitOf(installationId);
      const token = await tokenOf(octokit, installationId);
      return { installationId, token, withinLimits: (_route, send) => send() };
    },
    prepare(installationId) {
      octokitOf(installationId)
        .then((octokit) => octokit.auth({ type: 'installation', installationId }))
        .catch(() => undefined); // the request itself will tell
    },
    requestAsApp: (route, parameters) => send(app.octokit, route, parameters),
    async request(installationId, route, parameters) {
      try {
        return await send(await octokitOf(installationId), route, parameters);
      } catch (error) {
        if (!(error instanceof UpstreamError) || error.status !== 401) throw error;
        octokits.delete(installationId);
        const octokit = await app.getInstallationOctokit(installationId);
        await tokenOf(octokit, installationId, true);
        octokits.set(installationId, Promise.resolve(octokit));
        return send(octokit, route, parameters);
      }
    },
  };
}

interface AppAuth {
  readonly privateKey?: string;
}

/**
 * Octokit's authentication takes either the key or who signs with it. When GitHub's clock differs, Octokit says by how many seconds
 * from the machine's own clock, so that one is used here too.
 */
function withOwnJwt<Auth extends AppAuth>({ privateKey, ...auth }: Auth): object {
  if (privateKey === undefined) return auth;
  const createJwt = (appId: string | number, differsSeconds = 0) =>
    Promise.resolve(appJwt(appId, privateKey, Date.now() + differsSeconds * 1000));
  return { ...auth, createJwt };
}

const SILENT = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
