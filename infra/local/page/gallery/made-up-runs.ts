/** Makes up runs in every state, as the record would hold them, and names them for the gallery. */
import type { JobRun, RunState } from '../../../../lib/bot/record/job-run.ts';
import type { Report } from '../../../../lib/bot/record/report.ts';
import { runKeyFor } from '../../../../lib/bot/record/run-key.ts';

export const NOW_MS = Date.UTC(2026, 0, 15, 12, 0, 0);
export const MINUTE_MS = 60_000;
export const HEAD = '3f9c2e1b8d4a5f60718293a4b5c6d7e8f9012345';

const ENDED: readonly RunState[] = ['reported', 'failed', 'cancelled', 'timed-out', 'results-missing'];

export type Changes = Partial<Omit<JobRun, 'platformRun'>> & {
  readonly platformRun?: Partial<JobRun['platformRun']>;
};

let made = 0;

/** Asked for 34 minutes ago and, unless told otherwise, at the point of its state. */
export function madeUpRun(state: RunState, changes: Changes = {}): JobRun {
  made += 1;
  const createdAtMs = changes.createdAtMs ?? NOW_MS - 34 * MINUTE_MS;
  const { platformRun, ...rest } = changes;
  return {
    runKey: runKeyFor({ repositoryId: 1, kind: 'comment', triggerId: String(made), jobId: '', ordinal: 0 }),
    version: 1,
    projectId: 'shop',
    repository: { id: 1, fullName: 'acme/shop', private: false },
    installationId: 1,
    subject: { kind: 'pull-request', number: 42, fromFork: false },
    jobId: 'getting-started',
    platform: 'jenkins',
    headSha: HEAD,
    baseRef: 'main',
    baseSha: 'a81d00417fd8836ed2c4c8f4a9de3f1f0b7c5a11',
    parameters: { DURATION: '60s' },
    arguments: {},
    requestedBy: [{ id: 7, login: 'ana' }],
    automatic: false,
    trigger: { kind: 'comment', id: '1', commentId: 1, atMs: createdAtMs },
    claimKey: 'claim',
    state,
    history: [{ state, atMs: createdAtMs }],
    createdAtMs,
    deadlineAtMs: createdAtMs + 60 * MINUTE_MS,
    resultsTimeoutMs: 15 * MINUTE_MS,
    horreum: { testId: '10' },
    published: {},
    lookNumber: 3,
    ...(ENDED.includes(state) ? { endedAtMs: NOW_MS } : {}),
    ...rest,
    platformRun: {
      attempt: 1,
      requestedAtMs: createdAtMs,
      unknownStarts: 0,
      misses: 0,
      ref: { queueId: '77', runId: '482', url: 'https://jenkins.lab.example/job/getting-started/482/' },
      ...platformRun,
    },
  };
}

export function reportedRun(report: Report | undefined, changes: Changes = {}): JobRun {
  return madeUpRun('reported', {
    ...(report ? { report } : {}),
    horreum: { testId: '10', runId: 1841, url: 'https://horreum.lab.example/run/1841' },
    ...changes,
    platformRun: {
      startedAtMs: NOW_MS - 31 * MINUTE_MS,
      endedAtMs: NOW_MS - MINUTE_MS,
      ...changes.platformRun,
    },
  });
}

export interface GalleryState {
  readonly id: string;
  readonly title: string;
  /** Newest first, as the store gives them. */
  readonly runs: readonly JobRun[];
  /** How far the head has moved on since. */
  readonly behind?: number;
}

export function one(id: string, title: string, run: JobRun): GalleryState {
  return { id, title, runs: [run] };
}

/** How the pull request differs in the states that need something worse. */
export const SLOWER = { throughput: 0.926, max_rss: 0.966, latency_p99: 1.034 };

export const BUILD_LOG = `14:01:07 > Task :compileJava
14:01:12 src/main/java/shop/Checkout.java:84: error: cannot find symbol
14:01:12   price = cache.lookup(item);
14:01:12                ^
14:01:12 1 error
14:01:13 BUILD FAILED in 41s
14:01:13 script returned exit code 1`;
