/** A queue that loses nothing: what fails five times goes to the dead letters, one queue for all, which keeps it for 14 days. */
import { Duration } from 'aws-cdk-lib';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

const MAX_RECEIVE_COUNT = 5;
const RETENTION = Duration.days(14);

/** `deadLetters`: where a message goes that gave up; absent for the dead letters themselves. */
export function workQueue(
  scope: Construct,
  id: string,
  workerTimeout: Duration,
  deadLetters?: IQueue,
): Queue {
  return new Queue(scope, id, {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: RETENTION,
    // Six times, so that Lambda's own retries of a throttled invocation end before the message is seen again:
    // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
    visibilityTimeout: Duration.seconds(6 * workerTimeout.toSeconds()),
    ...(deadLetters && { deadLetterQueue: { queue: deadLetters, maxReceiveCount: MAX_RECEIVE_COUNT } }),
  });
}
