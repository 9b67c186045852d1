/** A report is judged by main's noise where there is a history, by Horreum's threshold where there is not, and never green without either. */
import { describe, expect, test } from '@jest/globals';
import type { Json, VariableComparison } from '../../../../lib/horreum/datastore.ts';
import type { JobDef } from '../../../../lib/bot/projects/project-config.ts';
import { buildReport, type ReportInput } from '../../../../lib/bot/reports/build-report.ts';
import { chooseBaseline } from '../../../../lib/bot/reports/choose-baseline.ts';
import { aJob } from '../a-project.ts';

type Labels = Readonly<Record<string, Json>>;

const wobble = (index: number): number => ((index * 7) % 5) - 2;
const mainRuns = (count: number, labels: (index: number) => Labels) =>
  Array.from({ length: count }, (_, index) => ({ runId: index + 1, datasets: [labels(index)] }));
/** Scatters by about one part in a hundred. */
const steady = (count: number) => mainRuns(count, (index) => ({ rt: 100 + wobble(index) * 0.7 }));

const PLAIN = { unlisted: [], notes: [] };

const METRICS: JobDef['metrics'] = {
  rt: { title: 'Response time', unit: 'ms', direction: 'lower', threshold: 8 },
};

function report(
  labels: Labels,
  more: Partial<ReportInput> & { runs?: ReturnType<typeof steady>; metrics?: JobDef['metrics'] } = {},
) {
  const { runs = steady(20), metrics = METRICS, ...input } = more;
  return buildReport({
    job: aJob(metrics ? { metrics } : {}),
    datasets: [{ id: 1, ordinal: 0, view: {}, labels, profiles: [], experiments: [] }],
    view: undefined,
    variables: [{ id: 1, name: 'rt', labels: ['rt'] }],
    main: { history: { runs, others: [], baseline: chooseBaseline({ runs, fewest: 4 }) }, ...PLAIN },
    ...input,
  });
}

/** The upload with a profile of Horreum's that compares `rt`. */
function profiled(
  labels: Labels,
  result: VariableComparison | undefined,
  threshold = 0.1,
): Pick<ReportInput, 'datasets'> {
  const profile = {
    id: 1,
    name: 'PR',
    comparisons: [{ variableId: 1, variableName: 'rt', threshold, greaterBetter: false }],
  };
  const experiment = {
    profile,
    logs: [],
    baseline: [{ runId: 9, datasetId: 9 }],
    results: result ? { rt: result } : {},
  };
  return {
    datasets: [{ id: 1, ordinal: 0, view: {}, labels, profiles: [profile], experiments: [experiment] }],
  };
}

describe('with a history', () => {
  test('a change within the noise is unchanged, one far beyond it is worse, each with its limit and reason', () => {
    const [same] = report({ rt: 100.5 }).rows;
    expect(same).toMatchObject({ verdict: 'same', runs: 20, value: 100.5 });
    expect(same?.limitPercent).toBeGreaterThanOrEqual(8);
    const slow = report({ rt: 115 });
    expect(slow.verdict).toBe('slower');
    expect(slow.rows[0]).toMatchObject({ verdict: 'worse', title: 'Response time' });
    expect(slow.rows[0]?.why).toContain('20 main runs');
    expect(slow.baseline).toContain('20 comparable runs of main');
    expect(report({ rt: 85 }).verdict).toBe('faster');
  });

  test('the limit is what the noise supports where that is more than the threshold, and the threshold where it is not', () => {
    const noisy = mainRuns(20, (index) => ({ rt: 100 + wobble(index) * 6 }));
    expect(report({ rt: 103 }, { runs: noisy }).rows[0]?.limitPercent).toBeGreaterThan(10);
    const [row] = report({ rt: 103 }, { metrics: { rt: { direction: 'lower', threshold: 30 } } }).rows;
    expect(row).toMatchObject({ verdict: 'same', limitPercent: 30 });
  });

  test('without a direction it only says that it changed', () => {
    const changed = report({ rt: 130 }, { metrics: { rt: { threshold: 2 } } });
    expect(changed).toMatchObject({ verdict: 'changed', rows: [{ verdict: 'changed' }] });
  });

  test('Horreum’s other opinion stands beside it, its threshold counts where none is configured', () => {
    const result = (rt: number) => ({ overall: 'SAME', experimentValue: rt, baselineValue: 100 }) as const;
    const tight = report({ rt: 109 }, { ...profiled({ rt: 109 }, result(109)), metrics: METRICS });
    expect(tight.rows[0]).toMatchObject({ verdict: 'worse', horreumSays: 'same' });
    const loose = report({ rt: 103 }, { ...profiled({ rt: 103 }, result(103)), metrics: {} });
    expect(loose.rows[0]).toMatchObject({ verdict: 'same', limitPercent: 10 });
    expect(loose.rows[0]).not.toHaveProperty('horreumSays');
  });

  test('the more metrics a report has, the surer each alarm', () => {
    const names = Array.from({ length: 40 }, (_, index) => `m${index}`);
    const many = Object.fromEntries(names.map((name) => [name, { direction: 'lower' as const }]));
    const labels = (value: number) => Object.fromEntries(names.map((name) => [name, value]));
    const wide = report(labels(100), {
      metrics: many,
      runs: mainRuns(20, (index) => labels(100 + wobble(index))),
    });
    const narrow = report(
      { m0: 100 },
      {
        metrics: { m0: { direction: 'lower' } },
        runs: mainRuns(20, (index) => ({ m0: 100 + wobble(index) })),
      },
    );
    expect(wide.rows[0]?.limitPercent).toBeGreaterThan(narrow.rows[0]?.limitPercent ?? Infinity);
  });

  test('another run of the same request counts as a second sample', () => {
    const runs = steady(20);
    const baseline = chooseBaseline({ runs, fewest: 4 });
    const { rows } = report(
      { rt: 104 },
      { main: { history: { runs, others: [{ datasets: [{ rt: 106 }] }], baseline }, ...PLAIN } },
    );
    expect(rows[0]).toMatchObject({ samples: 2 });
    expect(rows[0]?.value).toBeGreaterThan(104);
    expect(rows[0]?.value).toBeLessThan(106);
  });

  test('each dataset is held against the same place of main’s uploads', () => {
    const runs = Array.from({ length: 20 }, (_, index) => ({
      runId: index,
      datasets: [{ rt: 100 + wobble(index) * 0.5 }, { rt: 1000 + wobble(index) * 5 }],
    }));
    const datasets = [100, 1300].map((rt, ordinal) => ({
      id: ordinal,
      ordinal,
      view: {},
      labels: { rt },
      profiles: [],
      experiments: [],
    }));
    const { rows } = report(
      {},
      {
        datasets,
        main: { history: { runs, others: [], baseline: chooseBaseline({ runs, fewest: 4 }) }, ...PLAIN },
      },
    );
    expect(rows.map(({ dataset, verdict }) => [dataset, verdict])).toEqual([
      [1, 'worse'],
      [0, 'same'],
    ]);
  });

  test('numbers written as text are numbers, a baseline of zero has no percentage but a verdict', () => {
    expect(report({ rt: '115.0' }).rows[0]).toMatchObject({ value: 115, verdict: 'worse' });
    const zero = report({ rt: 5 }, { runs: mainRuns(20, () => ({ rt: 0 })) }).rows[0];
    expect(zero).toMatchObject({ baseline: 0, value: 5, verdict: 'worse' });
    expect(zero).not.toHaveProperty('changePercent');
  });

  test('a variable that Horreum computes from its label is not judged by the label’s history', () => {
    const result = { overall: 'SAME', experimentValue: 0.1, baselineValue: 0.1 } as const;
    const variables = [{ id: 1, name: 'rt', labels: ['rt'], isComputed: true }];
    const [row] = report({}, { ...profiled({ rt: 100 }, result), variables }).rows;
    expect(row).toMatchObject({ verdict: 'cannot-tell', value: 0.1, horreumSays: 'same' });
    expect(row).not.toHaveProperty('runs');
    expect(row?.why).toContain('computes the variable');
  });
});

describe('with too little history', () => {
  const few = steady(3);

  test('Horreum’s own rule is quoted as Horreum’s, and decides nothing', () => {
    const worse = { overall: 'WORSE', experimentValue: 115, baselineValue: 100 } as const;
    const said = report({}, { ...profiled({ rt: 115 }, worse), runs: few, metrics: {} });
    expect(said).toMatchObject({
      verdict: 'cannot-tell',
      rows: [{ verdict: 'cannot-tell', horreumSays: 'worse', careAboutPercent: 10 }],
    });
    expect(said.rows[0]).not.toHaveProperty('limitPercent');
    expect(said.rows[0]?.why).toMatch(/3 usable runs/);
    expect(said.baseline).toContain('profile “PR”');
  });

  test('and without Horreum’s opinion it can’t be told, however small the change', () => {
    expect(report({ rt: 100 }, { runs: few })).toMatchObject({
      verdict: 'cannot-tell',
      rows: [{ verdict: 'cannot-tell' }],
    });
    const unknown = buildReport({
      job: aJob({ metrics: METRICS ?? {} }),
      datasets: [{ id: 1, ordinal: 0, view: {}, labels: { rt: 100 }, profiles: [], experiments: [] }],
      view: undefined,
      variables: [],
      main: { noHistory: 'Main’s history could not be read.' },
    });
    expect(unknown.verdict).toBe('cannot-tell');
    expect(unknown.rows[0]?.why).toContain('could not be read');
  });

  test('a comparison that Horreum declares but has no result of can’t be told', () => {
    expect(report({}, { ...profiled({ rt: 100 }, undefined), runs: few, metrics: {} }).verdict).toBe(
      'cannot-tell',
    );
  });
});

describe('odd values', () => {
  test.each<[string, Json, string]>([
    ['nothing', null, 'holds no value'],
    ['a list', [1, 2], 'a list of 2'],
    ['text', 'fast', 'no finite number'],
    ['NaN', Number.NaN, 'no finite number'],
    ['infinity', Number.POSITIVE_INFINITY, 'no finite number'],
  ])('%s can’t be told, and it is said why', (_, value, why) => {
    const { verdict, rows } = report({ rt: value });
    expect(verdict).toBe('cannot-tell');
    expect(rows[0]?.why).toContain(why);
  });

  test('a configured metric that no dataset holds does not vanish', () => {
    expect(report({ other: 1 }).rows).toMatchObject([{ name: 'rt', verdict: 'cannot-tell' }]);
  });
});

test('only rows that may be drawn keep their history, of at most 30 runs', () => {
  const names = Array.from({ length: 30 }, (_, index) => `m${index}`);
  const metrics = Object.fromEntries(
    names.map((name) => [name, { direction: 'lower' as const, threshold: 1 }]),
  );
  const labels = (value: number) => Object.fromEntries(names.map((name) => [name, value]));
  const { rows } = report(labels(200), {
    metrics,
    runs: mainRuns(60, (index) => labels(100 + wobble(index))),
  });
  const kept = rows.filter(({ history }) => history !== undefined);
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.length).toBeLessThanOrEqual(12);
  for (const { history } of kept) expect(history).toHaveLength(30);
});
