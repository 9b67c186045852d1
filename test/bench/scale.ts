/**
 * `node test/bench/scale.ts`: which limit a growing bot meets first. What one run costs is measured here and now; the limits are the
 * vendors' and the stack's; a day is played minute by minute, so that a peak shows as waiting and not only as an average.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { DUE_SHARDS } from '../../lib/aws/table.ts';
import { looksWhileRunning, measureLook, type LookResults } from './measure-look.ts';
import { measureSystem, type SystemResults } from './measure-system.ts';
import { printTable, printTitle } from './print-results.ts';

const { values } = parseArgs({
  options: {
    repositories: { type: 'string', default: '10000' },
    runs: { type: 'string', default: '1000000' },
    'job-minutes': { type: 'string', default: '20' },
    'repositories-per-installation': { type: 'string', default: '10' },
    /** What the operator has set (docs/deploy.md). */
    'worker-concurrency': { type: 'string', default: '2' },
    'requests-per-second': { type: 'string', default: '20' },
    /** `bench --json` of this machine, instead of measuring again. */
    from: { type: 'string' },
  },
});
const MINUTES_A_DAY = 24 * 60;
/** Work is done by day: the busiest minute has three times the mean. */
const PEAK = 3;
const DELIVERIES_PER_RUN = 30;
/** 1,000 write units a second. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html */
const PARTITION_WRITE_UNITS = 1_000;
/** Content-creating requests of one installation. https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api */
const GITHUB_WRITES_A_MINUTE = 80;
const GITHUB_WRITES_AN_HOUR = 500;
/** The least that an installation has; it grows with repositories and users to 12,500. */
const GITHUB_REQUESTS_AN_HOUR = 5_000;
const HORREUM_CONNECTIONS = 20;
const LAMBDA_CONCURRENCY = 1_000;

interface Limit {
  readonly name: string;
  /** How much of it one run uses, in the unit of `perMinute`. */
  readonly perRun: number;
  readonly perMinute: number;
  /** By how many equal parts the runs are shared out. */
  readonly parts: number;
  readonly whatHappens: string;
}

const { system, look } = await measured();
const installations = Math.max(
  1,
  Number(values.repositories) / Number(values['repositories-per-installation']),
);
const looks = looksWhileRunning(Number(values['job-minutes']));
const limits = limitsOf(system, look);
const loads = [1_000, 10_000, 100_000, 1_000_000].filter((runs) => runs < Number(values.runs));

printTitle(
  `${values.repositories} repositories in ${installations} installations, jobs of ${values['job-minutes']} minutes (${looks} looks without news each)`,
);
for (const runs of [...loads, Number(values.runs)]) {
  printTitle(`${runs.toLocaleString('en')} runs a day`);
  printTable(limits.map((limit) => playDay(limit, runs)).sort((one, other) => other.peakUse - one.peakUse));
}
printTitle('What the bot does at each limit');
for (const { name, whatHappens } of limits) console.log(`- ${name}: ${whatHappens}`);

/** Arrivals follow the day; what a minute can't take waits for the next. */
function playDay({ name, perRun, perMinute, parts }: Limit, runsADay: number) {
  const mean = (runsADay * perRun) / parts / MINUTES_A_DAY;
  let waiting = 0;
  let longestWaitMinutes = 0;
  for (let minute = 0; minute < 2 * MINUTES_A_DAY; minute += 1) {
    waiting = Math.max(0, waiting + mean * shareOfMean(minute) - perMinute);
    longestWaitMinutes = Math.max(longestWaitMinutes, waiting / perMinute);
  }
  const meanUse = mean / perMinute;
  return {
    limit: name,
    peakUse: Number((PEAK * meanUse).toPrecision(2)),
    'longest wait': meanUse >= 1 ? 'never ends' : `${Math.ceil(longestWaitMinutes)} min`,
    'met at runs a day': Math.floor((perMinute * parts * MINUTES_A_DAY) / perRun / PEAK).toLocaleString('en'),
  };
}

/** A hump of eight hours that reaches PEAK, and what is left of the day's mean spread over the other sixteen. */
function shareOfMean(minute: number): number {
  const HUMP = 8 * 60;
  const at = minute % MINUTES_A_DAY;
  const rest = (MINUTES_A_DAY - HUMP * PEAK * (2 / Math.PI)) / (MINUTES_A_DAY - HUMP);
  return at < HUMP ? PEAK * Math.sin((Math.PI * at) / HUMP) : rest;
}

function limitsOf(
  { run, commandMs, runMs, delaysMs }: SystemResults,
  { calls, units, ms }: LookResults,
): Limit[] {
  const sum = (times: readonly number[]) => times.reduce((total, one) => total + one, 0);
  const gitHubWrites = Object.entries(run.kinds.github)
    .filter(([kind]) => !kind.startsWith('GET') && !kind.includes('access_tokens'))
    .reduce((total, [, count]) => total + count, 0);
  const workers = Number(values['worker-concurrency']);
  const busyMs = sum(runMs) + looks * ms;
  // Each write of an open run moves its key in the `due` index: one deletion, one insertion.
  const dueWrites = 2 * ((run.kinds.dynamodb['PutItem RUN#'] ?? 0) + looks);
  return [
    {
      name: 'API throttle (parameter)',
      perRun: DELIVERIES_PER_RUN,
      perMinute: Number(values['requests-per-second']) * 60,
      parts: 1,
      whatHappens:
        'API Gateway answers 429; GitHub notes a failed delivery and the sweeper asks for it again, hints are made good by the next look. Turn: the throttle.',
    },
    {
      name: 'run workers (parameter)',
      perRun: busyMs,
      perMinute: workers * 60_000,
      parts: 1,
      whatHappens:
        'looks wait in [runs]; the age of the oldest message is an alarm. Turn: WorkerConcurrency.',
    },
    {
      name: 'command workers (parameter)',
      perRun: sum(commandMs),
      perMinute: workers * 60_000,
      parts: 1,
      whatHappens:
        '👀 and the start wait in [commands]; the age of the oldest message is an alarm. Turn: WorkerConcurrency.',
    },
    {
      name: 'GitHub writes an hour, each installation',
      perRun: gitHubWrites,
      perMinute: GITHUB_WRITES_AN_HOUR / 60,
      parts: installations,
      whatHappens:
        'progress is no longer shown (a budget holds it back), then GitHub asks to wait and the look is put off by as much; the verdict comes late, never twice.',
    },
    {
      name: 'GitHub writes a minute, each installation',
      perRun: gitHubWrites,
      perMinute: GITHUB_WRITES_A_MINUTE,
      parts: installations,
      whatHappens: 'as above, for a minute.',
    },
    {
      name: 'GitHub requests an hour, each installation',
      perRun: run.calls.github,
      perMinute: GITHUB_REQUESTS_AN_HOUR / 60,
      parts: installations,
      whatHappens: 'as above, until the hour is over.',
    },
    {
      name: 'one Horreum’s connections',
      perRun: run.calls.horreum * delaysMs.horreum,
      perMinute: HORREUM_CONNECTIONS * 60_000,
      parts: 1,
      whatHappens:
        'Horreum answers late or not; the run waits and looks again, up to its time limit for results. Turn: fewer workers, or a Horreum for each group of projects.',
    },
    {
      name: '`due` index, each partition',
      perRun: dueWrites,
      perMinute: PARTITION_WRITE_UNITS * 60,
      parts: DUE_SHARDS,
      whatHappens:
        'DynamoDB throttles, the SDK tries again, then the message is put off. Turn: DUE_SHARDS, after a deployment that reads both.',
    },
    {
      name: 'Lambda concurrency of the account',
      perRun: busyMs + sum(commandMs) + DELIVERIES_PER_RUN * 12,
      perMinute: LAMBDA_CONCURRENCY * 60_000,
      parts: 1,
      whatHappens:
        'the queues hold what the workers can’t take; a throttled door counts as a failed delivery. Turn: the account’s quota.',
    },
    {
      name: 'DynamoDB write units (40,000 a table)',
      perRun: run.units.write + looks * units.write,
      perMinute: 40_000 * 60,
      parts: 1,
      whatHappens: `as the index; SQS takes ${run.calls.sqs + looks * calls.sqs} messages a run without a limit of its own. Turn: the table’s quota.`,
    },
  ];
}

async function measured(): Promise<{ system: SystemResults; look: LookResults }> {
  if (values.from === undefined) return { system: await measureSystem(), look: await measureLook() };
  const bench = JSON.parse(await readFile(values.from, 'utf8')) as {
    system: SystemResults;
    look: { ms: number; read: number; write: number }[];
  };
  const [row] = bench.look;
  if (!row) throw new Error(`${values.from} holds no look: run the bench with its system part`);
  const { ms, read, write, ...calls } = row;
  return { system: bench.system, look: { ms, units: { read, write }, calls: calls as LookResults['calls'] } };
}
