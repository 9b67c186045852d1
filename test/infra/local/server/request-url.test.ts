/** Whatever stands in a request line is some address: nobody brings the server down by one that is none. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { urlOf } from '../../../../infra/local/server/http-door.ts';

test.each([
  ['/runs/pb-x?token=a', '/runs/pb-x'],
  ['//', '//'],
  ['//elsewhere.test:99999/github', '//elsewhere.test:99999/github'],
  ['/\\', '//'],
  ['http://elsewhere.test/github', '/github'],
  ['http://[/', '/'],
  ['*', '/'],
  [undefined, '/'],
])('%j is the path %j', (url, path) => expect(urlOf({ url }).pathname).toBe(path));

test('any text is some path', () => {
  fc.assert(fc.property(fc.string(), (url) => expect(urlOf({ url }).pathname).toMatch(/^\//)));
});
