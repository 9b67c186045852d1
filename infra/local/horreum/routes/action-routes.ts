/** Serves webhooks: those that are registered, the addresses that are allowed, and what went wrong. */
import type { StandInAnswer } from '../../stand-in/calls.ts';
import { asText, readJsonBody } from '../store/read-value.ts';
import { toAction } from '../store/import-test.ts';
import { crash, empty, json, text } from '../api/http-answer.ts';
import { EVENT_NAMES } from '../pipeline/hooks.ts';
import type { Call, Horreum, Route } from '../api/router.ts';
import { ofTest, type JsonObject } from '../store/store.ts';

const NOT_ALLOWED =
  'The requested URL is not on the list of allowed URL prefixes; visit /api/hook/prefixes to see this list. Only the administrator is allowed to add prefixes.';

export function actionRoutes({ store, nowMs }: Horreum): Route[] {
  return [
    {
      method: 'GET',
      path: '/api/action/allowedSites',
      handle: () => json([...store.allowedSites.values()]),
    },
    {
      method: 'POST',
      path: '/api/action/allowedSites',
      role: 'admin',
      handle: ({ headers, body }) => {
        if (!headers['content-type']?.startsWith('text/plain')) return empty(415);
        const site = { id: store.nextId('site'), prefix: body };
        store.allowedSites.set(site.id, site);
        return json(site);
      },
    },
    {
      method: 'DELETE',
      path: '/api/action/allowedSites/{id}',
      role: 'admin',
      handle: ({ id }) => empty(store.allowedSites.delete(id) ? 204 : 404),
    },
    {
      method: 'GET',
      path: '/api/action/list',
      role: 'admin',
      handle: () => json(ofTest(store.actions, -1)),
    },
    {
      method: 'GET',
      path: '/api/action/test/{id}',
      role: 'tester',
      handle: ({ id }) => json(ofTest(store.actions, id)),
    },
    {
      method: 'POST',
      path: '/api/action',
      role: 'tester',
      handle: ({ body }) => create(readJsonBody(body) ?? {}),
    },
    {
      method: 'POST',
      path: '/api/action/global',
      role: 'admin',
      handle: ({ body }) => create({ ...readJsonBody(body), testId: -1 }),
    },
    { method: 'PUT', path: '/api/action', role: 'tester', handle: update },
    {
      method: 'GET',
      path: '/api/action/{id}',
      role: 'admin',
      handle: ({ id }) => {
        const action = store.actions.get(id);
        return action ? json(action) : crash();
      },
    },
    { method: 'DELETE', path: '/api/action/{id}', role: 'tester', handle: ({ id }) => remove(id) },
    { method: 'DELETE', path: '/api/action/global/{id}', role: 'admin', handle: ({ id }) => remove(id) },
    {
      method: 'GET',
      path: '/api/log/action/{id}',
      role: 'tester',
      handle: ({ id, query }) => {
        const level = Number(query.get('level') ?? 0);
        const limit = Number(query.get('limit') ?? 0) || Infinity;
        const first = Number.isFinite(limit) ? limit * Number(query.get('page') ?? 0) : 0;
        const entries = store.logs.filter(
          (entry) => entry.kind === 'action' && entry.testId === id && entry.level >= level,
        );
        const shown = entries.reverse().slice(first, first + limit);
        return json(
          shown.map(({ level: entryLevel, message, testId, event }) => ({
            id: null,
            level: entryLevel,
            timestamp: nowMs(),
            message,
            testId,
            event,
            type: 'http',
          })),
        );
      },
    },
  ];

  function create(body: JsonObject): StandInAnswer {
    const testId = Number(body['testId'] ?? 0);
    const refused = refusal(body, testId);
    if (refused) return refused;
    const action = toAction(body, testId, store.nextId('action'));
    store.actions.set(action.id, action);
    return json(action);
  }

  /** In the order in which Horreum finds fault. */
  function refusal(body: JsonObject, testId: number): StandInAnswer | undefined {
    if (body['type'] !== 'http') return text(400, `Unknown hook type ${asText(body['type'])}`);
    if (testId === 0) return text(400, 'Missing test id');
    if (testId > 0 && !store.tests.has(testId)) return text(404, `Test ${testId} was not found`);
    if (!isAllowed(body)) return text(400, NOT_ALLOWED);
    return Object.hasOwn(EVENT_NAMES, asText(body['event'])) ? undefined : crash();
  }

  /** A plain comparison of the beginning, of the URL as written. */
  function isAllowed(body: JsonObject): boolean {
    const url = (body['config'] as JsonObject | undefined)?.['url'];
    return (
      typeof url === 'string' && [...store.allowedSites.values()].some(({ prefix }) => url.startsWith(prefix))
    );
  }

  /** Switched off means deleted. An imported action whose URL is not allowed can't be touched this way. */
  function update({ body }: Call): StandInAnswer {
    const given = readJsonBody(body) ?? {};
    const id = Number(given['id']);
    if (!isAllowed(given)) return text(400, NOT_ALLOWED);
    if (given['active'] === false) {
      store.actions.delete(id);
      return { status: 204, headers: { 'Content-Type': 'application/json;charset=UTF-8' } };
    }
    const action = toAction(given, Number(given['testId']), id);
    store.actions.set(id, action);
    return json(action);
  }

  function remove(id: number): StandInAnswer {
    return store.actions.delete(id) ? empty(204) : text(404, `Action with id ${id} not found!`);
  }
}
