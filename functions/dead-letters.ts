/** Takes the dead letters of both queues: keeps in the table what nobody could carry out, and notifies people. */
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { queueOf, takeDeadLetter } from '../lib/bot/operator/dead-letters.ts';
import { eachMessage } from '../lib/http/sqs-batch.ts';
import { deadLetterDeps, type DeadLetterDeps } from '../lib/wiring/workers.ts';
import { lambdaEnvironment, onLambda } from '../lib/wiring/lambda-environment.ts';

export function createHandler({ bot, log }: DeadLetterDeps) {
  return (event: SQSEvent): Promise<SQSBatchResponse> =>
    eachMessage(
      event,
      async ({ text, messageId }) => {
        const deps = await bot();
        const queue = queueOf(text);
        log.error('a message died', { queue, messageId });
        await takeDeadLetter(deps, deps.letters, { messageId, queue, body: text, diedAtMs: deps.nowMs() });
      },
      (error, messageId) => log.error('a dead letter could not be handled', { error, messageId }),
    );
}

export const handler = onLambda(() => createHandler(deadLetterDeps(lambdaEnvironment())));
