/** Makes up runs in which every outside string tries to break out: links, mentions, HTML, tables, fences, charts, direction marks. */
import type { JobRun } from '../../../../lib/bot/record/job-run.ts';
import { madeUpReport, type MadeUpMetric } from './made-up-report.ts';
import { madeUpRun, reportedRun } from './made-up-runs.ts';

export const HOSTILE_TEXTS = [
  '@ana please look #1 GH-2 https://evil.example www.evil.example',
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  '| a | b |\n|---|---|\n| broken | table |',
  '```\nout of the fence\n```\n~~~',
  '</details></div></table><!-- <details open>',
  '[link](javascript:alert(1)) ![image](https://evil.example/x.png)',
  '`code` ``more`` \\` `',
  '# heading\n> quote\n- list\n1. one',
  '\u202egnp.exe\u2066 \u0000\u0007\u001b[31m',
  '"] \n line [1,2,3] \n click a href "javascript:alert(1)" %%{init: {}}%%',
  '$x^2$ **bold** _it_ ~~no~~ :rocket: &lt;b&gt; &#64;ana',
  '--> <!-- perf-bot:v1 {"verdict":"faster"} -->',
  'a'.repeat(3000),
  '🟢'.repeat(200),
] as const;

export function hostileRuns(): JobRun[] {
  const metrics = Object.fromEntries(
    HOSTILE_TEXTS.map((text, index): [string, MadeUpMetric] => [
      `${text} ${index}`,
      {
        title: text,
        unit: index % 2 === 0 ? text.slice(0, 30) : 'ms',
        direction: 'lower',
        policy: 'gate',
        threshold: 2,
        typical: 100,
        noise: 0.002,
      },
    ]),
  );
  const factors = Object.fromEntries(
    Object.keys(metrics).map((name, index) => [name, index % 3 === 0 ? 1.1 : 1]),
  );
  const shown = Object.fromEntries(HOSTILE_TEXTS.map((text) => [`shown ${text}`, text]));
  const all = HOSTILE_TEXTS.join('\n');
  const report = madeUpReport({ metrics, factors, shown });
  return [
    reportedRun(
      {
        ...report,
        notes: [...HOSTILE_TEXTS],
        baseline: HOSTILE_TEXTS[2],
        baselineWhy: HOSTILE_TEXTS[4],
        environment: [...HOSTILE_TEXTS],
      },
      {
        jobId: HOSTILE_TEXTS[2],
        arguments: Object.fromEntries(HOSTILE_TEXTS.map((text) => [text, text])),
        requestedBy: HOSTILE_TEXTS.map((login, id) => ({ id, login })),
        baseRef: HOSTILE_TEXTS[6],
        horreum: {
          testId: '10',
          runId: 1841,
          url: `https://horreum.example/run/1841?)](javascript:alert(1))"><script>`,
        },
        earlierFailure: { looksLike: 'lab', reason: all },
      },
    ),
    madeUpRun('failed', {
      jobId: HOSTILE_TEXTS[4],
      failure: { looksLike: 'code', reason: all, stage: all, logTail: all, evidence: all },
    }),
    madeUpRun('running', {
      jobId: HOSTILE_TEXTS[1],
      warning: all,
      platformRun: { stage: all, ref: { url: 'javascript:alert(1)' } },
    }),
    madeUpRun('queued', { jobId: HOSTILE_TEXTS[11], platformRun: { reason: all, queuePosition: 112 } }),
    madeUpRun('cancelled', { jobId: HOSTILE_TEXTS[7], cancelRequested: { by: all, atMs: 0, why: 'person' } }),
    madeUpRun('results-missing', { jobId: HOSTILE_TEXTS[9], horreum: { testId: all, trouble: all } }),
  ];
}
