/** Every state that people can meet, as runs for the real renderers. */
import type { Report } from '../../../../lib/bot/reports/report.ts';
import { withRows } from '../../../../lib/bot/reports/summarize.ts';
import type { JobRun } from '../../../../lib/bot/runs/job-run.ts';
import { madeUpReport, MADE_UP_METRICS, type MadeUpMetric } from './made-up-report.ts';
import { HEAD, madeUpRun, MINUTE_MS, NOW_MS, reportedRun } from './made-up-runs.ts';
import { hostileRuns } from './hostile-runs.ts';

export interface GalleryState {
  readonly id: string;
  readonly title: string;
  /** Newest first, as the store gives them. */
  readonly runs: readonly JobRun[];
  /** How far the head has moved on since. */
  readonly behind?: number;
}

const SLOWER = { throughput: 0.926, max_rss: 0.966, latency_p99: 1.034 };
const LOG = `14:02:03 + podman run --rm registry.lab.example/shop:3f9c2e1
14:02:11 Trying to pull registry.lab.example/shop:3f9c2e1 ... connection refused
14:02:41 \u001b[31mscript returned exit code 125\u001b[0m`.replace(/\u001b\[\d+m/g, '');
const BUILD_LOG = `14:01:07 > Task :compileJava
14:01:12 src/main/java/shop/Checkout.java:84: error: cannot find symbol
14:01:12   price = cache.lookup(item);
14:01:12                ^
14:01:12 1 error
14:01:13 BUILD FAILED in 41s
14:01:13 script returned exit code 1`;
const usedToWait = { startedAtMs: NOW_MS - 14 * MINUTE_MS };

export function galleryStates(): GalleryState[] {
  return [...waitingStates(), ...reportStates(), ...failureStates(), ...crowdedStates()];
}

function waitingStates(): GalleryState[] {
  return [
    one('queued', 'Queued', madeUpRun('queued', { createdAtMs: NOW_MS - 40_000, platformRun: { queuePosition: 3, reason: 'waiting for the next free executor on lab1' } })),
    one(
      'unclear-start',
      'The lab did not answer clearly',
      madeUpRun('requested', { createdAtMs: NOW_MS - 8_000, platformRun: { ref: {}, unknownStarts: 1, reason: 'Jenkins did not answer within 10 s' } }, ),
    ),
    one('running', 'Running', madeUpRun('running', { arguments: { DURATION: '300s' }, platformRun: { ...usedToWait, stage: 'measure', estimatedDurationMs: 25 * MINUTE_MS } })),
    one('no-run-parameter', 'Running, with a warning', madeUpRun('running', { warning: 'the job declares no parameter PERF_BOT_RUN, so its result is found by the labels of the upload', platformRun: usedToWait })),
    one('waiting', 'Job done, no upload yet', madeUpRun('running', { platformRun: { ...usedToWait, endedAtMs: NOW_MS - MINUTE_MS } })),
    one(
      'uploaded',
      'Uploaded, Horreum computes',
      madeUpRun('uploaded', {
        horreum: { testId: '10', runId: 1841, url: 'https://horreum.lab.example/run/1841', waitingFor: 'labels' },
        platformRun: { ...usedToWait, endedAtMs: NOW_MS - MINUTE_MS },
      }),
    ),
    one('retrying', 'A lab fault is tried once more', madeUpRun('requested', { earlierFailure: { looksLike: 'lab', reason: 'registry.lab.example refused the connection' }, platformRun: { attempt: 2, ref: {} } })),
  ];
}

function reportStates(): GalleryState[] {
  const accepted = madeUpReport({ factors: { throughput: 0.926, max_rss: 0.966 } });
  const acknowledge = { by: 'mia', reason: 'the new cache needs it; agreed in the design meeting' };
  return [
    one('slower', 'Slower', reportedRun(madeUpReport({ factors: SLOWER, horreumPercent: 5, shown: { 'app.version': '4.2.0-SNAPSHOT', 'gc.algorithm': 'G1' } }))),
    one('faster', 'Faster', reportedRun(madeUpReport({ factors: { startup: 0.93 } }))),
    one('unchanged', 'Unchanged: quiet', reportedRun(madeUpReport())),
    one('ancestor', 'Unchanged, held against an ancestor', reportedRun(madeUpReport({ rung: 'ancestor' }))),
    one('cannot-tell', 'Cannot tell: the noise is too great', reportedRun(madeUpReport({ factors: { latency_p99: 1.055 }, metrics: { ...MADE_UP_METRICS, latency_p99: { ...(MADE_UP_METRICS['latency_p99'] as MadeUpMetric), noise: 0.03, threshold: 2 } } }))),
    one('too-few', 'Cannot tell: too few runs of main', reportedRun(madeUpReport({ factors: SLOWER, mainRuns: 2 }))),
    one('horreum-alone', 'Too few runs: Horreum’s threshold decides', reportedRun(madeUpReport({ factors: SLOWER, mainRuns: 2, horreumPercent: 5 }))),
    one('changed', 'Changed, and nothing says which way is good', reportedRun(madeUpReport({ factors: { hits: 1.2 }, metrics: { hits: { title: 'Cache hits', policy: 'gate', threshold: 3, typical: 18_230, noise: 0.006 } } }))),
    one('only-warns', 'Slower, but that metric only warns', reportedRun(madeUpReport({ factors: { max_rss: 1.08 } }))),
    one('zero', 'A baseline of zero', reportedRun(madeUpReport({ factors: { errors: 8 } }))),
    one('odd-values', 'Missing, text, list, NaN', reportedRun(madeUpReport({ values: { throughput: null, latency_p99: '2081337', startup: [812, 820], max_rss: Number.NaN } }))),
    one('acknowledged', 'Acknowledged', reportedRun(acknowledged(accepted, acknowledge))),
    { id: 'stale', title: 'Two commits behind', runs: [reportedRun(madeUpReport({ factors: SLOWER }))], behind: 2 },
    one('after-retry', 'Finished at the second attempt', reportedRun(madeUpReport(), { earlierFailure: { looksLike: 'lab', reason: 'agent lab1-node3 went offline' }, platformRun: { attempt: 2 } })),
    one('no-store', 'No results store configured', withoutStore(reportedRun(undefined))),
  ];
}

function acknowledged(report: Report, by: { by: string; reason: string }): Report {
  return withRows(
    report,
    report.rows.map((row) => (row.verdict === 'worse' ? { ...row, acknowledged: by } : row)),
  );
}

function withoutStore({ horreum: _horreum, ...run }: JobRun): JobRun {
  return run;
}

function failureStates(): GalleryState[] {
  const ended = { startedAtMs: NOW_MS - 31 * MINUTE_MS, endedAtMs: NOW_MS - 28 * MINUTE_MS };
  return [
    one('failed-code', 'Failed by the code', madeUpRun('failed', { failure: { looksLike: 'code', reason: 'the job failed', stage: 'build', logTail: BUILD_LOG }, platformRun: ended })),
    one(
      'failed-lab',
      'Failed by the lab, twice',
      madeUpRun('failed', {
        failure: { looksLike: 'lab', reason: 'the job failed', stage: 'deploy', logTail: LOG, evidence: LOG.split('\n')[1] ?? '' },
        earlierFailure: { looksLike: 'lab', reason: 'the job failed' },
        platformRun: { ...ended, attempt: 2 },
      }),
    ),
    one('failed-config', 'The job could not be started', madeUpRun('failed', { failure: { looksLike: 'configuration', reason: 'Jenkins has no job perf/getting-started, or this user may not see it', stage: 'start' }, platformRun: { ref: {} } })),
    one('unstable', 'Unstable', madeUpRun('failed', { failure: { looksLike: 'unstable', reason: 'the job ended as unstable', stage: 'verify', logTail: '14:31:02 2 of 1,204,441 requests failed\n14:31:02 marking the build as unstable' }, platformRun: ended })),
    one('aborted', 'Aborted at the lab', madeUpRun('cancelled', { failure: { looksLike: 'aborted', reason: 'aborted by user ci-admin', stage: 'measure', logTail: '14:12:40 Sending interrupt signal to process\n14:12:41 Terminated' }, platformRun: ended })),
    one('cancelled', 'Cancelled', madeUpRun('cancelled', { createdAtMs: NOW_MS - 6 * MINUTE_MS, cancelRequested: { by: 'ana', atMs: NOW_MS, why: 'person' } })),
    one('superseded', 'Cancelled by a newer push', madeUpRun('cancelled', { automatic: true, createdAtMs: NOW_MS - 3 * MINUTE_MS, cancelRequested: { by: 'a newer push', atMs: NOW_MS, why: 'superseded' } })),
    one('timed-out', 'Timed out', madeUpRun('timed-out', { createdAtMs: NOW_MS - 60 * MINUTE_MS, failure: { looksLike: 'code', reason: 'it ran out of time', logTail: '13:31:11 measuring, 3 of 5\n13:41:02 still waiting for the service to answer …' }, platformRun: { stage: 'measure' } })),
    one('results-missing', 'The job passed, no results came', madeUpRun('results-missing', { platformRun: ended })),
    one('labels-missing', 'The upload can’t be read', madeUpRun('results-missing', { horreum: { testId: '10', runId: 1841, url: 'https://horreum.lab.example/run/1841', waitingFor: 'labels' }, platformRun: ended })),
    one(
      'private',
      'Private results, public repository',
      madeUpRun('results-missing', {
        horreum: { testId: '10', runId: 1841, url: 'https://horreum.lab.example/run/1841', refused: 'Horreum run 1841 is PRIVATE and this repository is public: its results are not shown here. Upload with access=PUBLIC, or make the run public in Horreum' },
        platformRun: ended,
      }),
    ),
  ];
}

function crowdedStates(): GalleryState[] {
  return [
    {
      id: 'several-jobs',
      title: 'Several jobs and earlier runs',
      runs: [
        madeUpRun('running', { jobId: 'techempower-json', platformRun: { ...usedToWait, stage: 'deploy' } }),
        reportedRun(madeUpReport(), { jobId: 'startup' }),
        reportedRun(madeUpReport({ factors: SLOWER })),
        madeUpRun('failed', { jobId: 'soak', failure: { looksLike: 'code', reason: 'the job failed', stage: 'build', logTail: BUILD_LOG } }),
        reportedRun(madeUpReport(), { createdAtMs: NOW_MS - 300 * MINUTE_MS, headSha: `91ab${HEAD.slice(4)}` }),
        madeUpRun('cancelled', { createdAtMs: NOW_MS - 400 * MINUTE_MS, headSha: `77c0${HEAD.slice(4)}`, cancelRequested: { by: 'ana', atMs: NOW_MS - 380 * MINUTE_MS, why: 'person' } }),
      ],
    },
    one('several-datasets', 'Three datasets', reportedRun(madeUpReport({ datasets: 3, factors: { latency_p99: 1.2 } }))),
    one('crowded', '500 metrics in 8 datasets', reportedRun(madeUpReport({ metrics: manyMetrics(500), datasets: 8, factors: { metric_007: 1.3, metric_123: 0.8, metric_444: 1.2 } }))),
    { id: 'hostile', title: 'Hostile strings everywhere', runs: hostileRuns() },
  ];
}

function manyMetrics(count: number): Record<string, MadeUpMetric> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `metric_${String(index).padStart(3, '0')}`,
      { title: `Response time of endpoint ${index}`, unit: 'ms', direction: 'lower' as const, policy: 'gate' as const, threshold: 4, typical: 10 + index, noise: 0.004 },
    ]),
  );
}

function one(id: string, title: string, run: JobRun): GalleryState {
  return { id, title, runs: [run] };
}
