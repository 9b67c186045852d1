/** Makes up the result of one benchmark run in the layout of a Hyperfoil report, in ns: single requests are drawn, and percentiles, mean and deviation follow from them. */
import { createRandom, type Random } from '../../stand-in/random.ts';

export interface SampleRun {
  readonly repoFullName: string;
  readonly pullRequestNumber: number | string;
  readonly jobId: string;
  readonly appCommit: string;
  /** The bot's name for the run (PERF_BOT_RUN), where the job was given one. */
  readonly runKey?: string | undefined;
  /** 1 is the usual speed, 1.2 takes a fifth longer. */
  readonly slowdown?: number | undefined;
  readonly startMs: number;
  /** The same seed gives the same measurements. */
  readonly seed: string | number;
}

const WARM_UP_MS = 15_000;
const MEASURED_MS = 60_000;
const REQUESTS = 24_000;
const TYPICAL_NS = 720_000;

export function createSampleResult(run: SampleRun) {
  const random = createRandom(run.seed);
  const measuredFromMs = run.startMs + WARM_UP_MS;
  const stopMs = measuredFromMs + MEASURED_MS + 2_000;
  // No two runs find the machine in the same state.
  const machineFactor = Math.exp(0.008 * random.normal());
  const typicalNs = TYPICAL_NS * (run.slowdown ?? 1) * machineFactor;
  const phase = (name: string, startTime: number, endTime: number, requests: number) => ({
    name,
    phase: name,
    isWarmup: name === 'warmUp',
    total: {
      phase: name,
      metric: name,
      start: startTime,
      end: endTime,
      failures: 0,
      summary: { startTime, endTime, ...measure(random, typicalNs, requests) },
    },
  });
  return {
    timestamps: { start: run.startMs, stop: stopMs },
    state: {
      APP_COMMIT: run.appCommit,
      REPO_FULL_NAME: run.repoFullName,
      PULL_REQUEST_NUMBER: String(run.pullRequestNumber),
      JOB_ID: run.jobId,
      ...(run.runKey === undefined ? {} : { RUN_KEY: run.runKey }),
      LOCAL: {
        HF_REPORT_ALL: {
          info: {
            benchmark: 'getting-started',
            cancelled: false,
            startTime: run.startMs,
            terminateTime: stopMs,
            errors: [],
          },
          stats: [
            phase('warmUp', run.startMs, measuredFromMs, REQUESTS / 10),
            phase('hello', measuredFromMs, measuredFromMs + MEASURED_MS, REQUESTS),
          ],
        },
      },
    },
  };
}

/** Most requests scatter around the typical time; one in 400 meets a pause, whose length has a heavy tail. */
function drawNs(random: Random, typicalNs: number): number {
  const usual = typicalNs * Math.exp(0.32 * random.normal());
  const isPaused = random.uniform() < 1 / 400;
  return usual + (isPaused ? typicalNs * 2 * (1 - random.uniform()) ** -0.35 : 0);
}

function measure(random: Random, typicalNs: number, requestCount: number) {
  const times = Float64Array.from({ length: requestCount }, () =>
    Math.round(drawNs(random, typicalNs)),
  ).sort();
  const meanNs = times.reduce((sum, time) => sum + time, 0) / times.length;
  const variance = times.reduce((sum, time) => sum + (time - meanNs) ** 2, 0) / times.length;
  const percentile = (percent: number) => times[Math.ceil((percent / 100) * times.length) - 1] ?? 0;
  return {
    requestCount,
    responseCount: requestCount,
    minResponseTime: times[0] ?? 0,
    meanResponseTime: Math.round(meanNs),
    stdDevResponseTime: Math.round(Math.sqrt(variance)),
    maxResponseTime: times.at(-1) ?? 0,
    percentileResponseTime: {
      '50.0': percentile(50),
      '90.0': percentile(90),
      '99.0': percentile(99),
      '99.9': percentile(99.9),
      '99.99': percentile(99.99),
    },
    connectionErrors: 0,
    requestTimeouts: 0,
    internalErrors: 0,
  };
}
