/** Wakes the sweeper every minute. */
import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

export interface SweepScheduleProps {
  readonly sweeper: IFunction;
}

const EVERY = Duration.minutes(1);

export class SweepSchedule extends Construct {
  constructor(scope: Construct, id: string, { sweeper }: SweepScheduleProps) {
    super(scope, id);
    // A sweep that failed is not repeated: the next one comes in a minute and sees the same records.
    sweeper.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: EVERY });
    new Rule(this, 'EveryMinute', {
      description: 'Perf Bot: runs that are due, deliveries that failed',
      schedule: Schedule.rate(EVERY),
      targets: [new LambdaFunction(sweeper, { retryAttempts: 0, maxEventAge: EVERY })],
    });
  }
}
