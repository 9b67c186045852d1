/** Calls GitHub as the App: one Octokit for each installation, errors turned into UpstreamError, nothing repeated behind our back. */
import type { App } from '@octokit/app';
import type { Octokit } from '@octokit/core';
import type { WithinLimits } from '../http/call-limits.ts';
import { onStatus, UpstreamError } from '../http/upstream-error.ts';
import { textAt } from '../json.ts';
import { idIn, toUpstreamError } from './github-errors.ts';
import { createOctokitApp, type GitHubAppKey } from './octokit-app.ts';

export interface GitHubAppOptions {
  /** Asked at each request, so that a key that is set late or rotated counts; undefined while there is none. */
  readonly keyOf: () => Promise<GitHubAppKey | undefined>;
  /** `https://api.github.com`, or `https://HOST/api/v3`. */
  readonly apiUrl: string;
  readonly nowMs: () => number;
  /** Default 10 s. */
  readonly timeoutMs?: number;
}

type Parameters = Readonly<Record<string, unknown>>;

export interface GitHubAnswer {
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly data: unknown;
}

export interface RepositoryAccess {
  readonly installationId: number;
  /** Kept while it is valid. */
  readonly token: string;
  readonly withinLimits: WithinLimits;
}

export interface GitHubApp {
  /** On behalf of an installation; `route` as in `GET /repos/{owner}/{repo}`. */
  readonly request: (installationId: number, route: string, parameters: Parameters) => Promise<GitHubAnswer>;
  /** As the App itself (JWT): deliveries, its own description. */
  readonly requestAsApp: (route: string, parameters: Parameters) => Promise<GitHubAnswer>;
  /** `<slug>[bot]`, the author of the App's comments; undefined where GitHub does not say it. */
  readonly ownLogin: () => Promise<string | undefined>;
  /** Fetches the installation's token already now, so that the first request need not wait for it. */
  readonly prepare: (installationId: number) => void;
  /** From when on GitHub takes writes of the installation again, epoch ms, as far as is known; 0 or past: it does. */
  readonly writesFromMs: (installationId: number) => Promise<number>;
  /** For callers that send their own requests to a repository (`owner/name`) where the App is installed. */
  readonly accessTo: (repoFullName: string) => Promise<RepositoryAccess>;
  readonly nowMs: () => number;
}

const INSTALLATION_ROUTE = 'GET /repos/{owner}/{repo}/installation';
const TOKEN_ROUTE = 'POST /app/installations/{installation_id}/access_tokens';
/** GitHub's own newest version may change shapes; this one is kept. https://docs.github.com/en/rest/about-the-rest-api/api-versions */
const API_VERSION = '2022-11-28';
const TIMEOUT_MS = 10_000;

/** What is known as long as the App has one key. */
interface Session {
  readonly key: GitHubAppKey;
  readonly app: App;
  readonly octokits: Map<number, Promise<Octokit>>;
  readonly installationIds: Map<string, number>;
  login?: Promise<string | undefined> | undefined;
}

export function createGitHubApp({
  keyOf,
  apiUrl,
  nowMs,
  timeoutMs = TIMEOUT_MS,
}: GitHubAppOptions): GitHubApp {
  let session: Session | undefined;

  /** While the secret store is silent, the last key goes on. */
  async function sessionNow(): Promise<Session> {
    const key = await keyOf().catch((error: unknown) => {
      if (session) return session.key;
      throw error;
    });
    if (!key)
      throw new UpstreamError('the App’s id and private key are not set: put them into the secret store', {
        retryable: true,
      });
    if (session?.key.appId === key.appId && session.key.privateKey === key.privateKey) return session;
    const app = createOctokitApp(key, apiUrl, timeoutMs);
    return (session = { key, app, octokits: new Map(), installationIds: new Map() });
  }

  async function send(octokit: Octokit, route: string, parameters: Parameters): Promise<GitHubAnswer> {
    try {
      const answer = await octokit.request(route, {
        ...parameters,
        headers: { 'x-github-api-version': API_VERSION },
      });
      return { headers: answer.headers, data: answer.data as unknown };
    } catch (error) {
      throw toUpstreamError(error, route, nowMs());
    }
  }

  async function tokenOf(octokit: Octokit, installationId: number, refresh = false): Promise<string> {
    try {
      const given = await octokit.auth({ type: 'installation', installationId, refresh });
      return (given as { token: string }).token;
    } catch (error) {
      throw toUpstreamError(error, TOKEN_ROUTE, nowMs());
    }
  }

  async function renewedOctokit({ app, octokits }: Session, installationId: number): Promise<Octokit> {
    octokits.delete(installationId);
    const octokit = await app.getInstallationOctokit(installationId);
    await tokenOf(octokit, installationId, true);
    octokits.set(installationId, Promise.resolve(octokit));
    return octokit;
  }

  async function installationOf({ app, installationIds }: Session, repoFullName: string): Promise<number> {
    const known = installationIds.get(repoFullName);
    if (known !== undefined) return known;
    const [owner = '', repo = ''] = repoFullName.split('/');
    const { data } = await send(app.octokit, INSTALLATION_ROUTE, { owner, repo });
    const id = idIn(data, INSTALLATION_ROUTE);
    installationIds.set(repoFullName, id);
    return id;
  }

  async function readLogin({ app }: Session): Promise<string | undefined> {
    const { data } = await send(app.octokit, 'GET /app', {});
    const slug = textAt(data, 'slug');
    return slug === undefined ? undefined : `${slug}[bot]`;
  }

  return {
    nowMs,
    writesFromMs: () => Promise.resolve(0),
    async accessTo(repoFullName) {
      const now = await sessionNow();
      const installationId = await installationOf(now, repoFullName);
      const token = await tokenOf(await octokitOf(now, installationId), installationId);
      return { installationId, token, withinLimits: (_route, send) => send() };
    },
    async ownLogin() {
      const now = await sessionNow();
      const login = (now.login ??= readLogin(now).catch(onStatus([404], () => undefined)));
      login.catch(() => (now.login = undefined));
      return login;
    },
    prepare(installationId) {
      sessionNow()
        .then((now) => octokitOf(now, installationId))
        .then((octokit) => octokit.auth({ type: 'installation', installationId }))
        .catch(() => undefined); // the request itself will fail
    },
    requestAsApp: async (route, parameters) => send((await sessionNow()).app.octokit, route, parameters),
    async request(installationId, route, parameters) {
      const now = await sessionNow();
      const octokit = await octokitOf(now, installationId);
      return send(octokit, route, parameters).catch(
        onStatus([401], async () => send(await renewedOctokit(now, installationId), route, parameters)),
      );
    },
  };
}

function octokitOf({ app, octokits }: Session, installationId: number): Promise<Octokit> {
  const known = octokits.get(installationId) ?? app.getInstallationOctokit(installationId);
  octokits.set(installationId, known);
  return known;
}
