/** Lists every state that people can meet, as runs for the real renderers. */
import { failureStates } from './failure-states.ts';
import {
  BUILD_LOG,
  HEAD,
  MINUTE_MS,
  NOW_MS,
  SLOWER,
  madeUpRun,
  one,
  reportedRun,
  type GalleryState,
} from './made-up-runs.ts';
import { hostileRuns } from './hostile-runs.ts';
import { madeUpReport, type MadeUpMetric } from './made-up-report.ts';
import { reportStates } from './report-states.ts';
import { waitingStates } from './waiting-states.ts';

let made: readonly GalleryState[] | undefined;

/** Made once: judging thousands of rows takes its time. */
export function galleryStates(): readonly GalleryState[] {
  made ??= [...waitingStates(), ...reportStates(), ...failureStates(), ...crowdedStates()];
  return made;
}

function crowdedStates(): GalleryState[] {
  return [
    {
      id: 'several-jobs',
      title: 'Several jobs and earlier runs',
      runs: [
        madeUpRun('running', {
          jobId: 'techempower-json',
          platformRun: { startedAtMs: NOW_MS - 14 * MINUTE_MS, stage: 'deploy' },
        }),
        reportedRun(madeUpReport(), { jobId: 'startup' }),
        reportedRun(madeUpReport({ factors: SLOWER })),
        madeUpRun('failed', {
          jobId: 'soak',
          failure: { looksLike: 'code', reason: 'the job failed', stage: 'build', logTail: BUILD_LOG },
        }),
        reportedRun(madeUpReport(), {
          createdAtMs: NOW_MS - 300 * MINUTE_MS,
          headSha: `91ab${HEAD.slice(4)}`,
        }),
        madeUpRun('cancelled', {
          createdAtMs: NOW_MS - 400 * MINUTE_MS,
          headSha: `77c0${HEAD.slice(4)}`,
          cancelRequested: { by: 'ana', atMs: NOW_MS - 380 * MINUTE_MS, why: 'person' },
        }),
      ],
    },
    one(
      'several-datasets',
      'Three datasets',
      reportedRun(madeUpReport({ datasets: 3, factors: { latency_p99: 1.2 } })),
    ),
    one(
      'crowded',
      '500 metrics in 8 datasets',
      reportedRun(
        madeUpReport({
          metrics: manyMetrics(500),
          datasets: 8,
          factors: { metric_007: 1.3, metric_123: 0.8, metric_444: 1.2 },
        }),
      ),
    ),
    { id: 'hostile', title: 'Hostile strings everywhere', runs: hostileRuns() },
  ];
}

function manyMetrics(count: number): Record<string, MadeUpMetric> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `metric_${String(index).padStart(3, '0')}`,
      {
        title: `Response time of endpoint ${index}`,
        unit: 'ms',
        direction: 'lower' as const,
        policy: 'gate' as const,
        threshold: 4,
        typical: 10 + index,
        noise: 0.004,
      },
    ]),
  );
}
