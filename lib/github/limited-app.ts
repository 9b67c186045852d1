/**
 * Keeps the App within GitHub's limits across all functions: a request that would be refused is not sent, and a function that was
 * refused lets the others know. Each waits a little longer than GitHub asks, by a random bit, so that not all come back at once.
 */
import type { CallKind, CallLimits } from '../http/call-limits.ts';
import { onUpstreamError, UpstreamError } from '../http/upstream-error.ts';
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
    return send().catch(
      onUpstreamError(async (error) => {
        const { message, retryable, status, retryAfterMs, cause } = error;
        if (retryAfterMs === undefined) throw error;
        await limits.refused(account, kind, app.nowMs() + retryAfterMs);
        const spreadAfterMs = retryAfterMs + spreadMs();
        throw new UpstreamError(message, { retryable, status, retryAfterMs: spreadAfterMs, cause });
      }),
    );
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

/** GitHub counts each installation separately. https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api */
function accountOf(installationId: number): string {
  return `github#${installationId}`;
}
