/** Calls to labs and Horreum: limits on time and size, no redirects, the allow-list, and errors that hold no secret. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createOutsideCall, place, type OutsideRequest } from '../../../lib/http/outside-call.ts';
import { isRetryableStatus, retryAfterMs } from '../../../lib/http/retry-after.ts';
import { UpstreamError } from '../../../lib/http/upstream-error.ts';
import { startRawServer, type RawServer } from './raw-server.ts';

const servers: Pick<RawServer, 'close'>[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});
async function serve(...[answer]: Parameters<typeof startRawServer>): Promise<RawServer> {
  const server = await startRawServer(answer);
  servers.push(server);
  return server;
}
const SECRET = 'Zq8xT2vLmN4p';
async function failureOf(request: OutsideRequest, call = createOutsideCall()): Promise<UpstreamError> {
  const error: unknown = await call(request).then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof UpstreamError)) throw new Error(`no UpstreamError: ${String(error)}`);
  expect(error.message).not.toContain(SECRET);
  return error;
}

describe('an answer', () => {
  test('is given back whatever its status, with what was sent', async () => {
    const server = await serve((response) =>
      response.writeHead(418, { 'x-a': ['1', '2'], 'Set-Cookie': ['c', 'd'] }).end('tea ü'),
    );
    const answer = await createOutsideCall()({
      method: 'PUT',
      url: `${server.url}/a?b=c`,
      headers: { 'x-key': SECRET },
      body: 'ü',
    });
    expect(answer).toMatchObject({ status: 418, text: 'tea ü', truncated: false });
    expect(answer.headers).toMatchObject({ 'x-a': '1, 2', 'set-cookie': 'c, d' });
    expect(server.calls).toMatchObject([
      { method: 'PUT', path: '/a?b=c', body: 'ü', headers: { 'x-key': SECRET, 'content-length': '2' } },
    ]);
  });

  test.each([301, 302, 303, 307, 308])('%i is not followed', async (status) => {
    const other = await serve((response) => response.end('gotcha'));
    const server = await serve((response) =>
      response.writeHead(status, { location: `${other.url}/login` }).end(),
    );
    const answer = await createOutsideCall()({
      method: 'POST',
      url: server.url,
      headers: { authorization: SECRET },
      body: SECRET,
    });
    expect(answer).toMatchObject({ status, headers: { location: `${other.url}/login` } });
    expect(other.calls).toEqual([]);
  });

  test('is cut at the cap, also one that never ends', async () => {
    const server = await serve((response) => {
      const more = () => {
        while (response.write('x'.repeat(65_536)));
        response.once('drain', more);
      };
      more();
    });
    const answer = await createOutsideCall()({ method: 'GET', url: server.url, maxBytes: 100_000 });
    expect([answer.text.length, answer.truncated]).toEqual([100_000, true]);
  });

  test('of exactly the cap is whole', async () => {
    const server = await serve((response) => response.end('x'.repeat(1000)));
    const answer = await createOutsideCall()({ method: 'GET', url: server.url, maxBytes: 1000 });
    expect([answer.text.length, answer.truncated]).toEqual([1000, false]);
  });
});

describe('no answer', () => {
  test('in time may come later', async () => {
    const server = await serve(() => undefined);
    const error = await failureOf({
      method: 'GET',
      url: `${server.url}/slow?token=${SECRET}`,
      timeoutMs: 30,
    });
    expect(error.message).toBe(`no answer within 30 ms: GET ${new URL(server.url).host}/slow`);
    expect(error.retryable).toBe(true);
  });

  test('of which the rest never comes', async () => {
    const server = await serve((response) =>
      response.writeHead(200, { 'content-length': '100' }).write('part'),
    );
    expect((await failureOf({ method: 'GET', url: server.url, timeoutMs: 50 })).message).toMatch(
      /^no answer within 50 ms/,
    );
  });

  test('because it broke off', async () => {
    const server = await serve((response) => {
      response.writeHead(200, { 'content-length': '100' }).write('part');
      setImmediate(() => response.destroy());
    });
    expect(await failureOf({ method: 'GET', url: server.url })).toMatchObject({ retryable: true });
  });

  test('because nobody listens, or what answers is no HTTP', async () => {
    const silent = createServer((socket) => socket.end('SSH-2.0-OpenSSH\r\n').resume());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const close = () => new Promise<void>((resolve) => silent.close(() => resolve()));
    servers.push({ close });
    const url = `http://user:${SECRET}@127.0.0.1:${(silent.address() as AddressInfo).port}/`;
    expect((await failureOf({ method: 'GET', url })).message).toMatch(/^no connection \(HPE_/);
    await close();
    const refused = await failureOf({ method: 'GET', url });
    expect(refused.message).toBe(`no connection (ECONNREFUSED): GET ${new URL(url).host}/`);
    expect(refused.retryable).toBe(true);
  });
});

describe('a call that is never made', () => {
  test.each(['', 'jenkins', 'ftp://x/', 'file:///etc/passwd', 'javascript:1', `//u:${SECRET}@x`])(
    'to %j',
    async (url) => {
      expect(await failureOf({ method: 'GET', url })).toMatchObject({ retryable: false });
    },
  );

  test('with a header that can be none names no value of it', async () => {
    const server = await serve((response) => response.end());
    const error = await failureOf({
      method: 'GET',
      url: server.url,
      headers: { authorization: `${SECRET}\nx: y` },
    });
    expect(error.message).toMatch(/^could not be sent \(ERR_INVALID_CHAR\): GET/);
    expect(error.retryable).toBe(false);
    expect(server.calls).toEqual([]);
  });
});

describe('the allow-list', () => {
  test.each<[string, string[], boolean]>([
    ['http://LAB.test/', ['lab.test'], true],
    ['http://lab.test:8080/', ['lab.test'], true],
    ['http://lab.test:8080/', ['lab.test:8080'], true],
    ['http://lab.test:8081/', ['lab.test:8080'], false],
    ['https://lab.test/', ['Lab.test:443'], true],
    ['http://lab.test/', ['lab.test:443'], false],
    ['http://evil-lab.test/', ['lab.test'], false],
    ['http://lab.test.evil/', ['lab.test'], false],
    ['http://lab.test@evil.test/', ['lab.test'], false],
    ['http://evil.test/?lab.test', ['lab.test'], false],
    ['http://169.254.169.254/latest/meta-data', ['lab.test'], false],
    ['http://[::1]/', ['lab.test'], false],
    ['http://0x7f000001/', ['lab.test'], false],
    ['http://lab.test/', [], false],
  ])('%s with %j: %p', async (url, allowedHosts, allowed) => {
    const error = await failureOf({ method: 'GET', url, timeoutMs: 1 }, createOutsideCall({ allowedHosts }));
    expect(error.message.includes('not on the allow-list')).toBe(!allowed);
    if (!allowed) expect(error.retryable).toBe(false);
  });
});

test('a place names no secret', () => {
  expect(place('GET', `https://u:${SECRET}@lab.test:8/a/b?token=${SECRET}#${SECRET}`)).toBe(
    'GET lab.test:8/a/b',
  );
});

test('when to come back', () => {
  const nowMs = Date.parse('2026-01-01T00:00:00Z');
  expect(retryAfterMs({ 'retry-after': ' 12 ' }, nowMs)).toBe(12_000);
  expect(retryAfterMs({ 'retry-after': 'Thu, 01 Jan 2026 00:01:00 GMT' }, nowMs)).toBe(60_000);
  expect(retryAfterMs({ 'retry-after': 'Wed, 31 Dec 2025 00:00:00 GMT' }, nowMs)).toBe(0);
  expect(retryAfterMs({ 'retry-after': 'soon' }, nowMs)).toBeUndefined();
  expect(retryAfterMs({}, nowMs)).toBeUndefined();
  for (const tooLong of ['Fri, 31 Dec 9999 23:59:59 GMT', '86400000', '9'.repeat(400)])
    expect(retryAfterMs({ 'retry-after': tooLong }, nowMs)).toBe(61 * 60_000);
  expect(retryAfterMs({ 'retry-after': '-5' }, nowMs) ?? 0).toBe(0);
  expect([200, 400, 401, 404, 429, 500, 502, 503, 504].filter(isRetryableStatus)).toEqual([
    429, 502, 503, 504,
  ]);
});
