/** Shows runs that have their results: every verdict, and what can be odd about it. */
import type { Report } from '../../../../lib/bot/record/report.ts';
import { withRows } from '../../../../lib/bot/reports/summarize.ts';
import type { JobRun } from '../../../../lib/bot/record/job-run.ts';
import { SLOWER, one, reportedRun, type GalleryState } from './made-up-runs.ts';
import { madeUpReport, MADE_UP_METRICS, type MadeUpMetric } from './made-up-report.ts';

export function reportStates(): GalleryState[] {
  const accepted = madeUpReport({ factors: { throughput: 0.926, max_rss: 0.966 } });
  const acknowledge = { by: 'mia', reason: 'the new cache needs it; agreed in the design meeting' };
  return [
    one(
      'slower',
      'Slower',
      reportedRun(
        madeUpReport({
          factors: SLOWER,
          horreumPercent: 5,
          shown: { 'app.version': '4.2.0-SNAPSHOT', 'gc.algorithm': 'G1' },
        }),
      ),
    ),
    one('faster', 'Faster', reportedRun(madeUpReport({ factors: { startup: 0.93 } }))),
    one('unchanged', 'Unchanged: quiet', reportedRun(madeUpReport())),
    one('ancestor', 'Unchanged, compared with an ancestor', reportedRun(madeUpReport({ rung: 'ancestor' }))),
    one(
      'cannot-tell',
      'Cannot tell: too much noise',
      reportedRun(
        madeUpReport({
          factors: { latency_p99: 1.055 },
          metrics: {
            ...MADE_UP_METRICS,
            latency_p99: { ...(MADE_UP_METRICS['latency_p99'] as MadeUpMetric), noise: 0.03, threshold: 2 },
          },
        }),
      ),
    ),
    one(
      'blind',
      'Cannot tell: the job can’t see the change that matters',
      reportedRun(
        madeUpReport({
          factors: { throughput: 0.8 },
          mainRuns: 6,
          metrics: {
            throughput: {
              ...(MADE_UP_METRICS['throughput'] as MadeUpMetric),
              noise: 0.2,
              threshold: 5,
            },
          },
        }),
      ),
    ),
    one(
      'too-few',
      'Cannot tell: too few runs of main',
      reportedRun(madeUpReport({ factors: SLOWER, mainRuns: 2 })),
    ),
    one(
      'horreum-alone',
      'Too few runs: Horreum’s own rule is quoted',
      reportedRun(madeUpReport({ factors: SLOWER, mainRuns: 2, horreumPercent: 5 })),
    ),
    one(
      'changed',
      'Changed, and no direction is set as better',
      reportedRun(
        madeUpReport({
          factors: { hits: 1.2 },
          metrics: {
            hits: { title: 'Cache hits', policy: 'gate', threshold: 3, typical: 18_230, noise: 0.006 },
          },
        }),
      ),
    ),
    one(
      'only-warns',
      'Slower, but that metric only warns',
      reportedRun(madeUpReport({ factors: { max_rss: 1.08 } })),
    ),
    one('zero', 'A baseline of zero', reportedRun(madeUpReport({ factors: { errors: 8 } }))),
    one(
      'odd-values',
      'Missing, text, list, NaN',
      reportedRun(
        madeUpReport({
          values: { throughput: null, latency_p99: '2081337', startup: [812, 820], max_rss: Number.NaN },
        }),
      ),
    ),
    one('acknowledged', 'Acknowledged', reportedRun(acknowledged(accepted, acknowledge))),
    {
      id: 'stale',
      title: 'Two commits behind',
      runs: [reportedRun(madeUpReport({ factors: SLOWER }))],
      behind: 2,
    },
    one(
      'after-retry',
      'Finished on the second attempt',
      reportedRun(madeUpReport(), {
        earlierFailure: { looksLike: 'lab', reason: 'agent lab1-node3 went offline' },
        platformRun: { attempt: 2 },
      }),
    ),
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
