/** The HTTP side of the stand-in: reads a call, lets faults have their way, answers, and says in every answer that it is no Horreum. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { takeFault, type Fault } from './faults.ts';
import { crash, type Answer } from './api/http-answer.ts';
import type { Schedule } from './schedule.ts';

/** One call as it came, without its secrets. */
export interface RecordedCall {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** The name of the API key's user, or why there is none. */
  readonly caller: string;
  readonly bodyBytes: number;
  /** Undefined for a connection that was closed without an answer. */
  status: number | undefined;
}

export interface ReceivedCall {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export interface ServeOptions {
  readonly faults: Fault[];
  readonly calls: RecordedCall[];
  readonly schedule: Schedule;
  readonly callerOf: (headers: IncomingMessage['headers']) => string;
  readonly answer: (call: ReceivedCall) => Promise<Answer>;
}

/** What the framework under Horreum takes at most. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

export function createHorreumServer(options: ServeOptions): Server {
  const server = createServer((request, response) => {
    handle(request, response, options).catch((error: unknown) => {
      console.error('Horreum stand-in:', error);
      if (!response.headersSent) send(response, crash());
    });
  });
  return server;
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  options: ServeOptions,
): Promise<void> {
  const method = request.method ?? 'GET';
  const url = new URL(request.url ?? '/', 'http://horreum.invalid');
  const path = url.pathname + url.search;
  const body = await readBody(request);
  const recorded: RecordedCall = {
    method,
    path,
    caller: options.callerOf(request.headers),
    bodyBytes: body?.byteLength ?? 0,
    status: undefined,
  };
  options.calls.push(recorded);
  if (!body) {
    recorded.status = 413;
    response.setHeader('connection', 'close');
    send(response, { status: 413 });
    return;
  }
  const fault = takeFault(options.faults, method, path);
  const delayMs = fault?.delayMs ?? 0;
  if (delayMs > 0) await new Promise<void>((resolve) => options.schedule.after(delayMs, resolve));
  const isReplaced = fault?.close === true || fault?.status !== undefined;
  const answer =
    isReplaced && !fault?.afterEffect
      ? undefined
      : await options.answer({ method, url, headers: request.headers, body });
  if (fault?.close) {
    response.socket?.destroy();
    return;
  }
  const sent = fault?.status === undefined ? (answer ?? crash()) : faultAnswer(fault, fault.status);
  recorded.status = sent.status;
  send(response, sent);
}

function faultAnswer({ body, headers }: Fault, status: number): Answer {
  return { status, ...(headers ? { headers } : {}), ...(body === undefined ? {} : { body }) };
}

/** Undefined for more than is allowed; the rest is read away, so that the sender gets to see the answer. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return size > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks);
}

function send(response: ServerResponse, answer: Answer): void {
  response.statusCode = answer.status;
  response.setHeader('x-stand-in', 'Horreum stand-in');
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  response.end(answer.body);
}
