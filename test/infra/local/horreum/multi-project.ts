/** A second test, `multi`: a transformer that makes several datasets of one upload, and labels of every kind. */
import type { JsonObject } from '../../../../infra/local/horreum/store/store.ts';

const label = (name: string, jsonpath: string, more: JsonObject = {}): JsonObject => ({
  name,
  extractors: [{ name: 'v', jsonpath, isarray: false }],
  ...more,
});

export const multiSchemas: readonly JsonObject[] = [
  { uri: 'uri:multi:0.1', name: 'Multi 0.1', labels: [] },
  {
    uri: 'uri:part:0.1',
    name: 'Part 0.1',
    labels: [
      label('p.who', '$.who'),
      label('p.num', '$.num'),
      label('p.zero', '$.zero'),
      label('p.numstr', '$.numstr'),
      label('p.str', '$.str'),
      label('p.null', '$.nowhere'),
      label('p.arr', '$.arr'),
      label('p.fixed', '$.num', { function: 'value => value.toFixed(2)' }),
      label('p.undef', '$.num', { function: 'value => undefined' }),
      label('p.throws', '$.num', { function: 'value => { throw new Error("boom") }' }),
    ],
  },
];

const variables = {
  v_num: 'p.num',
  v_zero: 'p.zero',
  v_numstr: 'p.numstr',
  v_str: 'p.str',
  v_null: 'p.null',
  v_throws: 'p.throws',
};

export const multiTest: JsonObject = {
  name: 'multi',
  owner: 'dev-team',
  access: 'PUBLIC',
  notificationsEnabled: true,
  transformers: [
    {
      name: 'split',
      schemaUri: 'uri:multi:0.1',
      targetSchemaUri: 'uri:part:0.1',
      extractors: [{ name: 'parts', jsonpath: '$.parts', isarray: false }],
      function: 'parts => parts',
    },
  ],
  variables: Object.entries(variables).map(([name, source], index) => ({
    id: index + 1,
    name,
    group: null,
    order: index,
    labels: [source],
    changeDetection: [],
  })),
  experiments: [
    {
      name: 'exp',
      selectorLabels: ['p.who'],
      selectorFilter: 'v => v != "main"',
      baselineLabels: ['p.who'],
      baselineFilter: 'v => v == "main"',
      extraLabels: ['p.who', 'p.num', 'p.arr', 'p.null', 'p.throws'],
      comparisons: Object.keys(variables).map((variableName, index) => ({
        model: 'relativeDifference',
        config: { threshold: 0.1, greaterBetter: true, maxBaselineDatasets: 1 },
        variableId: index + 1,
        variableName,
      })),
    },
  ],
};

export function part(who: string, num: number): JsonObject {
  return { who, num, zero: num % 2 === 0 ? num : 0, numstr: '12.5', str: 'text', arr: [1, 'a', null] };
}
