/** JSON paths in PostgreSQL's lax mode, as far as the stand-in knows them. */
import { describe, expect, test } from '@jest/globals';
import { JsonPathError, queryJsonPath } from '../../../../../infra/local/horreum/compute/json-path.ts';

const data = {
  state: {
    APP_COMMIT: 'abc',
    LOCAL: {
      stats: [
        { name: 'warmUp', total: { n: 1 } },
        { name: 'hello', total: { n: 2, '99.9': 5 } },
      ],
    },
  },
  list: [1, 2, 3],
  nothing: null,
};

describe('queryJsonPath', () => {
  test.each([
    ['$.state.APP_COMMIT', ['abc']],
    ['$.state.*.stats[*] ? (@.name!="warmUp").total."99.9"', [5]],
    ['$.state.*.stats[*].name', ['warmUp', 'hello']],
    // Lax mode takes a member of each object in a list, and one value for a list of one.
    ['$.state.LOCAL.stats.name', ['warmUp', 'hello']],
    ['$.state.APP_COMMIT[*]', ['abc']],
    ['$.state.LOCAL.stats[1].total.n', [2]],
    ['$.list[*] ? (@ >= 2)', [2, 3]],
    ['$.list[*] ? (@ == "2")', []],
    ['$.nothing ? (@ != "main")', [null]],
    ['$.nothing', [null]],
    ['$.nowhere.at.all', []],
    ['$."state"."APP_COMMIT" ? (@ == "abc")', ['abc']],
    ['$.constructor', []],
  ])('%s', (path, found) => {
    expect(queryJsonPath(data, path)).toEqual(found);
  });

  test.each(['state', '$.a ? (@ ==', '$.a ? (@ == 1', '$.a[', '$.a)', ''])('%p can not be read', (path) => {
    expect(() => queryJsonPath(data, path)).toThrow(JsonPathError);
  });
});
