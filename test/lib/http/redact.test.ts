/** What is struck out of what others said: the tokens of our URLs, and whatever of a request is repeated, in each form and cut anywhere. */
import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { redact, redactEcho } from '../../../lib/http/redact.ts';
import { urlToken } from '../../../lib/http/url-token.ts';
import { inBoundedTime } from '../../in-bounded-time.ts';

const PROJECT = 'pabcdefghijklm27';
const TOKEN = urlToken('secret', 'perflab', [PROJECT]);
const MAC = TOKEN.split('.')[1] ?? '';

describe('the token of a URL', () => {
  test.each([
    `> POST /job/${TOKEN} HTTP/1.1`,
    `unknown field callbackUrl: https://bot.example/job/${TOKEN}`,
    `https:\\/\\/bot.example\\/job\\/${TOKEN}`,
    `next=https%3A%2F%2Fbot.example%2Fjob%2F${TOKEN}`,
    `no such token ${TOKEN}!`,
    `/horreum/${urlToken('secret', 'horreum', [PROJECT, '10'])}/run/new`,
    `/horreum/${urlToken('secret', 'horreum', ['short', '10'])}/run/new`,
  ])('goes from %j', (text) => {
    expect(redact(text)).toContain('***');
    expect(redact(text)).not.toMatch(/[\w-]{32}/);
  });

  test('goes also where it is cut, and leaves the rest of the address', () => {
    for (let kept = 8; kept <= 32; kept += 1)
      expect(redact(`https://bot.example/job/${PROJECT}.${MAC.slice(0, kept)}`)).toBe(
        `https://bot.example/job/${PROJECT}.***`,
      );
    const jenkins = `https://ci.example/job/${'n'.repeat(32)}/job/a.b-c/7/`;
    expect(redact(jenkins)).toBe(jenkins);
  });
});

test('GitHub’s tokens go in every form that it has had, so do logins and signatures', () => {
  for (const token of [
    'ghs_0123456789abcdefghijklmnopqrstuvwxyz',
    'ghs_4242_eyJhbGciOi.eyJpc3Mi-x.sig-nature_9',
    'v1.0123456789abcdef0123456789abcdef01234567',
    'github_pat_11ABCDEFG0123456789',
  ])
    expect(redact(`bad ${token} there`)).toBe('bad *** there');
  expect(redact(`signature sha256=${'0a'.repeat(32)} is old`)).toBe('signature *** is old');
  expect(redact('you sent Basic Ym90OkxBQktFWTEyMzQ1Njc4OQ==')).toBe('you sent Basic ***');
});

test.each([
  'java.net.UnknownHostException: prometheusserver.monitoring.svc',
  'at com.acme.performancetests.CheckoutBenchmark.run',
  'Running basic getting-started-benchmark',
  'Using bearer token-exchange-with-keycloak',
  'run pb-abcdefghijklmnopqrstuvwxyz of project pabcdefghijklmno',
])('what only resembles a secret stays: %s', (text) => expect(redact(text)).toBe(text));

describe('an echo of what was sent', () => {
  const secret = 'pä+ss/w"o<r&d=0123456789';
  test.each([
    secret,
    encodeURIComponent(secret),
    encodeURIComponent(secret).toLowerCase(),
    JSON.stringify(secret),
    secret.replace('"', '&quot;').replace('<', '&lt;').replace('&d', '&amp;d'),
    Buffer.from(secret).toString('base64'),
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
    Buffer.from(secret).toString('base64url'),
  ])('as %j', (form) => {
    const clean = redactEcho(`you sent ${form} to us`, [undefined, '', secret]);
    expect(clean).toMatch(/^you sent "?\*\*\*=*"? to us$/);
  });

  test('cut anywhere, at most nine of its characters are left', () => {
    const key = 'LABKEY0123456789abcdef0123456789';
    for (let kept = 1; kept <= key.length; kept += 1)
      expect(redactEcho(`bad header ${key.slice(0, kept)}`, [key])).toBe(
        kept < 10 ? `bad header ${key.slice(0, kept)}` : 'bad header ***',
      );
  });

  test('whatever the secret is, the text no longer holds it', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 4, maxLength: 60, unit: 'binary' }).filter((text) => !'***'.includes(text)),
        fc.string(),
        fc.string(),
        (sent, before, after) => {
          fc.pre(!`${before}***${after}`.includes(sent));
          expect(redactEcho(before + sent + after, [sent])).not.toContain(sent);
        },
      ),
    );
  });
});

test('a text full of beginnings costs no more than any other', () => {
  // Looking from each of them to the end would take minutes.
  for (const beginning of [
    '-eyJaaaaaaaaaaa',
    'token="',
    'https://a',
    '-----BEGIN PRIVATE KEY-----',
    'apikey',
  ])
    inBoundedTime(() => redact(beginning.repeat(100_000)));
});
