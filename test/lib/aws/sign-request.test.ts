/** Signature Version 4, held against the signer that the AWS SDK itself uses. */
import { createHash, createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { SignatureV4 } from '@smithy/signature-v4';
import { canonicalQuery, signRequest, type RequestToSign } from '../../../lib/aws/sign-request.ts';

const NOW_MS = Date.parse('2026-03-04T05:06:07Z');
const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};

/** The SDK's signer takes any hash of this shape. */
class Sha256 {
  private readonly hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash =
      secret === undefined
        ? createHash('sha256')
        : createHmac('sha256', typeof secret === 'string' ? secret : Buffer.from(secret as Uint8Array));
  }
  update(data: string | Uint8Array) {
    this.hash.update(data);
  }
  digest() {
    return Promise.resolve(new Uint8Array(this.hash.digest()));
  }
  reset() {
    throw new Error('not needed');
  }
}

async function signedBySdk(request: RequestToSign, sessionToken?: string): Promise<string | undefined> {
  const signer = new SignatureV4({
    service: request.service,
    region: request.region,
    credentials: { ...credentials, ...(sessionToken ? { sessionToken } : {}) },
    sha256: Sha256,
    applyChecksum: false,
  });
  const { headers } = await signer.sign(
    {
      method: request.method ?? 'POST',
      protocol: 'https:',
      hostname: request.host,
      path: request.path,
      query: { ...request.query },
      headers: { ...request.headers, host: request.host },
      body: request.body,
    },
    { signingDate: new Date(NOW_MS) },
  );
  return headers['authorization'];
}

const base = {
  host: 'abc123.execute-api.eu-west-1.amazonaws.com',
  region: 'eu-west-1',
  service: 'execute-api',
};
const json = { 'content-type': 'application/json' };

test.each<[string, RequestToSign]>([
  [
    'the operations that the functions call',
    { ...base, service: 'sqs', path: '/', headers: json, body: '{"a":"ü"}' },
  ],
  ['GET', { ...base, method: 'GET', path: '/config', headers: {}, body: '' }],
  ['DELETE', { ...base, method: 'DELETE', path: '/config/acme/web.shop', headers: {}, body: '' }],
  [
    'PUT with a query',
    {
      ...base,
      method: 'PUT',
      path: '/config/acme/webshop',
      query: { 'skip-checks': 'true', a: "it's (*) ~ü/+ &=", B: '' },
      headers: { ...json, 'if-match': '"3"' },
      body: '{}',
    },
  ],
  [
    'a path that is encoded',
    { ...base, method: 'POST', path: '/admin/runs/a%20b%2Fc', headers: {}, body: '' },
  ],
])('signs as the SDK does: %s', async (_name, request) => {
  const own = signRequest(request, credentials, NOW_MS);
  expect(own['authorization']).toBe(await signedBySdk(request));
});

test('a session token is sent and signed', async () => {
  const request: RequestToSign = { ...base, method: 'GET', path: '/config', headers: {}, body: '' };
  const own = signRequest(request, { ...credentials, sessionToken: 'token+/=' }, NOW_MS);
  expect(own['x-amz-security-token']).toBe('token+/=');
  expect(own['authorization']).toBe(await signedBySdk(request, 'token+/='));
});

test('the query that is sent is the one that was signed', () => {
  expect(canonicalQuery({ b: '1', a: "x y'()*!" })).toBe('a=x%20y%27%28%29%2A%21&b=1');
});
