/** An SQS queue as the bot sees it: a message sent is a message kept. */
import { LONGEST_DELAY_SECONDS, type Queue } from '../bot/messages.ts';
import type { AwsCall } from './aws-call.ts';

export function createSqsQueue<Message>(call: AwsCall, queueUrl: string): Queue<Message> {
  return {
    async send(message, delaySeconds = 0) {
      const DelaySeconds = Math.min(LONGEST_DELAY_SECONDS, Math.max(0, Math.ceil(delaySeconds)));
      await call('AmazonSQS.SendMessage', {
        QueueUrl: queueUrl,
        MessageBody: JSON.stringify(message),
        ...(DelaySeconds > 0 ? { DelaySeconds } : {}),
      });
    },
  };
}
