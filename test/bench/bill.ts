/** The month's bill, line by line, from what was measured and the prices assumed. */
import { FUNCTION_NAMES, FUNCTIONS, specOf } from '../../infra/aws/functions.ts';
import type { LookResults } from './measure-look.ts';
import type { SystemResults } from './measure-system.ts';
import { PRICES } from './prices.ts';

export interface BillLine {
  readonly line: string;
  readonly idle: number;
  readonly [runs: string]: string | number;
}

export interface Measured {
  readonly system: SystemResults;
  readonly look: LookResults;
  readonly looksWhileRunning: number;
}

const SECONDS_A_MONTH = 730 * 3_600;
const GB = 1_000_000_000;
/** Told by nobody, so assumed: what GitHub also delivers for each run (its echo of our own writes, other comments), and what is logged. */
export const ASSUMED = {
  deliveriesPerRun: 30,
  /** Of the waiting time's kind: the CPU part is small, and these functions have a fraction of a CPU. */
  doorMs: 12,
  slowedByCpuShare: 1.3,
  logBytesPerInvocation: 900,
  keptMonths: 13,
  /** Lambda keeps five pollers on a queue with `maxConcurrency`, each waiting up to 20 s. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
  pollers: 5,
  queues: 3,
  pollSeconds: 20,
  sweepMs: 60,
  sweepReadUnits: 4,
  sweepWriteUnits: 1,
  alarmMetrics: 13,
  customMetrics: 4,
  dashboards: 1,
  secrets: 2,
} as const;

export function bill(measured: Measured, runsAMonth: readonly number[]): BillLine[] {
  const columns = [0, ...runsAMonth].map((runs) => linesFor(runs, measured));
  const names = columns[0]?.map(([name]) => name) ?? [];
  const rows = names.map((line, at) =>
    rowOf(
      line,
      columns.map((column) => column[at]?.[1] ?? 0),
      runsAMonth,
    ),
  );
  const sums = columns.map((column) => column.reduce((sum, [, dollars]) => sum + dollars, 0));
  const secrets = columns.map((column) => column.find(([name]) => name === SECRETS)?.[1] ?? 0);
  return [
    ...rows,
    rowOf('together', sums, runsAMonth),
    rowOf(
      'without the price of the secrets',
      sums.map((sum, at) => sum - (secrets[at] ?? 0)),
      runsAMonth,
    ),
  ];
}

const TABLE_FUNCTIONS = FUNCTION_NAMES.filter((name) => specOf(name).table).length;
const SECRETS = `Secrets Manager: ${ASSUMED.secrets} secrets (and one for each project)`;

function linesFor(
  runs: number,
  { system, look, looksWhileRunning }: Measured,
): (readonly [string, number])[] {
  const { run } = system;
  const looks = runs * looksWhileRunning;
  const requests = runs * ASSUMED.deliveriesPerRun;
  const sweeps = SECONDS_A_MONTH / 60;
  const workerMs = runs * (sum(system.commandMs) + sum(system.runMs)) + looks * look.ms;
  const invocations = requests + sweeps + runs * (system.commandMs.length + system.runMs.length) + looks;
  const gbSeconds =
    (requests * ASSUMED.doorMs * FUNCTIONS['github-webhook'].memoryMb +
      sweeps * ASSUMED.sweepMs * FUNCTIONS.sweeper.memoryMb +
      workerMs * ASSUMED.slowedByCpuShare * FUNCTIONS['run-worker'].memoryMb) /
    1_024 /
    1_000;
  const messages = runs * run.calls.sqs + looks * look.calls.sqs;
  const polls = (ASSUMED.pollers * ASSUMED.queues * SECONDS_A_MONTH) / ASSUMED.pollSeconds;
  const readUnits = runs * run.units.read + looks * look.units.read + sweeps * ASSUMED.sweepReadUnits;
  const writeUnits = runs * run.units.write + looks * look.units.write + sweeps * ASSUMED.sweepWriteUnits;
  const storedGb = (runs * ASSUMED.keptMonths * run.storedBytes) / GB;
  const beyond = (count: number, free: number) => Math.max(0, count - free);
  return [
    ['API Gateway: requests', requests * PRICES.httpApiRequest],
    ['Lambda: requests', invocations * PRICES.lambdaRequest],
    ['Lambda: duration', gbSeconds * PRICES.lambdaGbSecond],
    // Sent, received, deleted; what the pollers receive empty besides.
    ['SQS: messages and polling', beyond(3 * messages + polls, PRICES.sqsFreeRequests) * PRICES.sqsRequest],
    ['DynamoDB: reads', readUnits * PRICES.dynamoDbReadUnit],
    ['DynamoDB: writes', writeUnits * PRICES.dynamoDbWriteUnit],
    [
      'DynamoDB: storage and recovery',
      beyond(storedGb, PRICES.dynamoDbFreeGb) * PRICES.dynamoDbGbMonth + storedGb * PRICES.recoveryGbMonth,
    ],
    ['CloudWatch: logs', ((invocations * ASSUMED.logBytesPerInvocation) / GB) * PRICES.logGb],
    ['CloudWatch: alarms', beyond(ASSUMED.alarmMetrics, PRICES.freeAlarmMetrics) * PRICES.alarmMetricMonth],
    [
      'CloudWatch: metrics, dashboard',
      beyond(ASSUMED.customMetrics, PRICES.freeCustomMetrics) * PRICES.customMetricMonth +
        beyond(ASSUMED.dashboards, PRICES.freeDashboards) * PRICES.dashboardMonth,
    ],
    // Each warm function reads its secrets every five minutes.
    ['Secrets Manager: requests', (SECONDS_A_MONTH / 300) * (runs === 0 ? 1 : 8) * PRICES.secretsRequest],
    // DynamoDB asks for the table's key every five minutes for each function that reads it.
    [
      'KMS: the table’s key',
      beyond((SECONDS_A_MONTH / 300) * (runs === 0 ? 1 : TABLE_FUNCTIONS), PRICES.kmsFreeRequests) *
        PRICES.kmsRequest,
    ],
    [SECRETS, ASSUMED.secrets * PRICES.secretMonth],
  ];
}

function rowOf(line: string, dollars: readonly number[], runsAMonth: readonly number[]): BillLine {
  const [idle = 0, ...others] = dollars;
  const named = runsAMonth.map((runs, at) => [`${runs} runs`, cents(others[at] ?? 0)] as const);
  return { line, idle: cents(idle), ...Object.fromEntries(named) };
}

const cents = (dollars: number) => Number(dollars.toFixed(dollars < 1 ? 3 : 2));
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
