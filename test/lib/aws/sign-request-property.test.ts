/** Signature Version 4 for any request that the functions could make, held against the signer of the AWS SDK. */
import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { signRequest } from '../../../lib/aws/sign-request.ts';

/** The SDK's signer takes any hash of this shape. */
class Sha256 {
  private readonly hash: Hash | Hmac;
  constructor(secret?: string | Uint8Array) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret);
  }
  update(data: string | Uint8Array): void {
    this.hash.update(data);
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array(this.hash.digest()));
  }
}

const names = fc.stringMatching(/^x-[a-z][a-z0-9-]{0,12}$/);
const values = fc.string({ unit: fc.constantFrom(...'abz09 =;,/+"-', '  ') }).map((text) => `v${text}`);

test('any headers, body, credentials and time are signed as the SDK signs them', async () => {
  const requests = fc.record({
    headers: fc.dictionary(names, values, { maxKeys: 4 }),
    body: fc.string({ unit: 'grapheme' }),
    service: fc.constantFrom('sqs', 'secretsmanager'),
    region: fc.constantFrom('eu-west-1', 'us-gov-east-1', 'cn-north-1'),
    host: fc.constantFrom('sqs.eu-west-1.amazonaws.com', '127.0.0.1:4566'),
    accessKeyId: fc.stringMatching(/^AK[A-Z0-9]{14}$/),
    secretAccessKey: fc.string({ minLength: 1 }),
    sessionToken: fc.option(fc.stringMatching(/^[A-Za-z0-9+/=]{1,40}$/), { nil: undefined }),
    nowMs: fc
      .date({ min: new Date('2020-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
      .map(Number),
  });
  await fc.assert(
    fc.asyncProperty(
      requests,
      async ({ headers, body, service, region, host, nowMs, sessionToken, ...keys }) => {
        const credentials = { ...keys, ...(sessionToken === undefined ? {} : { sessionToken }) };
        const signer = new SignatureV4({
          service,
          region,
          credentials,
          sha256: Sha256 as never,
          applyChecksum: false,
        });
        const signed = await signer.sign(
          {
            method: 'POST',
            protocol: 'https:',
            hostname: host,
            path: '/',
            query: {},
            headers: { ...headers, host },
            body,
          },
          { signingDate: new Date(nowMs) },
        );
        const own = signRequest({ host, path: '/', headers, body, region, service }, credentials, nowMs);
        expect(own).toEqual(
          expect.objectContaining({
            authorization: signed.headers['authorization'],
            'x-amz-date': signed.headers['x-amz-date'],
          }),
        );
      },
    ),
    { numRuns: 300 },
  );
});
