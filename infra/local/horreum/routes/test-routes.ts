/** Serves tests, schemas and views: reads, creates and imports them. */
import { asText, readJsonBody } from '../store/read-value.ts';
import { empty, json, text } from '../api/http-answer.ts';
import { importSchema, importTest, importView } from '../store/import-test.ts';
import { testBody } from '../bodies/rest-bodies.ts';
import type { Horreum, Route } from '../api/router.ts';
import { ofTest } from '../store/store.ts';

export function testRoutes({ store, pipeline, onTestCreated }: Horreum): Route[] {
  const byNameOrId = (wanted: string) =>
    [...store.tests.values()].find(({ id, name }) => name === wanted || String(id) === wanted);

  return [
    {
      method: 'GET',
      path: '/api/test/byName/{name}',
      handle: ({ name }) => {
        const test = byNameOrId(name);
        return test ? json(testBody(store, test)) : text(404, `No test with name or id ${name}`);
      },
    },
    {
      method: 'GET',
      path: '/api/test/{id}',
      handle: ({ id }) => {
        const test = store.tests.get(id);
        return test ? json(testBody(store, test)) : text(404, `No test with name ${id}`);
      },
    },
    { method: 'GET', path: '/api/test/{id}/fingerprint', handle: () => json([{ values: [] }]) },
    {
      method: 'POST',
      path: '/api/test/{id}/recalculate',
      role: 'tester',
      handle: ({ id }) => {
        if (!store.tests.has(id)) return text(404, `Test ${id} was not found`);
        pipeline.recalculateTest(id);
        return empty(204);
      },
    },
    {
      method: 'GET',
      path: '/api/test/{id}/recalculate',
      role: 'tester',
      handle: ({ id }) => json(pipeline.progress(id)),
    },
    {
      method: 'POST',
      path: '/api/test/{id}/notifications',
      role: 'viewer',
      handle: ({ id, query }) => {
        const test = store.tests.get(id);
        if (!test) return text(404, `Test ${id} was not found`);
        test.notificationsEnabled = query.get('enabled') !== 'false';
        return empty(204);
      },
    },
    ...(['/api/test', '/api/test/import', '/api/test/import/'] as const).map((path): Route => ({
      method: 'POST',
      path,
      role: 'tester',
      handle: ({ body }) => {
        const file = readJsonBody(body);
        const name = file?.['name'];
        if (typeof name !== 'string' || !file) return text(400, 'Cannot map to a test');
        if (byNameOrId(name))
          return text(409, `Could not persist test, a test with name ${name} exists already`);
        const test = importTest(store, file);
        if (path === '/api/test') importView(store, { name: 'Default', testId: test.id, components: [] });
        onTestCreated(test.id);
        return path === '/api/test' ? json(testBody(store, test)) : json(test.id, 201);
      },
    })),
    ...(['/api/schema/import', '/api/schema/import/'] as const).map((path): Route => ({
      method: 'POST',
      path,
      role: 'tester',
      handle: ({ body }) => {
        const file = readJsonBody(body);
        return file ? json(importSchema(store, file).id, 201) : text(400, 'Cannot map to a schema');
      },
    })),
    {
      method: 'GET',
      path: '/api/ui/{id}/views',
      handle: ({ id }) =>
        store.tests.has(id) ? json(ofTest(store.views, id)) : text(400, `Test not found with id: ${id}`),
    },
    ...(['/api/ui/view', '/api/ui/view/'] as const).map((path): Route => ({
      method: 'POST',
      path,
      role: 'tester',
      handle: ({ body }) => {
        const file = readJsonBody(body);
        if (!file || !store.tests.has(Number(file['testId'])))
          return text(400, `Test not found with id: ${asText(file?.['testId'])}`);
        return json(importView(store, file));
      },
    })),
  ];
}
