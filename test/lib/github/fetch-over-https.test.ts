/** The small fetch that Octokit is given: answers, redirects and failures over real sockets. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { request } from '@octokit/request';
import { afterEach, expect, test } from '@jest/globals';
import { fetchOverHttps } from '../../../lib/github/fetch-over-https.ts';
import { createOutsideCall } from '../../../lib/http/outside-call.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const fetch = fetchOverHttps(createOutsideCall(), 5_000);
const ask = (baseUrl: string, route: string, more: Record<string, unknown> = {}) =>
  request(route, { baseUrl, request: { fetch }, headers: { authorization: 'token ghs_x' }, ...more });

test('Octokit reads status, headers and JSON of an answer, and sends its body', async () => {
  const seen: string[] = [];
  const url = await serve((incoming, response) => {
    incoming.on('data', (chunk: Buffer) =>
      seen.push(`${incoming.method} ${incoming.headers.authorization} ${chunk.toString()}`),
    );
    incoming.on('end', () =>
      response
        .writeHead(201, { 'content-type': 'application/json; charset=utf-8', 'x-told': 'yes' })
        .end('{"id":7}'),
    );
  });
  const answer = await ask(url, 'POST /repos/o/r/issues/1/comments', { body: 'é' });
  expect(answer).toMatchObject({ status: 201, data: { id: 7 }, headers: { 'x-told': 'yes' } });
  expect(seen).toEqual(['POST token ghs_x {"body":"é"}']);
});

test('a refusal keeps its status, its headers and GitHub’s own words', async () => {
  const url = await serve((_, response) =>
    response
      .writeHead(403, { 'content-type': 'application/json', 'retry-after': '9' })
      .end('{"message":"slow down"}'),
  );
  await expect(ask(url, 'GET /x')).rejects.toMatchObject({
    status: 403,
    message: 'slow down',
    response: { headers: { 'retry-after': '9' } },
  });
});

test('a renamed repository is followed', async () => {
  const url = await serve((incoming, response) =>
    incoming.url === '/repos/o/old'
      ? response.writeHead(301, { location: `http://${incoming.headers.host}/repositories/5` }).end()
      : response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify({ at: incoming.url })),
  );
  expect(await ask(url, 'GET /repos/o/old')).toMatchObject({ status: 200, data: { at: '/repositories/5' } });
});

test('but never to another origin, which would get the token; and a moved POST is repeated only where its method is kept', async () => {
  let elsewhere = 0;
  const other = await serve((_, response) => {
    elsewhere += 1;
    response.end('{}');
  });
  const posted: string[] = [];
  const url = await serve((incoming, response) => {
    posted.push(incoming.url ?? '');
    const location = incoming.url === '/away' ? `${other}/x` : '/new';
    response
      .writeHead(incoming.url === '/kept' ? 307 : incoming.url === '/new' ? 201 : 301, { location })
      .end();
  });
  expect((await ask(url, 'GET /away')).status).toBe(301);
  expect(elsewhere).toBe(0);
  expect((await ask(url, 'POST /changed')).status).toBe(301);
  expect((await ask(url, 'POST /kept')).status).toBe(201);
  expect(posted).toEqual(['/away', '/changed', '/kept', '/new']);
});

test('a circle of redirects ends', async () => {
  const url = await serve((_, response) => response.writeHead(302, { location: '/again' }).end());
  expect((await ask(url, 'GET /again')).status).toBe(302);
});

test('no answer at all is an error without a response', async () => {
  const url = await serve((incoming) => incoming.socket.destroy());
  const failure = await ask(url, 'GET /x').catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(Error);
  expect((failure as { response?: unknown }).response).toBeUndefined();
});
