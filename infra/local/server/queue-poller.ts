/** Does what Lambda's event source does: takes messages from a queue, hands them to a handler, and deletes those that did not fail. */
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { AwsCall } from '../../../lib/aws/aws-call.ts';

export interface QueuePoller {
  /** Resolves when the current batch is done. */
  stop(): Promise<void>;
}

interface Received {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly Attributes?: Record<string, string>;
}

const BATCH = 10;
const WAIT_SECONDS = 1;
const LOOPS = 3;

export function pollQueue(
  call: AwsCall,
  queueUrl: string,
  handler: (event: SQSEvent) => Promise<SQSBatchResponse>,
  log: (sentence: string, error: unknown) => void,
): QueuePoller {
  let stopped = false;
  const loop = async () => {
    while (!stopped) {
      try {
        const answer = await call('AmazonSQS.ReceiveMessage', {
          QueueUrl: queueUrl,
          MaxNumberOfMessages: BATCH,
          WaitTimeSeconds: WAIT_SECONDS,
          AttributeNames: ['All'],
          MessageSystemAttributeNames: ['All'],
        });
        const received = (answer['Messages'] as Received[] | undefined) ?? [];
        if (received.length > 0 && !stopped) await handleBatch(call, queueUrl, handler, received);
      } catch (error) {
        if (stopped) return;
        log('the queue could not be polled', error);
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
  };
  const loops = Array.from({ length: LOOPS }, loop);
  return {
    async stop() {
      stopped = true;
      await Promise.all(loops);
    },
  };
}

async function handleBatch(
  call: AwsCall,
  queueUrl: string,
  handler: (event: SQSEvent) => Promise<SQSBatchResponse>,
  received: readonly Received[],
): Promise<void> {
  const { batchItemFailures } = await handler({
    Records: received.map((message) => recordOf(message, queueUrl)),
  });
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  const done = received.filter(({ MessageId }) => !failed.has(MessageId));
  await Promise.all(
    done.map(({ ReceiptHandle }) => call('AmazonSQS.DeleteMessage', { QueueUrl: queueUrl, ReceiptHandle })),
  );
}

function recordOf(
  { MessageId, ReceiptHandle, Body, Attributes = {} }: Received,
  queueUrl: string,
): SQSEvent['Records'][number] {
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: {
      ApproximateReceiveCount: Attributes['ApproximateReceiveCount'] ?? '1',
      SentTimestamp: Attributes['SentTimestamp'] ?? String(Date.now()),
      SenderId: 'local',
      ApproximateFirstReceiveTimestamp: Attributes['ApproximateFirstReceiveTimestamp'] ?? String(Date.now()),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: queueUrl,
    awsRegion: 'local',
  };
}
