/** The App's webhook deliveries: what GitHub tried, and the request to try again; and where it is installed. https://docs.github.com/en/rest/apps/webhooks */
import { isStatus } from '../http/upstream-error.ts';
import type { GitHubApp } from './github-app.ts';
import type { GitHubHooks, HookDelivery } from './github.ts';
import { object } from './read-fields.ts';
import { idIn, textIn } from './refuse-unreadable.ts';

const PAGE = 100;
const MOST_PAGES = 20;
const INSTALLATION = 'GET /repos/{owner}/{repo}/installation';
const REPOSITORY = 'GET /repos/{owner}/{repo}';

export function createGitHubHooks(app: GitHubApp): GitHubHooks {
  return {
    async listDeliveries(sinceMs) {
      const found: HookDelivery[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const answer = await app.requestAsApp('GET /app/hook/deliveries', {
          per_page: PAGE,
          ...(cursor === undefined ? {} : { cursor }),
        });
        const deliveries = Array.isArray(answer.data) ? answer.data.map(toDelivery) : [];
        found.push(...deliveries.filter(({ deliveredAtMs }) => deliveredAtMs >= sinceMs));
        cursor = /[?&]cursor=([^&>]+)[^>]*>;\s*rel="next"/.exec(String(answer.headers['link'] ?? ''))?.[1];
        const isOld = deliveries.some(({ deliveredAtMs }) => deliveredAtMs < sinceMs);
        if (cursor === undefined || isOld || deliveries.length === 0) break;
        cursor = decodeURIComponent(cursor);
      }
      return found;
    },
    async findRepository(fullName) {
      const [owner = '', repo = ''] = fullName.split('/');
      try {
        const found = await app.requestAsApp(INSTALLATION, { owner, repo });
        const installationId = idIn(found.data, INSTALLATION);
        const { data } = await app.request(installationId, REPOSITORY, { owner, repo });
        return {
          id: idIn(data, REPOSITORY),
          fullName: textIn(data, 'full_name', REPOSITORY),
          private: object(data)['private'] !== false,
          installationId,
        };
      } catch (error) {
        if (isStatus(error, 404)) return undefined;
        throw error;
      }
    },
    async redeliver(deliveryId) {
      await app.requestAsApp('POST /app/hook/deliveries/{delivery_id}/attempts', { delivery_id: deliveryId });
    },
  };
}

function toDelivery(value: unknown): HookDelivery {
  const fields = object(value);
  return {
    id: Number(fields['id']),
    guid: String(fields['guid']),
    deliveredAtMs: Date.parse(String(fields['delivered_at'])) || 0,
    event: String(fields['event']),
    succeeded: fields['status'] === 'OK',
  };
}
