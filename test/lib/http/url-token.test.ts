/** Tokens in URLs: valid for exactly what they were made for, under every secret of a rotation. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { macOf, readUrlToken, urlToken } from '../../../lib/http/url-token.ts';

const ids = fc.array(fc.stringMatching(/^[a-z0-9-]{1,12}$/), { minLength: 1, maxLength: 3 });
const secret = fc.string({ minLength: 8 });

test('a token says its ids under its own secret, before, during and after a rotation', () => {
  fc.assert(
    fc.property(ids, secret, secret, (of, old, fresh) => {
      fc.pre(old !== fresh);
      const token = urlToken(old, 'horreum', of);
      expect(token).toMatch(/^[\w.-]+$/);
      expect(readUrlToken([old], 'horreum', token)).toEqual(of);
      expect(readUrlToken([fresh, old], 'horreum', token)).toEqual(of);
      expect(readUrlToken([fresh], 'horreum', token)).toBeUndefined();
      expect(readUrlToken([], 'horreum', token)).toBeUndefined();
    }),
  );
});

test('any other text is none', () => {
  fc.assert(
    fc.property(ids, secret, fc.nat(60), fc.constantFrom('A', 'z', '.', ''), (of, own, at, put) => {
      const token = urlToken(own, 'horreum', of);
      const changed = token.slice(0, at) + put + token.slice(at + 1);
      if (changed !== token) expect(readUrlToken([own], 'horreum', changed)).toBeUndefined();
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) =>
      expect(readUrlToken(['secret'], 'horreum', text)).toBeUndefined(),
    ),
  );
});

test('what is meant for one purpose, project or test opens no other', () => {
  const token = urlToken('secret', 'horreum', ['p1', '10']);
  expect(readUrlToken(['secret'], 'perflab', token)).toBeUndefined();
  expect(readUrlToken(['secret'], 'verdict', token)).toBeUndefined();
  expect(readUrlToken(['secret'], 'horreum', token.replace('.10.', '.11.'))).toBeUndefined();
  expect(readUrlToken(['secret'], 'horreum', token.replace('p1.10', 'p1'))).toBeUndefined();
  expect(macOf('secret', 'horreum', ['a', 'b'])).not.toBe(macOf('secret', 'horreum', ['ab']));
  expect(macOf('secret', 'perflab', ['p1'])).not.toBe(macOf('secret', 'perflab-signing', ['p1']));
  expect(macOf('secret', 'horreum', ['p1'])).toHaveLength(32);
});
