/** A queue that loses nothing: what fails five times goes to its dead letters, which keep it for 14 days. */
import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface WorkQueueProps {
  /** The time-out of the function that consumes the queue. */
  readonly workerTimeout: Duration;
}

const MAX_RECEIVE_COUNT = 5;
const RETENTION = Duration.days(14);

export class WorkQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;
  readonly workerTimeout: Duration;

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    super(scope, id);
    this.workerTimeout = props.workerTimeout;
    // Six times, so that Lambda's own retries of a throttled invocation end before the message is seen again:
    // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
    const visibilityTimeout = Duration.seconds(6 * props.workerTimeout.toSeconds());
    const safe = {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: RETENTION,
      visibilityTimeout,
    };

    this.deadLetters = new Queue(this, 'DeadLetters', safe);
    this.queue = new Queue(this, 'Queue', {
      ...safe,
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVE_COUNT },
    });
  }
}
