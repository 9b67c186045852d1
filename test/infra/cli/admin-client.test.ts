/** Against a deployment: what is sent is what was signed, as AWS's own signer sees the request on the wire. */
import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createAdminCall } from '../../../infra/cli/admin-client.ts';
import { CliError } from '../../../infra/cli/cli-error.ts';

const CREDENTIALS = { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'session' };
const NOW_MS = Date.parse('2026-03-04T05:06:07Z');
let received: { request: IncomingMessage; body: string } | undefined;
let answer: { status: number; body: string };
let server: ReturnType<typeof createServer>;
let url: string;

beforeEach(async () => {
  answer = { status: 200, body: '[]' };
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      received = { request, body };
      response.writeHead(answer.status).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => new Promise<void>((resolve) => server.close(() => resolve())));

const call = () =>
  createAdminCall(
    { url, proof: { kind: 'signature', region: 'eu-west-1', credentials: CREDENTIALS } },
    () => NOW_MS,
  );

/** From the request alone, as https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html says. */
function isSigned(): boolean {
  if (!received) return false;
  const { request, body } = received;
  const [, names = '', signature = ''] =
    /SignedHeaders=([^,]+), Signature=(\w+)/.exec(request.headers.authorization ?? '') ?? [];
  const [path = '', query = ''] = (request.url ?? '').split('?');
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const canonical = [
    request.method,
    path.replaceAll('%', '%25'),
    query.split('&').sort().join('&'),
    ...names.split(';').map((name) => `${name}:${String(request.headers[name])}`),
    '',
    names,
    sha256(body),
  ].join('\n');
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const scope = ['20260304', 'eu-west-1', 'execute-api', 'aws4_request'];
  const key = scope.reduce<string | Buffer>(hmac, 'AWS4secret');
  const text = ['AWS4-HMAC-SHA256', '20260304T050607Z', scope.join('/'), sha256(canonical)].join('\n');
  return (
    hmac(key, text).toString('hex') === signature && request.headers['x-amz-security-token'] === 'session'
  );
}

test.each([
  ['GET', { method: 'GET', path: ['config'] }],
  ['a query', { method: 'GET', path: ['admin', 'runs'], query: { repository: 'acme/web shop', pull: '7' } }],
  [
    'a body',
    { method: 'PUT', path: ['config', 'acme', 'web.shop'], json: { a: 'ü' }, headers: { 'if-match': '"3"' } },
  ],
  ['a path to be encoded', { method: 'POST', path: ['admin', 'dead-letters', 'a/b c', 'replay'] }],
  ['DELETE', { method: 'DELETE', path: ['config', 'acme', 'webshop'] }],
] as const)('%s is signed as it is sent', async (_name, request) => {
  await call()(request);
  expect(isSigned()).toBe(true);
});

test('AWS’s refusal names the right that is missing; the bot’s own is passed on as it is', async () => {
  answer = { status: 403, body: '{"message":"Forbidden"}' };
  await expect(call()({ method: 'GET', path: ['config'] })).rejects.toThrow(
    /403: Forbidden.*execute-api:Invoke/,
  );
  answer = { status: 422, body: '{"error":"2 checks failed","findings":[{"ok":false}]}' };
  const refused = await call()({ method: 'GET', path: ['config'] }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(CliError);
  expect(refused).toMatchObject({
    message: '2 checks failed',
    details: { status: 422, findings: [{ ok: false }] },
  });
});
