/** Says where the queues and the table are, and with which credentials they are called. */
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

/** What the table's client is made with: all that the SDK would otherwise look up. */
export function tableConfig({ variables }: BotEnvironment) {
  const region = variables['AWS_REGION'] ?? 'us-east-1';
  return {
    region,
    endpoint:
      variables['AWS_ENDPOINT_URL_DYNAMODB'] ||
      variables['AWS_ENDPOINT_URL'] ||
      `https://dynamodb.${region}.amazonaws.com`,
    credentials: () => Promise.resolve(credentialsFromEnvironment(variables)),
    ...NOT_LOOKED_UP,
  };
}

/** The SDK would look these up in ~/.aws at the first call, where a function has no such files. */
const NOT_LOOKED_UP = {
  defaultsMode: 'standard',
  retryMode: 'standard',
  useDualstackEndpoint: false,
  useFipsEndpoint: false,
  accountIdEndpointMode: 'disabled',
  authSchemePreference: () => Promise.resolve(['sigv4']),
  disableClockSkewCorrection: false,
  endpointDiscoveryEnabled: false,
  userAgentAppId: () => Promise.resolve(undefined),
} as const;
