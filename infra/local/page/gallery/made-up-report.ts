/** Makes up reports by the bot's own comparison: only the measurements are invented. */
import { createHash } from 'node:crypto';
import type { ExperimentResult, Json } from '../../../../lib/horreum/datastore.ts';
import type { JobDef } from '../../../../lib/bot/projects/project-config.ts';
import { buildReport } from '../../../../lib/bot/reports/build-report.ts';
import { chooseBaseline } from '../../../../lib/bot/reports/choose-baseline.ts';
import type { DatasetResults } from '../../../../lib/bot/reports/draft-rows.ts';
import type { Report } from '../../../../lib/bot/record/report.ts';
import { fewestRuns } from '../../../../lib/bot/reports/verdict/judge.ts';
import { createRandom } from '../../stand-in/random.ts';

export interface MadeUpMetric {
  readonly title: string;
  readonly unit?: string;
  readonly direction?: 'lower' | 'higher';
  readonly policy: 'gate' | 'warn' | 'info';
  readonly threshold?: number;
  readonly typical: number;
  /** Part of the typical value by which single runs scatter. */
  readonly noise: number;
}

export const MADE_UP_METRICS: Readonly<Record<string, MadeUpMetric>> = {
  throughput: {
    title: 'Throughput',
    unit: 'req/s',
    direction: 'higher',
    policy: 'gate',
    threshold: 2,
    typical: 41_200,
    noise: 0.0025,
  },
  latency_p99: {
    title: 'p99 latency',
    unit: 'ns',
    direction: 'lower',
    policy: 'gate',
    threshold: 5,
    typical: 2_080_000,
    noise: 0.005,
  },
  max_rss: {
    title: 'Max RSS',
    unit: 'B',
    direction: 'lower',
    policy: 'warn',
    threshold: 1.5,
    typical: 432_013_312,
    noise: 0.001,
  },
  startup: {
    title: 'Start-up',
    unit: 'ms',
    direction: 'lower',
    policy: 'gate',
    threshold: 2,
    typical: 812,
    noise: 0.0025,
  },
  cpu: {
    title: 'CPU',
    unit: '%',
    direction: 'lower',
    policy: 'info',
    threshold: 5,
    typical: 71.4,
    noise: 0.008,
  },
  errors: { title: 'Errors', direction: 'lower', policy: 'gate', typical: 0, noise: 0 },
  gc_pauses: {
    title: 'GC pauses',
    unit: 'ms',
    direction: 'lower',
    policy: 'info',
    typical: 38.2,
    noise: 0.05,
  },
};

export interface MadeUpReport {
  readonly metrics?: Readonly<Record<string, MadeUpMetric>>;
  /** By how much this pull request differs: 0.93 is 7 % less. For a typical value of zero it is added. */
  readonly factors?: Readonly<Record<string, number>>;
  readonly values?: Readonly<Record<string, Json>>;
  readonly mainRuns?: number;
  readonly datasets?: number;
  /** Horreum's own profile judges, too: its threshold in percent. */
  readonly horreumPercent?: number;
  readonly rung?: 'merge-base' | 'ancestor' | 'latest-main';
  readonly shown?: Readonly<Record<string, Json>>;
}

const BRANCHED_OFF = 'a81d00417fd8836ed2c4c8f4a9de3f1f0b7c5a11';

export function madeUpReport(wanted: MadeUpReport = {}): Report {
  const metrics = wanted.metrics ?? MADE_UP_METRICS;
  const random = createRandom('gallery');
  const measure = (factors: Readonly<Record<string, number>>, luck = 1): Record<string, Json> =>
    Object.fromEntries(
      Object.entries(metrics).map(([name, { typical, noise }]) => {
        const factor = factors[name] ?? 1;
        const value = typical === 0 ? factor - 1 : typical * factor * (1 + luck * noise * random.normal());
        return [name, Number(value.toPrecision(9))];
      }),
    );
  const ordinals = Array.from({ length: wanted.datasets ?? 1 }, (_, ordinal) => ordinal);
  const runs = Array.from({ length: wanted.mainRuns ?? 24 }, (_, index) => ({
    runId: 1817 + index,
    commit: createHash('sha256').update(`main ${index}`).digest('hex').slice(0, 40),
    datasets: ordinals.map(() => measure({})),
  }));
  const newest = runs.at(-1);
  const baseline = chooseBaseline({
    runs,
    fewest: fewestRuns,
    ...(wanted.rung === 'latest-main' || !newest
      ? {}
      : { mergeBase: wanted.rung === 'ancestor' ? BRANCHED_OFF : newest.commit }),
    ...(wanted.rung === 'ancestor' && newest ? { ancestor: { commit: newest.commit, commitsAway: 3 } } : {}),
  });
  const datasets = ordinals.map((ordinal): DatasetResults => {
    const labels = {
      ...measure(wanted.factors ?? {}, 0.2),
      ...wanted.values,
      'env.host': 'lab1-node3',
      ...wanted.shown,
    };
    const view: Record<string, Record<string, Json>> = wanted.shown ? { 1: wanted.shown } : {};
    const experiments =
      wanted.horreumPercent === undefined ? [] : [experiment(metrics, labels, wanted.horreumPercent)];
    const profiles = experiments.flatMap(({ profile }) => profile ?? []);
    return { id: 100 + ordinal, ordinal, view, labels, profiles, experiments };
  });
  const used = baseline.rung === 'none' ? runs : runs.slice(0, baseline.runs);
  return buildReport({
    job: madeUpJob(metrics),
    datasets,
    view: undefined,
    variables: Object.keys(metrics).map((name, index) => ({ id: index, name, labels: [name] })),
    main: { history: { runs: used, others: [], baseline }, unlisted: [], notes: [] },
  });
}

export function madeUpJob(metrics: Readonly<Record<string, MadeUpMetric>> = MADE_UP_METRICS): JobDef {
  return {
    platformJobId: 'perf/getting-started',
    description: 'the shop under a steady load',
    datastoreConfig: { testId: '10' },
    history: { commitLabel: 'app.commit', environmentLabels: ['env.host'] },
    metrics: Object.fromEntries(
      Object.entries(metrics).map(([name, { typical: _typical, noise: _noise, ...metric }]) => [
        name,
        metric,
      ]),
    ),
    configurableParams: {
      DURATION: {
        name: 'DURATION',
        description: 'how long to measure',
        values: ['10s', '60s', '300s'],
        default: '60s',
      },
    },
  };
}

/** What Horreum would say with one threshold for all. */
function experiment(
  metrics: Readonly<Record<string, MadeUpMetric>>,
  labels: Readonly<Record<string, Json>>,
  thresholdPercent: number,
): ExperimentResult {
  const names = Object.keys(metrics);
  return {
    profile: {
      id: 1,
      name: 'PR against main',
      comparisons: names.map((variableName, variableId) => ({
        variableId,
        variableName,
        threshold: thresholdPercent / 100,
        greaterBetter: metrics[variableName]?.direction === 'higher',
      })),
    },
    logs: [],
    baseline: [{ runId: 1840 }],
    results: Object.fromEntries(
      names.map((name) => {
        const { typical = 0, direction } = metrics[name] ?? {};
        const value = typeof labels[name] === 'number' ? labels[name] : Number.NaN;
        const change = ((value - typical) / typical) * 100;
        const good = change > 0 === (direction === 'higher');
        const overall =
          typical === 0 || Math.abs(change) <= thresholdPercent ? 'SAME' : good ? 'BETTER' : 'WORSE';
        return [name, { overall, experimentValue: value, baselineValue: typical }];
      }),
    ),
  };
}
