/**
 * The App, aware of GitHub's limits across all functions: a request that would be refused is not sent, and who was refused tells
 * the others. Waits are a little longer than GitHub asks, each by another bit, so that not everybody comes back at once.
 */
import type { CallKind, CallLimits } from '../http/call-limits.ts';
import { UpstreamError } from '../http/upstream-error.ts';
import type { GitHubApp } from './github-app.ts';

const SPREAD_MS = 15_000;

export function withCallLimits(app: GitHubApp, limits: CallLimits, random = Math.random): GitHubApp {
  const spreadMs = () => Math.floor(random() * SPREAD_MS);

  async function withinLimits<Answer>(
    installationId: number,
    route: string,
    send: () => Promise<Answer>,
  ): Promise<Answer> {
    const account = accountOf(installationId);
    const kind: CallKind = route.startsWith('GET ') ? 'read' : 'write';
    const waitMs = (await limits.welcomeFromMs(account, kind)) - app.nowMs();
    if (waitMs > 0)
      throw new UpstreamError(`not sent while GitHub's limit lasts: ${route}`, {
        retryable: true,
        retryAfterMs: waitMs + spreadMs(),
      });
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof UpstreamError) || error.retryAfterMs === undefined) throw error;
      await limits.refused(account, kind, app.nowMs() + error.retryAfterMs);
      throw new UpstreamError(error.message, {
        retryable: error.retryable,
        status: error.status,
        retryAfterMs: error.retryAfterMs + spreadMs(),
        cause: error.cause,
      });
    }
  }

  return {
    ...app,
    prepare(installationId) {
      app.prepare(installationId);
      limits.prepare(accountOf(installationId));
    },
    writesFromMs: (installationId) => limits.welcomeFromMs(accountOf(installationId), 'write'),
    request: (installationId, route, parameters) =>
      withinLimits(installationId, route, () => app.request(installationId, route, parameters)),
    async accessTo(repoFullName) {
      const access = await app.accessTo(repoFullName);
      return {
        ...access,
        withinLimits: (route, send) => withinLimits(access.installationId, route, send),
      };
    },
  };
}

/** GitHub counts each installation by itself. https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api */
function accountOf(installationId: number): string {
  return `github#${installationId}`;
}
