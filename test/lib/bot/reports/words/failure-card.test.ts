/** What a failure looks like, and that no secret of its log is shown. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { classifyFailure } from '../../../../../lib/bot/reports/classify-failure.ts';
import { redact } from '../../../../../lib/http/redact.ts';
import type { FailureClass } from '../../../../../lib/bot/record/job-run.ts';

const classified = (line: string, looksLike: FailureClass = 'code') =>
  classifyFailure({ looksLike, reason: 'exit 1', logTail: `before\n${line}\nafter` }).looksLike;
import { inBoundedTime } from '../../../../in-bounded-time.ts';

describe('a fault of the lab', () => {
  test.each([
    'write /var/tmp/x: no space left on device',
    'dial tcp 10.0.0.7:443: connect: connection refused',
    'java.net.SocketException: Connection reset',
    'curl: (6) Could not resolve host: maven.acme.test',
    'Temporary failure in name resolution',
    'Back-off pulling image: ImagePullBackOff',
    'Cannot contact agent-7: java.lang.InterruptedException',
    'ERROR: agent went offline during the build',
    'HTTP/1.1 503 Service Unavailable',
    'The node was evicted',
    'Unable to acquire lock on lab-3',
  ])('%s', (line) => expect(classified(line)).toBe('lab'));

  test.each([
    'AssertionError: expected 503 items',
    'connection pool size: 10',
    'BUILD FAILURE',
    'the device has space left',
    '',
  ])('not: %j', (line) => expect(classified(line)).toBe('code'));

  test('only its last lines count, and what is known otherwise stays', () => {
    const early = `connection refused\n${'ok\n'.repeat(40)}BUILD FAILURE`;
    expect(classifyFailure({ looksLike: 'code', reason: 'x', logTail: early }).looksLike).toBe('code');
    expect(classified('connection refused', 'configuration')).toBe('configuration');
    expect(classifyFailure({ looksLike: 'code', reason: 'exit 1' })).toEqual({
      looksLike: 'code',
      reason: 'exit 1',
    });
  });
});

describe('a text that a job wrote to be slow to read', () => {
  const MEGABYTES = 4_194_304;
  test.each([
    '\u001b]',
    '\u001b]8;;a',
    '\u001b[',
    '\u001b[0;0;0',
    '503 ',
    'trying to pull ',
    'Cannot contact ',
    'node ',
  ])('of %j is read in no time', (bait) => {
    const text = bait.repeat(MEGABYTES / bait.length);
    const { looksLike } = inBoundedTime(() =>
      classifyFailure({ looksLike: 'code', reason: text, logTail: text }),
    );
    expect(looksLike).toBe('code');
  });

  test('loses its colours', () => {
    const reason = '\u001b[31mexit 1\u001b[0m \u001b]8;;https://a.test/\u001b\\why\u001b]8;;\u001b\\';
    expect(classifyFailure({ looksLike: 'code', reason }).reason).toBe('exit 1 why');
  });
});

describe('a secret in a log', () => {
  const SECRET = 'Zq8xT2vLmN4p';
  test.each([
    `password=${SECRET}`,
    `PASSWORD: ${SECRET}`,
    `"password": "${SECRET}"`,
    `"password": "two words ${SECRET}"`,
    `passwd='${SECRET}'`,
    `API_KEY=${SECRET}`,
    `api-key: ${SECRET}`,
    `X-Horreum-API-Key: ${SECRET}`,
    `Authorization: Bearer ${SECRET}`,
    `authorization: Basic ${SECRET}`,
    `Authorization: token ${SECRET}`,
    `GITHUB_TOKEN=${SECRET}`,
    `AWS_SECRET_ACCESS_KEY=${SECRET}`,
    `client_secret=${SECRET}&x=1`,
    `--password=${SECRET}`,
    `db credentials: ${SECRET}`,
    `git clone https://bob:${SECRET}@git.acme.test/x.git`,
    `ghp_${SECRET}${SECRET}`,
    `ghs_1234_${SECRET}${SECRET}`,
    `github_pat_11ABC_${SECRET}${SECRET}`,
    `HUSR_${SECRET}`,
    `-----BEGIN RSA PRIVATE KEY-----\n${SECRET}\n-----END RSA PRIVATE KEY-----`,
    `-----BEGIN PRIVATE KEY-----\n${SECRET}`,
    `eyJhbGciOiJIUzI1NiJ9.eyJ${SECRET}.${SECRET}`,
    `xoxb-${SECRET}`,
  ])('%j', (line) => {
    expect(redact(`a ${line} b`)).not.toContain(SECRET);
    expect(redact(`a ${line} b`)).toMatch(/^a .*\*\*\*/s);
  });

  test('AKIA keys go, harmless text stays', () => {
    expect(redact('AKIAIOSFODNN7EXAMPLE')).toBe('***');
    const harmless =
      'Compiling token.c\nthe password was wrong\nkey=value\nhttps://acme.test/a:b\nsecret santa';
    expect(redact(harmless)).toBe(harmless);
  });

  test('is struck out of the reason too, and striking twice changes nothing', () => {
    expect(classifyFailure({ looksLike: 'lab', reason: `token=${SECRET}` }).reason).toBe('token=***');
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'tokensecret:=\'" ,*x\n') }), (text) =>
        expect(redact(redact(text))).toBe(redact(text)),
      ),
    );
  });

  test('a huge log is read in no time', () => {
    for (const part of [
      'password',
      'token: ',
      'a:b@',
      'x://',
      '-----BEGIN PRIVATE KEY-----',
      'eyJ',
      'secret_',
    ]) {
      inBoundedTime(() => redact(part.repeat(4_194_304 / part.length)));
    }
  });
});
