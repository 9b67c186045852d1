/** A configured metric is found by Horreum's variable of that name, by the label behind it, or by a label of its own name. */
import { describe, expect, test } from '@jest/globals';
import type { Variable } from '../../../../lib/horreum/datastore.ts';
import type { JobDef } from '../../../../lib/bot/projects/project-config.ts';
import { buildReport, type ReportInput } from '../../../../lib/bot/reports/build-report.ts';
import { chooseBaseline } from '../../../../lib/bot/reports/choose-baseline.ts';
import { aJob } from '../a-project.ts';

const MEAN: Variable = { id: 1, name: 'mean', labels: ['gs.mean'] };
const LABELS = { 'gs.mean': 800_000, 'gs.commit': 'main' };
const METRICS: JobDef['metrics'] = { mean: { title: 'Mean time', unit: 'ns', direction: 'lower' } };

/** An upload that no profile compares, as one of main is. */
function rowsOf(more: Partial<ReportInput> & { metrics?: JobDef['metrics'] } = {}) {
  const { metrics = METRICS, ...input } = more;
  return buildReport({
    job: aJob(metrics ? { metrics } : {}),
    datasets: [
      {
        id: 1,
        ordinal: 0,
        view: { '3': { 'gs.mean': 800_000 } },
        labels: LABELS,
        profiles: [],
        experiments: [],
      },
    ],
    view: {
      id: 1,
      name: 'Default',
      components: [{ id: 3, title: 'Mean Response Time', order: 0, labels: ['gs.mean'] }],
    },
    variables: [MEAN],
    main: { noHistory: 'There is none.' },
    ...input,
  }).rows;
}

const withLabels = (labels: Readonly<Record<string, number>>) => [
  { id: 1, ordinal: 0, view: {}, labels, profiles: [], experiments: [] },
];

describe('without a comparison', () => {
  test('a metric named by its variable has the value of the variable’s label, once', () => {
    expect(rowsOf()).toMatchObject([
      { name: 'mean', title: 'Mean time', unit: 'ns', value: 800_000, verdict: 'cannot-tell' },
    ]);
  });

  test('and is judged by the history of that label', () => {
    const runs = Array.from({ length: 20 }, (_, index) => ({
      runId: index,
      datasets: [{ 'gs.mean': 600_000 + (index % 5) * 1000 }],
    }));
    const history = { runs, others: [], baseline: chooseBaseline({ runs, fewest: 4 }) };
    expect(rowsOf({ main: { history, unlisted: [], notes: [] } })).toMatchObject([
      { name: 'mean', verdict: 'worse', runs: 20 },
    ]);
  });

  test('one that is only shown keeps its title and its unit', () => {
    const metrics: JobDef['metrics'] = { mean: { title: 'Mean time', unit: 'ns', policy: 'info' } };
    expect(rowsOf({ metrics })).toMatchObject([{ title: 'Mean time', unit: 'ns', value: 800_000 }]);
  });

  test('a metric named by its label is found as before', () => {
    const metrics: JobDef['metrics'] = { 'gs.mean': { unit: 'ns', direction: 'lower' } };
    expect(rowsOf({ metrics })).toMatchObject([
      { name: 'gs.mean', title: 'Mean Response Time', value: 800_000 },
    ]);
  });

  test('a label of the metric’s own name counts where the variable has none there', () => {
    expect(rowsOf({ datasets: withLabels({ mean: 7 }) })).toMatchObject([{ name: 'mean', value: 7 }]);
    expect(rowsOf({ datasets: withLabels({ mean: 7 }), variables: [] })).toMatchObject([{ value: 7 }]);
  });

  test('of several datasets each that has the label has its row', () => {
    const datasets = [{ 'gs.mean': 1 }, { other: 2 }, { 'gs.mean': 3 }].map((labels, ordinal) => ({
      id: ordinal,
      ordinal,
      view: {},
      labels,
      profiles: [],
      experiments: [],
    }));
    expect(rowsOf({ datasets }).map(({ dataset, value }) => [dataset, value])).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });
});

test.each<[string, Variable]>([
  ['of several labels', { ...MEAN, labels: ['gs.mean', 'gs.commit'] }],
  ['with a calculation', { ...MEAN, isComputed: true }],
])('a variable %s is not taken for its label: the value is Horreum’s to compute', (_, variable) => {
  const rows = rowsOf({ variables: [variable] });
  expect(rows).toMatchObject([
    { name: 'mean', verdict: 'cannot-tell' },
    { name: 'gs.mean', value: 800_000, verdict: 'info' },
  ]);
  expect(rows[0]).not.toHaveProperty('value');
  expect(rows[0]?.why).toContain('Horreum computes it');
});

test('a variable that a profile compares and Horreum has no result of holds no value, wherever it comes from', () => {
  const profile = { id: 1, name: 'PR', comparisons: [{ variableName: 'mean' }] };
  const experiments = [{ profile, logs: [], baseline: [{ runId: 1, datasetId: 1 }], results: {} }];
  const datasets = [{ id: 1, ordinal: 0, view: {}, labels: {}, profiles: [profile], experiments }];
  for (const variables of [[], [MEAN], [{ ...MEAN, isComputed: true }]])
    expect(rowsOf({ datasets, variables })).toMatchObject([
      { name: 'mean', text: '(none)', why: 'The upload holds no value for it.' },
    ]);
});
