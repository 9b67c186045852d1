/** How long the workers were busy with each message, seen from the queue: from the answer that handed it out to its deletion. */
import type { RelayedCall } from './start-relay.ts';

export interface WorkerTimes {
  readonly commandMs: readonly number[];
  readonly runMs: readonly number[];
}

export function workerTimes(calls: readonly RelayedCall[]): WorkerTimes {
  const handedOut = new Map<string, number>();
  const times: { commandMs: number[]; runMs: number[] } = { commandMs: [], runMs: [] };
  for (const { target, requestText, responseText, atMs, doneAtMs } of calls) {
    if (target === 'AmazonSQS.ReceiveMessage') {
      const { Messages = [] } = JSON.parse(responseText) as { Messages?: { ReceiptHandle: string }[] };
      for (const { ReceiptHandle } of Messages) handedOut.set(ReceiptHandle, doneAtMs);
    } else if (target === 'AmazonSQS.DeleteMessage') {
      const { QueueUrl, ReceiptHandle } = JSON.parse(requestText) as {
        QueueUrl: string;
        ReceiptHandle: string;
      };
      const sinceMs = handedOut.get(ReceiptHandle);
      if (sinceMs !== undefined)
        times[/commands$/.test(QueueUrl) ? 'commandMs' : 'runMs'].push(atMs - sinceMs);
    }
  }
  return times;
}
