/** What the secret store's texts become, read over a real socket. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createAwsCall } from '../../../lib/aws/aws-call.ts';
import { createSecretReader } from '../../../lib/aws/secrets-manager.ts';

let server: Server | undefined;
afterEach(() => void server?.close().closeAllConnections());

async function readerOf(answer: () => { readonly status: number; readonly body: unknown }, nowMs = () => 0) {
  let asked = 0;
  server = createServer((request, response) => {
    asked += 1;
    request.resume();
    const { status, body } = answer();
    response.writeHead(status).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const call = createAwsCall({
    service: 'secretsmanager',
    region: 'eu-west-1',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: () => ({ accessKeyId: 'a', secretAccessKey: 'b' }),
    nowMs,
  });
  return { read: createSecretReader(call, nowMs), asked: () => asked };
}

const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

describe('createSecretReader', () => {
  test.each([
    ['a JSON object is its fields', '{"urlTokenSecret":"new,old"}', { urlTokenSecret: 'new,old' }],
    ['a certificate authority is kept as plain PEM', PEM, { caCertificates: PEM }],
    ['any other text holds nothing', 'not JSON', {}],
  ])('%s', async (_what, text, expected) => {
    const { read } = await readerOf(() => ({ status: 200, body: { SecretString: text } }));
    expect(await read('a-secret')).toEqual(expected);
  });

  test('a secret that is not there holds nothing', async () => {
    const { read } = await readerOf(() => ({ status: 400, body: { __type: 'ResourceNotFoundException' } }));
    expect(await read('a-secret')).toEqual({});
  });

  test('a value is kept for five minutes, so a rotated one is seen after that', async () => {
    let value = 'old';
    let atMs = 0;
    const { read, asked } = await readerOf(
      () => ({ status: 200, body: { SecretString: JSON.stringify({ value }) } }),
      () => atMs,
    );
    expect(await read('a-secret')).toEqual({ value: 'old' });
    value = 'new';
    atMs = 5 * 60_000 - 1;
    expect(await read('a-secret')).toEqual({ value: 'old' });
    atMs = 5 * 60_000;
    expect(await read('a-secret')).toEqual({ value: 'new' });
    expect(asked()).toBe(2);
  });
});
