/** How much waits in a queue. SQS counts approximately, and up to a minute late. */
import type { AwsCall } from './aws-call.ts';

export interface QueueDepth {
  readonly waiting: number;
  /** Taken by a worker that has not finished. */
  readonly inHand: number;
  /** Sent with a delay that has not passed. */
  readonly delayed: number;
}

const NAMES = {
  waiting: 'ApproximateNumberOfMessages',
  inHand: 'ApproximateNumberOfMessagesNotVisible',
  delayed: 'ApproximateNumberOfMessagesDelayed',
} as const;

export async function readQueueDepth(call: AwsCall, queueUrl: string): Promise<QueueDepth> {
  const answer = await call('AmazonSQS.GetQueueAttributes', {
    QueueUrl: queueUrl,
    AttributeNames: Object.values(NAMES),
  });
  const attributes = (answer['Attributes'] ?? {}) as Readonly<Record<string, string>>;
  const count = (name: string) => Number(attributes[name] ?? 0);
  return { waiting: count(NAMES.waiting), inHand: count(NAMES.inHand), delayed: count(NAMES.delayed) };
}
