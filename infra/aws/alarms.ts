/** What wakes an operator. Each metric that an alarm watches costs money, so few are watched and each says something of its own. */
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { BotMetrics } from './bot-metrics.ts';

export interface AlarmsProps {
  readonly metrics: BotMetrics;
  readonly topic: ITopic;
}

type AlarmSpec = {
  readonly metric: IMetric;
  readonly because: string;
  /** How many five-minute periods in a row. */
  readonly periods?: number;
} & ({ readonly atLeast: number } | { /** No data is none. */ readonly fewerThan: number });

/** A message may rest for 900 s by its own delay; one that is twice as old is stuck. */
const STUCK_AFTER_SECONDS = 1800;

export class Alarms extends Construct {
  private readonly topic: ITopic;

  constructor(scope: Construct, id: string, { metrics, topic }: AlarmsProps) {
    super(scope, id);
    this.topic = topic;

    this.alarm('DeadLetters', {
      metric: metrics.deadLetters,
      atLeast: 1,
      because: 'A message gave up after five attempts; `perf-bot dlq list` shows it.',
    });
    for (const [queue, metric] of Object.entries(metrics.oldestMessageSeconds)) {
      this.alarm(`OldestMessage-${queue}`, {
        metric,
        atLeast: STUCK_AFTER_SECONDS,
        because: `A message of [${queue}] is stuck: its worker is throttled, failing or too slow.`,
      });
    }
    this.alarm('FunctionErrors', {
      metric: metrics.backstageErrors,
      atLeast: 1,
      because: 'A worker, the sweeper or the dead-letters function crashed or ran into its time-out.',
    });
    this.alarm('DoorErrors', {
      metric: metrics.failedRequests,
      atLeast: 1,
      because: 'The API answered 5xx: a function failed, was throttled, or has no secrets yet.',
    });
    this.alarm('Throttles', {
      metric: metrics.throttles,
      atLeast: 1,
      because: "Lambda refused calls: the account's concurrency, which the bot shares, is used up.",
    });
    this.alarm('SweeperSilent', {
      metric: metrics.sweeps,
      fewerThan: 1,
      periods: 2,
      because: 'No sweep for ten minutes: lost webhooks are not made good and deadlines are not kept.',
    });
    this.alarm('RunsPastDeadline', {
      metric: metrics.runsPastDeadline,
      atLeast: 1,
      periods: 2,
      because: 'Runs are past their deadline and not ended: nobody was told.',
    });
    this.alarm('SignatureFailures', {
      metric: metrics.signatureFailures,
      atLeast: 10,
      because: 'Ten wrong signatures or tokens in five minutes: a secret differs, or somebody is trying.',
    });
  }

  private alarm(id: string, spec: AlarmSpec): void {
    const bound =
      'atLeast' in spec
        ? {
            threshold: spec.atLeast,
            comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treatMissingData: TreatMissingData.NOT_BREACHING,
          }
        : {
            threshold: spec.fewerThan,
            comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
            treatMissingData: TreatMissingData.BREACHING,
          };
    new Alarm(this, id, {
      metric: spec.metric,
      alarmDescription: spec.because,
      evaluationPeriods: spec.periods ?? 1,
      ...bound,
    }).addAlarmAction(new SnsAction(this.topic));
  }
}
