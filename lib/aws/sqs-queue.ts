/** An SQS queue as the bot sees it: a message sent is a message kept. */
import { LONGEST_DELAY_SECONDS, type Queue } from '../bot/record/messages.ts';
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
