/** Embeds SQS: answers the six operations that the bot uses, and refuses all others. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/Welcome.html */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { numberAt, objectAt, parseJson, textAt } from '../../../lib/json.ts';
import { createQueueStore, type QueueRules, type QueueStore } from './queue-store.ts';

export interface EmbeddedQueues {
  /** Not listening yet. */
  readonly server: Server;
  /** To be called once the server is closed. */
  close(): void;
}

const MAX_MESSAGE_BYTES = 1_048_576;
const MAX_DELAY_SECONDS = 900;
/** What XML can't hold; AWS refuses it. */
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** `path`: a file, or `:memory:`. */
export function createEmbeddedQueues(path: string, nowMs: () => number = Date.now): EmbeddedQueues {
  const store = createQueueStore(path, nowMs);
  let isClosed = false;
  const server = createServer((request, response) => {
    const operation = String(request.headers['x-amz-target']).replace(/^AmazonSQS\./, '');
    const urlOf = (name: string) => `http://${request.headers.host}/000000000000/${name}`;
    const answer = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
    readBody(request)
      .then((input) => operate(operation, input, { store, nowMs, urlOf, isClosed: () => isClosed }))
      .then(
        (result) => answer(200, result),
        (error: unknown) => {
          const [status, code] = error instanceof Refusal ? [400, error.code] : [500, 'InternalFailure'];
          answer(status, { __type: `com.amazonaws.sqs#${code}`, message: String(error) });
        },
      );
  });
  return {
    server,
    close() {
      isClosed = true;
      store.close();
    },
  };
}

class Refusal extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

interface Context {
  readonly store: QueueStore;
  readonly nowMs: () => number;
  readonly urlOf: (name: string) => string;
  readonly isClosed: () => boolean;
}

function operate(operation: string, input: unknown, context: Context): unknown {
  const { store, urlOf } = context;
  switch (operation) {
    case 'CreateQueue': {
      const rules = rulesOf(input);
      store.put(rules);
      return { QueueUrl: urlOf(rules.name) };
    }
    case 'GetQueueUrl':
      return { QueueUrl: urlOf(queueOf(store, textAt(input, 'QueueName')).name) };
    case 'GetQueueAttributes':
      return { Attributes: attributesOf(store, queueOf(store, textAt(input, 'QueueUrl'))) };
    case 'SendMessage':
      return { MessageId: send(store, input) };
    case 'ReceiveMessage':
      return receive(input, context);
    case 'DeleteMessage':
      store.remove(textAt(input, 'ReceiptHandle') ?? '');
      return {};
    default:
      throw new Refusal('InvalidAction', `The embedded queues have no operation ${operation.slice(0, 60)}.`);
  }
}

function queueOf(store: QueueStore, nameOrUrl = ''): QueueRules {
  const found = store.find(nameOrUrl.split('/').at(-1) ?? '');
  if (!found) throw new Refusal('QueueDoesNotExist', 'The specified queue does not exist.');
  return found;
}

function rulesOf(input: unknown): QueueRules {
  const redrive = parseJson(textAt(input, 'Attributes', 'RedrivePolicy') ?? '{}');
  const queue = textAt(redrive, 'deadLetterTargetArn')?.split(':').at(-1);
  return {
    name: textAt(input, 'QueueName') ?? '',
    visibilityMs: 1000 * Number(textAt(input, 'Attributes', 'VisibilityTimeout') ?? 30),
    ...(queue === undefined
      ? {}
      : { deadLetters: { queue, maxReceives: Number(objectAt(redrive)['maxReceiveCount']) } }),
  };
}

function attributesOf(store: QueueStore, { name, visibilityMs, deadLetters }: QueueRules) {
  const { visible, inFlight, delayed } = store.counts(name);
  return {
    QueueArn: arnOf(name),
    VisibilityTimeout: String(visibilityMs / 1000),
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    ...(deadLetters && {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: arnOf(deadLetters.queue),
        maxReceiveCount: deadLetters.maxReceives,
      }),
    }),
  };
}

function arnOf(name: string): string {
  return `arn:aws:sqs:us-east-1:000000000000:${name}`;
}

function send(store: QueueStore, input: unknown): string {
  const { name } = queueOf(store, textAt(input, 'QueueUrl'));
  const body = textAt(input, 'MessageBody') ?? '';
  const delaySeconds = numberAt(input, 'DelaySeconds') ?? 0;
  if (body === '' || Buffer.byteLength(body) > MAX_MESSAGE_BYTES)
    throw new Refusal('InvalidParameterValue', `A message has 1 to ${MAX_MESSAGE_BYTES} bytes.`);
  if (FORBIDDEN.test(body))
    throw new Refusal('InvalidMessageContents', 'The message has invalid characters.');
  if (delaySeconds < 0 || delaySeconds > MAX_DELAY_SECONDS)
    throw new Refusal('InvalidParameterValue', `DelaySeconds is 0 to ${MAX_DELAY_SECONDS}.`);
  return store.send(name, body, 1000 * delaySeconds);
}

/** Waits for a message as long as it was asked to. */
async function receive(input: unknown, { store, nowMs, isClosed }: Context): Promise<unknown> {
  const queue = queueOf(store, textAt(input, 'QueueUrl'));
  const untilMs = nowMs() + 1000 * (numberAt(input, 'WaitTimeSeconds') ?? 0);
  for (;;) {
    if (isClosed()) return {};
    const messages = store.take(queue, numberAt(input, 'MaxNumberOfMessages') ?? 1);
    if (messages.length > 0)
      return {
        Messages: messages.map(({ id, receipt, body, receives, sentAtMs }) => ({
          MessageId: id,
          ReceiptHandle: receipt,
          Body: body,
          Attributes: { ApproximateReceiveCount: String(receives), SentTimestamp: String(sentAtMs) },
        })),
      };
    const leftMs = untilMs - nowMs();
    if (leftMs <= 0) return {};
    await store.whenNextVisible(queue.name, leftMs);
  }
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > 3 * MAX_MESSAGE_BYTES)
      throw new Refusal('RequestEntityTooLarge', 'The request is too large.');
    chunks.push(chunk);
  }
  return parseJson(Buffer.concat(chunks));
}
