/** Horreum's refusals and other systems' answers are described, with a remedy; the key goes to Horreum alone. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createHorreumCall } from '../../../lib/horreum/horreum-call.ts';
import { createOutsideCall } from '../../../lib/http/outside-call.ts';
import { UpstreamError } from '../../../lib/http/upstream-error.ts';
import { jsonAnswer, startAnsweringServer, type AnsweringServer } from './answering-server.ts';

const KEY = 'HUSR_SECRET';
let server: AnsweringServer;
beforeEach(async () => {
  server = await startAnsweringServer();
});
afterEach(() => server.close());

function caller(path = '', apiKey: string | undefined = KEY) {
  return createHorreumCall({
    call: createOutsideCall(),
    nowMs: () => Date.now(),
    baseUrl: server.url + path,
    apiKey,
  });
}

async function failure(answer: AnsweringServer['answer'], apiKey?: string | null): Promise<UpstreamError> {
  server.answer = answer;
  const call =
    apiKey === null
      ? createHorreumCall({ call: createOutsideCall(), nowMs: () => Date.now(), baseUrl: server.url })
      : caller();
  const error = await call({ path: '/api/run/57/summary', query: { secret: 'in-query' } }).catch(
    (caught: unknown) => caught,
  );
  if (!(error instanceof UpstreamError)) throw new Error(`no UpstreamError: ${String(error)}`);
  expect(error.message).not.toContain(KEY);
  expect(error.message).not.toContain('in-query');
  return error;
}

describe('a call', () => {
  test('carries the key in its header and keeps a path in the base', async () => {
    server.answer = jsonAnswer({ id: 1 });
    const answer = await caller('/horreum/')({
      path: '/api/x',
      query: { a: 'b c', list: ['1', '2'], none: undefined },
    });
    expect(answer).toEqual({ status: 200, body: { id: 1 } });
    expect(server.calls[0]?.line).toBe('GET /horreum/api/x?a=b%20c&list=1&list=2');
    expect(server.calls[0]?.headers).toMatchObject({ 'x-horreum-api-key': KEY });
    expect(server.calls[0]?.headers).not.toHaveProperty('authorization');
  });

  test('without a key has no such header; text is sent as text', async () => {
    server.answer = jsonAnswer({});
    const call = createHorreumCall({
      call: createOutsideCall(),
      nowMs: () => Date.now(),
      baseUrl: server.url,
    });
    await call({ method: 'POST', path: '/api/x', plainText: 'https://bot.example/' });
    expect(server.calls[0]?.headers).not.toHaveProperty('x-horreum-api-key');
    expect(server.calls[0]).toMatchObject({
      body: 'https://bot.example/',
      headers: { 'content-type': 'text/plain' },
    });
  });
});

describe('a failed call', () => {
  test('401 names the remedy and is not tried again', async () => {
    const error = await failure({ status: 401, headers: { 'www-authenticate': 'basic' } });
    expect(error).toMatchObject({ retryable: false, status: 401 });
    expect(error.message).toContain(`answered 401 to GET ${new URL(server.url).host}/api/run/57/summary`);
    expect(error.message).toContain('a key ends after 30 days without use');
    expect(error.message).toContain(`${server.url}/usersettings#api-keys`);
    expect((await failure({ status: 401 }, null)).message).toContain('this needs an API key');
  });

  test.each([429, 500, 502, 503, 504])('%i may work a moment later', async (status) => {
    const error = await failure({
      status,
      headers: { 'retry-after': '12', 'content-type': 'text/html' },
      body: '<html>',
    });
    expect(error).toMatchObject({ retryable: true, status, retryAfterMs: 12_000 });
  });

  test('a wait until a time of day is counted by the clock that the call was given', async () => {
    server.answer = { status: 503, headers: { 'retry-after': 'Wed, 25 Nov 2026 01:20:30 GMT' } };
    const nowMs = () => Date.UTC(2026, 10, 25, 1, 20, 13);
    const call = createHorreumCall({ call: createOutsideCall(), nowMs, baseUrl: server.url });
    await expect(call({ path: '/api/x' })).rejects.toMatchObject({ retryAfterMs: 17_000 });
  });

  test('a refusal is quoted in one short line without control characters', async () => {
    const error = await failure({
      status: 400,
      headers: { 'content-type': 'text/plain' },
      body: `Invalid\u0007 time\nsecond line ${'x'.repeat(999)}`,
    });
    expect(error.message).toMatch(/summary: Invalid  time$/);
    expect(error.retryable).toBe(false);
    const long = await failure({
      status: 400,
      headers: { 'content-type': 'text/plain' },
      body: 'x'.repeat(999),
    });
    expect(long.message.length).toBeLessThan(320);
  });

  test.each(['', 'x'.repeat(150), 'x'.repeat(165), 'x'.repeat(180), 'x'.repeat(194)])(
    'who repeats the key is not quoted with it, wherever the line is cut (after %j)',
    async (before) => {
      const apiKey = 'HUSR_0123ABCD_4567_89AB_CDEF_0123456789AB';
      server.answer = {
        status: 400,
        headers: { 'content-type': 'text/plain' },
        body: `${before} bad header X-Horreum-API-Key: ${apiKey}, ${encodeURIComponent(apiKey)}`,
      };
      const error = (await caller(
        '',
        apiKey,
      )({ path: '/api/x' }).catch((caught: unknown) => caught)) as Error;
      expect(error.message).toContain('answered 400');
      expect(error.message).not.toMatch(/HUSR_|0123/);
    },
  );

  test.each([
    [
      'a login page',
      { status: 200, headers: { 'content-type': 'text/html;charset=UTF-8' }, body: '<html>Log in' },
      'answered 200 without JSON (text/html)',
    ],
    [
      'a broken answer',
      { status: 200, headers: { 'content-type': 'application/json' }, body: '{"id":' },
      'without JSON',
    ],
    [
      'a redirect',
      { status: 302, headers: { location: 'https://login.example/' } },
      'a redirect, which is not followed',
    ],
    ['a lack of rights', { status: 403 }, 'lacks the role'],
  ])('%s', async (_, answer, words) => {
    const error = await failure(answer);
    expect(error.message).toContain(words);
    expect(error.retryable).toBe(false);
    expect(server.calls).toHaveLength(1);
  });

  test('an answer without end is given up', async () => {
    const error = await failure({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: '['.repeat(9 * 1024 * 1024),
    });
    expect(error.message).toContain('too long');
  });

  test('a Horreum that is not there is worth another try', async () => {
    const { url } = server;
    await server.close();
    const call = createHorreumCall({
      call: createOutsideCall(),
      nowMs: () => Date.now(),
      baseUrl: url,
      apiKey: KEY,
    });
    await expect(call({ path: '/api/x' })).rejects.toMatchObject({ retryable: true, status: undefined });
    server = await startAnsweringServer();
  });
});
