/** Makes one JSON call to an AWS service over a kept-alive node:https connection; what may be repeated is repeated once. */
import type { IncomingMessage } from 'node:http';
import { UpstreamError } from '../http/upstream-error.ts';
import { objectAt, parseJson, textAt, type JsonObject } from '../json.ts';
import { signRequest, type AwsCredentials } from './sign-request.ts';

export interface AwsCallOptions {
  readonly service: 'sqs' | 'secretsmanager';
  readonly region: string;
  /** Instead of the public endpoint: `http://127.0.0.1:4566`. */
  readonly endpoint?: string | undefined;
  readonly credentials: () => AwsCredentials;
  readonly nowMs: () => number;
}

/** `target` is the service's operation, `AmazonSQS.SendMessage`. Throws UpstreamError; `code` of it is AWS's error type. */
export type AwsCall = (target: string, body: JsonObject) => Promise<JsonObject>;

export class AwsError extends UpstreamError {
  readonly code: string;

  constructor(
    message: string,
    code: string,
    options: { retryable: boolean; status?: number; cause?: unknown },
  ) {
    super(message, options);
    this.code = code;
  }
}

const TIMEOUT_MS = 5_000;
const CONTENT_TYPES = {
  sqs: 'application/x-amz-json-1.0',
  secretsmanager: 'application/x-amz-json-1.1',
} as const;

export function createAwsCall(options: AwsCallOptions): AwsCall {
  const url = new URL(options.endpoint ?? `https://${options.service}.${options.region}.amazonaws.com/`);
  return async (target, body) => {
    try {
      return await callOnce(options, url, target, body);
    } catch (error) {
      if (!(error instanceof AwsError) || !error.retryable) throw error;
      return callOnce(options, url, target, body);
    }
  };
}

async function callOnce(
  options: AwsCallOptions,
  url: URL,
  target: string,
  body: JsonObject,
): Promise<JsonObject> {
  const text = JSON.stringify(body);
  const unsigned = { 'content-type': CONTENT_TYPES[options.service], 'x-amz-target': target };
  const toSign = {
    host: url.host,
    path: '/',
    headers: unsigned,
    body: text,
    region: options.region,
    service: options.service,
  };
  const headers = {
    ...(await signRequest(toSign, options.credentials(), options.nowMs())),
    'content-length': String(Buffer.byteLength(text)),
  };
  // Only the one of the two that is used is loaded; both keep their connections by default.
  const { request } = process.getBuiltinModule(url.protocol === 'https:' ? 'node:https' : 'node:http');
  return new Promise((resolve, reject) => {
    const fail = (error: Error) =>
      reject(new AwsError(`no answer: ${target}`, 'NoAnswer', { retryable: true, cause: error }));
    const onAnswer = (answer: IncomingMessage) => readAnswer(answer, target).then(resolve, reject);
    const sent = request(url, { method: 'POST', headers, timeout: TIMEOUT_MS }, onAnswer);
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)));
    sent.on('error', fail);
    sent.end(text);
  });
}

async function readAnswer(answer: IncomingMessage, target: string): Promise<JsonObject> {
  const text = await readText(answer).catch((cause: unknown) => {
    throw new AwsError(`the answer broke off: ${target}`, 'NoAnswer', { retryable: true, cause });
  });
  const status = answer.statusCode ?? 0;
  const content = objectAt(parseJson(text));
  if (status >= 200 && status < 300) return content;
  const code = textAt(content, '__type')?.split('#').at(-1) ?? `Http${status}`;
  const retryable = status >= 500 || status === 429 || /Throttl|TooManyRequests|RequestLimit/.test(code);
  throw new AwsError(`AWS answered ${status} ${code} to ${target}`, code, { retryable, status });
}

/** By events: a cold function pays about half a millisecond for its first `for await`. */
function readText(answer: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    answer.on('data', (chunk: Buffer) => chunks.push(chunk));
    answer.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    answer.on('error', reject);
  });
}

/** What Lambda puts into the environment; read at each call, since Lambda renews it. */
export function credentialsFromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): AwsCredentials & { sessionToken?: string } {
  const sessionToken = environment['AWS_SESSION_TOKEN'];
  return {
    accessKeyId: environment['AWS_ACCESS_KEY_ID'] ?? 'local',
    secretAccessKey: environment['AWS_SECRET_ACCESS_KEY'] ?? 'local',
    ...(sessionToken ? { sessionToken } : {}),
  };
}
