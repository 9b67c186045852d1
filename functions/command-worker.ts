/** Carries out what one delivery in [commands] asks for. */
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { handleDelivery } from '../lib/bot/commands/handle-delivery.ts';
import type { CommandMessage } from '../lib/bot/record/messages.ts';
import { orPutOff } from '../lib/bot/runs/put-off.ts';
import { eachMessage } from '../lib/http/sqs-batch.ts';
import { lambdaEnvironment, onLambda } from '../lib/wiring/lambda-environment.ts';
import { workerDeps, type WorkerDeps } from '../lib/wiring/workers.ts';

export function createHandler({ bot, log }: WorkerDeps) {
  return (event: SQSEvent): Promise<SQSBatchResponse> =>
    eachMessage<CommandMessage>(
      event,
      async ({ body, receiveCount }) => {
        const deps = await bot();
        const isRetry = receiveCount > 1 || (body.postponed ?? 0) > 0;
        const forDelivery = { ...deps, log: deps.log.with({ delivery: body.deliveryId }) };
        await orPutOff(
          deps.commandQueue,
          body,
          () => handleDelivery(forDelivery, body, isRetry),
          (error, seconds) => forDelivery.log.warn('put off', { error, seconds }),
        );
      },
      (error, messageId) => log.error('a command failed', { error, messageId }),
    );
}

export const handler = onLambda(() => createHandler(workerDeps(lambdaEnvironment(), 'command-worker')));
