/** The two queues, reached without an SDK. */
import { createAwsCall, credentialsFromEnvironment, type AwsCall } from '../aws/aws-call.ts';
import { createSqsQueue } from '../aws/sqs-queue.ts';
import type { CommandMessage, Queue, RunMessage } from '../bot/record/messages.ts';
import type { Settings } from '../settings.ts';
import type { BotEnvironment } from './environment.ts';

export function queuesOf(
  environment: BotEnvironment,
  settings: Settings,
): { commands: Queue<CommandMessage>; runs: Queue<RunMessage> } {
  const call = sqsCall(environment, settings);
  return {
    commands: createSqsQueue(call, settings.commandsQueueUrl),
    runs: createSqsQueue(call, settings.runsQueueUrl),
  };
}

export function sqsCall({ variables, nowMs }: BotEnvironment, settings: Settings): AwsCall {
  const queueUrl = settings.runsQueueUrl || settings.commandsQueueUrl;
  return createAwsCall({
    service: 'sqs',
    region: variables['AWS_REGION'] ?? 'us-east-1',
    endpoint:
      variables['AWS_ENDPOINT_URL_SQS'] ||
      variables['AWS_ENDPOINT_URL'] ||
      (queueUrl ? new URL(queueUrl).origin : undefined),
    credentials: () => credentialsFromEnvironment(variables),
    nowMs,
  });
}
