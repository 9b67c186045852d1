/** Signature Version 4 against the signatures that AWS publishes in its test suite, all of one host, key and second. */
import { expect, test } from '@jest/globals';
import { canonicalQuery, signRequest, type RequestToSign } from '../../../lib/aws/sign-request.ts';

const NOW_MS = Date.parse('2015-08-30T12:36:00Z');
const CREDENTIALS = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};
const request = (more: Partial<RequestToSign>): RequestToSign => ({
  host: 'example.amazonaws.com',
  region: 'us-east-1',
  service: 'service',
  path: '/',
  headers: {},
  body: '',
  ...more,
});
const signatureOf = ({ authorization = '' }: Record<string, string>) =>
  /Signature=(\w+)$/.exec(authorization)?.[1];

// The cases' names in aws-sig-v4-test-suite.
test.each<[string, Partial<RequestToSign>, string]>([
  ['get-vanilla', { method: 'GET' }, '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  ['post-vanilla', {}, '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
  [
    'get-vanilla-query-order-key-case',
    { method: 'GET', query: { Param2: 'value2', Param1: 'value1' } },
    'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  ],
  [
    'post-x-www-form-urlencoded',
    { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'Param1=value1' },
    'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
  ],
])('%s', async (_name, more, signature) => {
  expect(signatureOf(await signRequest(request(more), CREDENTIALS, NOW_MS))).toBe(signature);
});

test('a session token is sent and signed', async () => {
  const signed = await signRequest(request({}), { ...CREDENTIALS, sessionToken: 'token+/=' }, NOW_MS);
  expect(signed['x-amz-security-token']).toBe('token+/=');
  expect(signed['authorization']).toContain('SignedHeaders=host;x-amz-date;x-amz-security-token,');
});

test('the query that is sent is the one that was signed', () => {
  expect(canonicalQuery({ b: '1', a: "x y'()*!" })).toBe('a=x%20y%27%28%29%2A%21&b=1');
});
