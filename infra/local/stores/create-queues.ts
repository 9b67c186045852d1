/** Makes the two queues and their dead-letter queues, if they are not there yet. */
import { AwsError, type AwsCall } from '../../../lib/aws/aws-call.ts';

export interface QueueUrls {
  readonly commands: string;
  readonly runs: string;
  readonly deadCommands: string;
  readonly deadRuns: string;
}

/** Shorter than on AWS, so that a restart in the middle of a message is made good within a minute. */
const VISIBILITY_SECONDS = 45;
const MAX_RECEIVES = 5;

export async function createQueues(call: AwsCall): Promise<QueueUrls> {
  const deadCommands = await create(call, 'perf-bot-commands-dead', {});
  const deadRuns = await create(call, 'perf-bot-runs-dead', {});
  return {
    deadCommands,
    deadRuns,
    commands: await create(call, 'perf-bot-commands', await redrive(call, deadCommands)),
    runs: await create(call, 'perf-bot-runs', await redrive(call, deadRuns)),
  };
}

async function redrive(call: AwsCall, deadUrl: string): Promise<Record<string, string>> {
  const answer = await call('AmazonSQS.GetQueueAttributes', {
    QueueUrl: deadUrl,
    AttributeNames: ['QueueArn'],
  });
  const arn = (answer['Attributes'] as Record<string, string> | undefined)?.['QueueArn'] ?? '';
  return {
    VisibilityTimeout: String(VISIBILITY_SECONDS),
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: MAX_RECEIVES }),
  };
}

async function create(call: AwsCall, name: string, attributes: Record<string, string>): Promise<string> {
  try {
    return urlOf(await call('AmazonSQS.CreateQueue', { QueueName: name, Attributes: attributes }));
  } catch (error) {
    if (!(error instanceof AwsError) || !/Exist/.test(error.code)) throw error;
    return urlOf(await call('AmazonSQS.GetQueueUrl', { QueueName: name }));
  }
}

function urlOf(answer: Record<string, unknown>): string {
  return typeof answer['QueueUrl'] === 'string' ? answer['QueueUrl'] : '';
}
