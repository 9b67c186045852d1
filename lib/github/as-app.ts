/** Makes the calls to GitHub that the bot makes as the App itself: its webhook's deliveries, and where it is installed. https://docs.github.com/en/rest/apps/webhooks */
import { onStatus } from '../http/upstream-error.ts';
import { at, listAt, numberAt, textAt, timeMsAt } from '../json.ts';
import type { GitHubApp } from './github-app.ts';
import { idIn, textIn } from './github-errors.ts';
import type { GitHubAsApp, HookDelivery } from './github.ts';

const PAGE = 100;
const MOST_PAGES = 20;
const INSTALLATION = 'GET /repos/{owner}/{repo}/installation';
const REPOSITORY = 'GET /repos/{owner}/{repo}';

export function createGitHubAsApp(app: GitHubApp): GitHubAsApp {
  return {
    async listDeliveries(sinceMs) {
      const found: HookDelivery[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const answer = await app.requestAsApp('GET /app/hook/deliveries', {
          per_page: PAGE,
          ...(cursor === undefined ? {} : { cursor }),
        });
        const deliveries = listAt(answer.data).map(deliveryIn);
        found.push(...deliveries.filter(({ deliveredAtMs }) => deliveredAtMs >= sinceMs));
        cursor = /[?&]cursor=([^&>]+)[^>]*>;\s*rel="next"/.exec(String(answer.headers['link'] ?? ''))?.[1];
        const isOld = deliveries.some(({ deliveredAtMs }) => deliveredAtMs < sinceMs);
        if (cursor === undefined || isOld || deliveries.length === 0) break;
        cursor = decodeURIComponent(cursor);
      }
      return found;
    },
    async findInstalledRepository(fullName) {
      const [owner = '', repo = ''] = fullName.split('/');
      const find = async () => {
        const installation = await app.requestAsApp(INSTALLATION, { owner, repo });
        const installationId = idIn(installation.data, INSTALLATION);
        const { data } = await app.request(installationId, REPOSITORY, { owner, repo });
        return {
          id: idIn(data, REPOSITORY),
          fullName: textIn(data, 'full_name', REPOSITORY),
          private: at(data, 'private') !== false,
          installationId,
        };
      };
      return find().catch(onStatus([404], () => undefined));
    },
    async redeliver(deliveryId) {
      await app.requestAsApp('POST /app/hook/deliveries/{delivery_id}/attempts', { delivery_id: deliveryId });
    },
  };
}

function deliveryIn(value: unknown): HookDelivery {
  return {
    id: numberAt(value, 'id') ?? 0,
    guid: textAt(value, 'guid') ?? '',
    deliveredAtMs: timeMsAt(value, 'delivered_at') ?? 0,
    event: textAt(value, 'event') ?? '',
    succeeded: at(value, 'status') === 'OK',
  };
}
