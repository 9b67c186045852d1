/** Serves the App's webhook: its configuration, its deliveries and their redelivery. */
import { ApiError, invalid, notFound } from '../api/api-error.ts';
import { idFrom, optionalString, type ApiRequest } from '../api/request.ts';
import { pageSize, pageUrl } from '../api/paging.ts';
import type { Route } from '../api/router.ts';
import type { World } from '../webhooks/webhooks.ts';
import type { Delivery, HookConfig } from '../webhooks/delivery.ts';

/** Deliveries can be seen and sent again for three days. */
const KEPT_MS = 3 * 24 * 3_600_000;

export const hookDeliveryRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/app/hook/config',
    needs: 'app',
    answer: ({ webhooks }) => ({ status: 200, body: configPayload(webhooks.hook) }),
  },
  {
    method: 'PATCH',
    path: '/app/hook/config',
    needs: 'app',
    answer: ({ webhooks }, { body }) => {
      const contentType = optionalString(body, 'content_type', 'Hook') ?? webhooks.hook.contentType;
      if (contentType !== 'json' && contentType !== 'form') throw invalid('Hook', 'content_type', 'invalid');
      webhooks.hook.contentType = contentType;
      webhooks.hook.url = optionalString(body, 'url', 'Hook') ?? webhooks.hook.url;
      webhooks.hook.secret = optionalString(body, 'secret', 'Hook') ?? webhooks.hook.secret;
      const insecure = body['insecure_ssl'];
      if (typeof insecure === 'string' || typeof insecure === 'number')
        webhooks.hook.insecureSsl = String(insecure);
      return { status: 200, body: configPayload(webhooks.hook) };
    },
  },
  { method: 'GET', path: '/app/hook/deliveries', needs: 'app', answer: list },
  {
    method: 'GET',
    path: '/app/hook/deliveries/{id}',
    needs: 'app',
    answer: (world, request) => {
      const delivery = deliveryIn(world, request);
      const { request: sent, response } = delivery;
      const body = { ...shortPayload(delivery), url: world.webhooks.hook.url, request: sent, response };
      return { status: 200, body };
    },
  },
  {
    // Answered at once; the delivery itself comes later, with the same GUID.
    method: 'POST',
    path: '/app/hook/deliveries/{id}/attempts',
    needs: 'app',
    answer: (world, request) => {
      world.webhooks.redeliver(deliveryIn(world, request));
      return { status: 202, body: {} };
    },
  },
];

/** Newest first, a page at a time by an opaque cursor; there is no page number. */
function list(world: World, request: ApiRequest) {
  const cursor = request.query.get('cursor');
  const [, before] = /^v1_(\d+)$/.exec(cursor ?? '') ?? [];
  if (cursor !== null && before === undefined) throw new ApiError(422, 'The cursor is invalid.');
  const wanted = kept(world)
    .filter((delivery) => before === undefined || delivery.id < Number(before))
    .filter((delivery) => hasStatus(delivery, request.query.get('status')))
    .reverse();
  const items = wanted.slice(0, pageSize(request));
  const last = items.at(-1);
  const next =
    last && wanted.length > items.length
      ? pageUrl(world.state, request, { cursor: `v1_${last.id}` })
      : undefined;
  return {
    status: 200,
    headers: next ? { link: `<${next}>; rel="next"` } : {},
    body: items.map(shortPayload),
  };
}

/** `failure` means the codes 400 to 599: a connection that failed has no code and is in neither list. */
function hasStatus(delivery: Delivery, status: string | null): boolean {
  if (status === 'failure') return delivery.statusCode >= 400 && delivery.statusCode < 600;
  if (status === 'success') return delivery.statusCode >= 200 && delivery.statusCode < 400;
  return true;
}

function kept(world: World): Delivery[] {
  return world.webhooks.deliveries.filter(
    (delivery) => delivery.status !== 'pending' && delivery.deliveredAtMs > world.state.nowMs() - KEPT_MS,
  );
}

function deliveryIn(world: World, request: ApiRequest): Delivery {
  const delivery = kept(world).find((one) => one.id === idFrom(request.params, 'id'));
  if (!delivery) throw notFound();
  return delivery;
}

function shortPayload(delivery: Delivery) {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: new Date(delivery.deliveredAtMs).toISOString(),
    redelivery: delivery.redelivery,
    duration: delivery.duration,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installationId,
    repository_id: delivery.repositoryId,
    throttled_at: null,
  };
}

function configPayload(hook: HookConfig) {
  const secret = hook.secret === undefined ? {} : { secret: '********' };
  return { content_type: hook.contentType, insecure_ssl: hook.insecureSsl, ...secret, url: hook.url };
}
