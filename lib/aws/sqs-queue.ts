/** Sends to an SQS queue, where a message sent is a message kept, and reads how much waits in it. */
import { LONGEST_DELAY_SECONDS, type Queue } from '../bot/record/messages.ts';
import { textAt } from '../json.ts';
import type { AwsCall } from './aws-call.ts';

export function createSqsQueue<Message>(call: AwsCall, queueUrl: string): Queue<Message> {
  return {
    async send(message, delaySeconds = 0) {
      const DelaySeconds = Math.min(LONGEST_DELAY_SECONDS, Math.max(0, Math.ceil(delaySeconds)));
      await call('AmazonSQS.SendMessage', {
        QueueUrl: queueUrl,
        MessageBody: asSqsTakesIt(JSON.stringify(message)),
        ...(DelaySeconds > 0 ? { DelaySeconds } : {}),
      });
    },
  };
}

/**
 * SQS refuses U+FFFE and U+FFFF, the local one every character beyond the basic plane too; in JSON all of them can be escaped.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
function asSqsTakesIt(json: string): string {
  return json.replace(/[\ud800-\udfff\ufffe\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`);
}

/** SQS counts approximately, and up to a minute late. */
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
  const count = (name: string) => Number(textAt(answer, 'Attributes', name) ?? 0);
  return { waiting: count(NAMES.waiting), inHand: count(NAMES.inHand), delayed: count(NAMES.delayed) };
}
