/** Which route answers a request, and what is said where none does. */
import { expect, test } from '@jest/globals';
import { replyJson, type HttpEvent } from '../../../lib/http/api-gateway.ts';
import { routed, type Act } from '../../../lib/http/route-table.ts';

const tell =
  (name: string): Act<string> =>
  (deps, _, parameters) =>
    Promise.resolve(replyJson(200, { name, deps, ...parameters }));
const answer = routed<string>({
  'GET /runs': tell('list'),
  'GET /runs/{runKey}': tell('show'),
  'DELETE /runs/{runKey}': tell('remove'),
  'GET /config/{owner}/{repo}/urls': tell('urls'),
});
const ask = (method: string, rawPath: string) =>
  answer('deps', { rawPath, requestContext: { http: { method } } } as HttpEvent);

test.each([
  ['GET', '/runs', { name: 'list' }],
  ['GET', '/runs/', { name: 'list' }],
  ['GET', '/runs/a-key.b', { name: 'show', runKey: 'a-key.b' }],
  ['DELETE', '/runs/a', { name: 'remove', runKey: 'a' }],
  ['GET', '/config/acme/web.shop/urls', { name: 'urls', owner: 'acme', repo: 'web.shop' }],
])('%s %s', async (method, path, expected) => {
  const { statusCode, body } = await ask(method, path);
  expect([statusCode, JSON.parse(body ?? '')]).toEqual([200, { deps: 'deps', ...expected }]);
});

test.each([
  '/',
  '/run',
  '/runsx',
  '/runs//',
  '/runs/a/b',
  '/config/acme/urls',
  '/x/runs',
  '/config//shop/urls',
])('%s is not there', async (path) => {
  expect(await ask('GET', path)).toMatchObject({ statusCode: 404 });
});

test.each(['POST', 'constructor', 'get'])('%s is not one of the path’s methods', async (method) => {
  expect(await ask(method, '/runs/a')).toMatchObject({ statusCode: 405, headers: { allow: 'GET, DELETE' } });
});
