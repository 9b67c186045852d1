/**
 * A stand-in for SQS and Secrets Manager in the harness' own time: delays, visibility, redelivery and dead letters happen when the
 * virtual clock says so. Messages may be given out twice, in any order, or late. Not AWS.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SQSEvent } from 'aws-lambda';
import { startServer } from './start-server.ts';

const QUEUES = ['commands', 'runs', 'dead-commands', 'dead-runs'] as const;
export type QueueName = (typeof QUEUES)[number];

export interface QueuedMessage {
  readonly id: string;
  readonly body: string;
  readonly sentAtMs: number;
  visibleAtMs: number;
  receives: number;
}

export interface AwsStandIn {
  readonly url: string;
  queueUrl(queue: QueueName): string;
  /** Takes up to `most` visible messages; those that were received too often go to the dead letters instead. */
  take(queue: QueueName, most: number): QueuedMessage[];
  done(queue: QueueName, id: string): void;
  nextVisibleMs(): number | undefined;
  readonly messages: Readonly<Record<QueueName, QueuedMessage[]>>;
  readonly secrets: Map<string, string>;
  close(): Promise<void>;
}

export interface AwsStandInOptions {
  readonly nowMs: () => number;
  /** Copies of each message that is sent, each with its additional delay in ms. Default: one, at once. */
  readonly copies?: (queue: QueueName, body: string) => readonly number[];
  /** Puts what is taken into another order. */
  readonly order?: <Item>(items: Item[]) => Item[];
}

/** As the stack has them: six times the worker's time-out, five receives. */
const VISIBILITY_MS = 180_000;
const MAX_RECEIVES = 5;

export async function startAwsStandIn({
  nowMs,
  copies = () => [0],
  order = (items) => items,
}: AwsStandInOptions): Promise<AwsStandIn> {
  const messages: Record<QueueName, QueuedMessage[]> = {
    commands: [],
    runs: [],
    'dead-commands': [],
    'dead-runs': [],
  };
  const secrets = new Map<string, string>();

  const send = (queue: QueueName, body: string, delaySeconds: number) => {
    for (const lateMs of copies(queue, body)) {
      const sentAtMs = nowMs();
      messages[queue].push({
        id: randomUUID(),
        body,
        sentAtMs,
        visibleAtMs: sentAtMs + delaySeconds * 1000 + lateMs,
        receives: 0,
      });
    }
  };

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const input = (await jsonOf(request)) as Record<string, unknown>;
    const reply = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
    switch (request.headers['x-amz-target']) {
      case 'AmazonSQS.SendMessage': {
        const queue = QUEUES.find((name) => String(input['QueueUrl']).endsWith(`/${name}`));
        if (!queue) return reply(400, { __type: 'com.amazonaws.sqs#QueueDoesNotExist' });
        send(queue, String(input['MessageBody']), Number(input['DelaySeconds'] ?? 0));
        return reply(200, { MessageId: randomUUID() });
      }
      case 'AmazonSQS.GetQueueAttributes':
        return reply(200, { Attributes: { ApproximateNumberOfMessages: '0' } });
      case 'secretsmanager.CreateSecret':
        secrets.set(String(input['Name']), String(input['SecretString']));
        return reply(200, {});
      case 'secretsmanager.PutSecretValue':
        if (!secrets.has(String(input['SecretId'])))
          return reply(400, { __type: 'ResourceNotFoundException' });
        secrets.set(String(input['SecretId']), String(input['SecretString']));
        return reply(200, {});
      case 'secretsmanager.DeleteSecret':
        secrets.delete(String(input['SecretId']));
        return reply(200, {});
      case 'secretsmanager.GetSecretValue': {
        const text = secrets.get(String(input['SecretId']));
        return text === undefined
          ? reply(400, { __type: 'ResourceNotFoundException' })
          : reply(200, { SecretString: text });
      }
      default:
        return reply(400, { __type: 'UnknownOperationException' });
    }
  };
  const server = await startServer((request, response) => void handle(request, response));

  return {
    url: server.url,
    queueUrl: (queue) => `${server.url}/000000000000/${queue}`,
    take(queue, most) {
      const taken: QueuedMessage[] = [];
      for (const message of order(messages[queue].filter(({ visibleAtMs }) => visibleAtMs <= nowMs()))) {
        const isDead = !queue.startsWith('dead') && message.receives >= MAX_RECEIVES;
        if (isDead) {
          messages[queue] = messages[queue].filter((other) => other !== message);
          messages[`dead-${queue as 'commands' | 'runs'}`].push({
            ...message,
            visibleAtMs: nowMs(),
            receives: 0,
          });
        } else if (taken.length < most) {
          message.receives += 1;
          message.visibleAtMs = nowMs() + VISIBILITY_MS;
          taken.push(message);
        }
      }
      return taken;
    },
    done: (queue, id) => void (messages[queue] = messages[queue].filter((message) => message.id !== id)),
    nextVisibleMs() {
      const times = QUEUES.flatMap((queue) => messages[queue].map(({ visibleAtMs }) => visibleAtMs));
      return times.length === 0 ? undefined : Math.min(...times);
    },
    messages,
    secrets,
    close: server.close,
  };
}

/** What Lambda's event source hands to a function. */
export function sqsEventOf(queue: QueueName, messages: readonly QueuedMessage[]): SQSEvent {
  return {
    Records: messages.map(({ id, body, sentAtMs, receives }) => ({
      messageId: id,
      receiptHandle: id,
      body,
      attributes: {
        ApproximateReceiveCount: String(receives),
        SentTimestamp: String(sentAtMs),
        SenderId: 'harness',
        ApproximateFirstReceiveTimestamp: String(sentAtMs),
      },
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: `arn:aws:sqs:local:000000000000:perf-bot-${queue}`,
      awsRegion: 'local',
    })),
  };
}

async function jsonOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}');
}
