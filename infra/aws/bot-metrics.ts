/** The figures by which one sees how the bot fares; the alarms watch them and the dashboard draws them. */
import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { BotApi } from './bot-api.ts';
import type { BotFunction } from './bot-function.ts';
import type { FunctionName, QueueName } from './functions.ts';

export interface BotParts {
  readonly functions: Readonly<Record<FunctionName, BotFunction>>;
  readonly queues: Readonly<Record<QueueName, IQueue>>;
  readonly deadLetters: IQueue;
  readonly api: BotApi;
}

export interface BotMetrics {
  readonly requests: IMetric;
  readonly refusedRequests: IMetric;
  /** Errors, time-outs and throttling of the HTTP functions, as the caller sees them. */
  readonly failedRequests: IMetric;
  readonly signatureFailures: IMetric;
  readonly runsPastDeadline: IMetric;
  readonly deadLetters: IMetric;
  readonly oldestMessageSeconds: Readonly<Record<QueueName, IMetric>>;
  /** Of the functions that nobody calls over HTTP. */
  readonly backstageErrors: IMetric;
  /** Of the whole account, whose concurrency the bot shares: none is reserved for it. */
  readonly throttles: IMetric;
  readonly sweeps: IMetric;
  readonly errorsByFunction: readonly IMetric[];
  readonly slowestMsByFunction: readonly IMetric[];
}

const BACKSTAGE = ['command-worker', 'run-worker', 'sweeper', 'dead-letters'] as const;

const period = Duration.minutes(5);
const sum = { period, statistic: 'Sum' };
const max = { period, statistic: 'Maximum' };

export function botMetrics({ functions, queues, deadLetters, api }: BotParts): BotMetrics {
  const errorsOf = (one: BotFunction) => one.lambda.metricErrors({ ...sum, label: one.node.id });
  const oldestOf = (name: QueueName) =>
    queues[name].metricApproximateAgeOfOldestMessage({ ...max, label: name });
  return {
    requests: api.api.metricCount({ ...sum, label: 'requests' }),
    refusedRequests: api.api.metricClientError({ ...sum, label: '4xx' }),
    failedRequests: api.api.metricServerError({ ...sum, label: '5xx' }),
    signatureFailures: ownMetric('SignatureFailures', sum),
    runsPastDeadline: ownMetric('RunsPastDeadline', max),
    deadLetters: arrivedOrWaiting(deadLetters),
    oldestMessageSeconds: { commands: oldestOf('commands'), runs: oldestOf('runs') },
    backstageErrors: new MathExpression({
      expression: 'SUM(METRICS())',
      usingMetrics: Object.fromEntries(
        BACKSTAGE.map((name, index) => [`m${index}`, errorsOf(functions[name])]),
      ),
      period,
      label: 'errors',
    }),
    throttles: new Metric({ namespace: 'AWS/Lambda', metricName: 'Throttles', ...sum, label: 'throttles' }),
    sweeps: functions.sweeper.lambda.metricInvocations({ ...sum, label: 'sweeps' }),
    errorsByFunction: Object.values(functions).map(errorsOf),
    slowestMsByFunction: Object.values(functions).map((one) =>
      one.lambda.metricDuration({ period, statistic: 'p99', label: one.node.id }),
    ),
  };
}

/** Both, because the dead-letters function takes a message away within seconds: the depth alone shows only those that it fails on. */
function arrivedOrWaiting(deadLetters: IQueue): IMetric {
  return new MathExpression({
    expression: 'arrived + waiting',
    usingMetrics: {
      arrived: deadLetters.metricNumberOfMessagesReceived(sum),
      waiting: deadLetters.metricApproximateNumberOfMessagesVisible(max),
    },
    period,
    label: 'dead letters',
  });
}

/** The functions write these as log lines in CloudWatch's embedded metric format. */
function ownMetric(metricName: string, options: { period: Duration; statistic: string }): IMetric {
  return new Metric({ namespace: 'PerfBot', metricName, ...options, label: metricName });
}
