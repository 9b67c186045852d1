/** Handles a batch of a queue's messages one by one, so that only those that failed come back. */
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';

export interface SqsMessage<Body> {
  /** Parsed when it is asked for, so that an unreadable message fails alone. */
  readonly body: Body;
  readonly text: string;
  readonly messageId: string;
  /** 1 the first time. */
  readonly receiveCount: number;
  readonly sentAtMs: number;
}

/** Runs `handle` for every message side by side; a throw leaves that message in the queue. */
export async function eachMessage<Body>(
  event: SQSEvent,
  handle: (message: SqsMessage<Body>) => Promise<void>,
  onFailure: (error: unknown, messageId: string) => void,
): Promise<SQSBatchResponse> {
  const failures = await Promise.all(
    event.Records.map(async ({ messageId, body: text, attributes }) => {
      try {
        await handle({
          get body() {
            return JSON.parse(text) as Body;
          },
          text,
          messageId,
          receiveCount: Number(attributes.ApproximateReceiveCount),
          sentAtMs: Number(attributes.SentTimestamp),
        });
        return [];
      } catch (error) {
        onFailure(error, messageId);
        return [{ itemIdentifier: messageId }];
      }
    }),
  );
  return { batchItemFailures: failures.flat() };
}
