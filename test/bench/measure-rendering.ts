/** The heaviest report: hundreds of metrics, each with a history, judged and drawn as comment and check run. */
import type { DatasetResults } from '../../lib/bot/reports/draft-rows.ts';
import { buildReport, type MainHistory, type ReportInput } from '../../lib/bot/reports/build-report.ts';
import { checkOfRun } from '../../lib/bot/reports/words/check-of-run.ts';
import { statusComment } from '../../lib/bot/reports/words/status-comment.ts';
import type { JobDef } from '../../lib/bot/projects/project-config.ts';
import { aRun } from '../lib/bot/a-run.ts';
import { median, rounded } from './figures.ts';

export interface RenderingResults {
  readonly metrics: number;
  readonly mainRuns: number;
  readonly judgeMs: number;
  readonly commentMs: number;
  readonly checkMs: number;
  readonly commentChars: number;
}

const MAIN_RUNS = 30;

export function measureRendering(metrics: number, times: number): RenderingResults {
  const input = inputOf(metrics);
  const context = { prompt: '/perf-bot', nowMs: 1_800_000_000_000, durationsMs: [600_000, 620_000] };
  const report = buildReport(input);
  const run = aRun({ state: 'reported', report, endedAtMs: context.nowMs });
  const comment = () =>
    statusComment([run], { ...context, behindOf: () => undefined, durationsOf: () => context.durationsMs });
  return {
    metrics,
    mainRuns: MAIN_RUNS,
    judgeMs: timed(times, () => buildReport(input)),
    commentMs: timed(times, comment),
    checkMs: timed(times, () => checkOfRun(run, undefined, context)),
    commentChars: comment().length,
  };
}

function timed(times: number, act: () => unknown): number {
  const took: number[] = [];
  for (let round = 0; round < times; round += 1) {
    const startedAtMs = performance.now();
    act();
    took.push(performance.now() - startedAtMs);
  }
  return rounded(median(took), 1);
}

/** Noise that is the same in every run. */
function inputOf(metrics: number): ReportInput {
  const names = Array.from({ length: metrics }, (_, at) => `metric_${at}`);
  let seed = 1;
  const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const labels = () =>
    Object.fromEntries(names.map((name, at) => [name, (at + 1) * (1 + 0.02 * (random() - 0.5))]));
  const own = Object.fromEntries(
    Object.entries(labels()).map(([name, value], at) => [name, at % 9 === 0 ? value * 1.2 : value]),
  );
  const comparisons = names.map((variableName) => ({ variableName, threshold: 0.1, greaterBetter: false }));
  const results = Object.fromEntries(
    names.map((name, at) => [
      name,
      {
        overall: at % 9 === 0 ? ('WORSE' as const) : ('SAME' as const),
        experimentValue: own[name] ?? 0,
        baselineValue: at + 1,
      },
    ]),
  );
  const experiment = {
    profile: { id: 1, name: 'main', comparisons },
    logs: [],
    results,
    baselineRunIds: [1, 2],
  };
  const dataset = {
    id: 1,
    ordinal: 0,
    view: {},
    labels: own,
    profiles: [experiment.profile],
    experiments: [experiment],
  } as unknown as DatasetResults;
  const job: JobDef = {
    name: 'smoke',
    platformJobId: 'smoke',
    datastoreConfig: { testId: '10' },
  };
  return {
    job,
    datasets: [dataset],
    view: undefined,
    variables: names.map((name, id) => ({ id, name, labels: [name] })),
    main: {
      unlisted: [],
      notes: [],
      history: {
        runs: Array.from({ length: MAIN_RUNS }, () => ({ datasets: [labels()] })),
        others: [],
        baseline: {
          rung: 'newest',
          runs: MAIN_RUNS,
          words: 'main',
          why: 'the newest runs of main',
        } as unknown as MainHistory['baseline'],
      },
    },
  };
}
