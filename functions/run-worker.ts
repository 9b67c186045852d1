/** Reconciles the run that a message in [runs] is about. */
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { RunMessage } from '../lib/bot/record/messages.ts';
import { orPutOff } from '../lib/bot/runs/put-off.ts';
import { takeRunMessage } from '../lib/bot/runs/take-run-message.ts';
import { eachMessage } from '../lib/http/sqs-batch.ts';
import { lambdaEnvironment, onLambda } from '../lib/wiring/lambda-environment.ts';
import { workerDeps, type WorkerDeps } from '../lib/wiring/workers.ts';

export function createHandler({ bot, log }: WorkerDeps) {
  return (event: SQSEvent): Promise<SQSBatchResponse> =>
    eachMessage<RunMessage>(
      event,
      async ({ body, sentAtMs }) => {
        const deps = await bot();
        await orPutOff(
          deps.runQueue,
          body,
          () => takeRunMessage(deps, body, sentAtMs),
          (error, seconds) => deps.log.warn('put off', { error, seconds, kind: body.kind }),
        );
      },
      (error, messageId) => log.error('a look failed', { error, messageId }),
    );
}

export const handler = onLambda(() => createHandler(workerDeps(lambdaEnvironment(), 'run-worker')));
