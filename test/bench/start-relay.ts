/** A relay before one server: passes every call on after a fixed delay and keeps count, so that an outside system has the same speed in every run. */
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RelayedCall {
  readonly method: string;
  readonly path: string;
  /** AWS' operation, such as `DynamoDB_20120810.GetItem`. */
  readonly target: string | undefined;
  readonly atMs: number;
  /** When its answer was there. */
  readonly doneAtMs: number;
  readonly requestText: string;
  readonly responseText: string;
  readonly status: number;
}

export interface Relay {
  readonly url: string;
  readonly calls: RelayedCall[];
  /** Where the calls go; may be set once the server behind is up. */
  target: string;
  close(): Promise<void>;
}

export interface RelayOptions {
  readonly delayMs: number;
  readonly target?: string;
}

export async function startRelay({ delayMs, target = '' }: RelayOptions): Promise<Relay> {
  const calls: RelayedCall[] = [];
  const server = createServer((request, response) => {
    void relay(request, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const relayed = { url, calls, target, close };

  async function relay(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const atMs = performance.now();
    const requestText = await readText(request);
    const amzTarget = request.headers['x-amz-target'];
    const operation = typeof amzTarget === 'string' ? amzTarget : undefined;
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    const { method = 'GET', url: path = '/' } = request;
    const answer = await passOn(relayed.target, method, path, request.headers, requestText);
    const responseText = await readText(answer);
    calls.push({
      method,
      path,
      target: operation,
      atMs,
      doneAtMs: performance.now(),
      requestText,
      responseText,
      status: answer.statusCode ?? 0,
    });
    const {
      'transfer-encoding': _chunked,
      connection: _connection,
      'keep-alive': _keep,
      ...headers
    } = answer.headers;
    response.writeHead(answer.statusCode ?? 502, {
      ...headers,
      'content-length': Buffer.byteLength(responseText),
    });
    response.end(responseText);
  }

  async function close(): Promise<void> {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
  return relayed;
}

function passOn(
  target: string,
  method: string,
  path: string,
  headers: IncomingMessage['headers'],
  text: string,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      `${target}${path}`,
      { method, headers: { ...headers, 'content-length': Buffer.byteLength(text) } },
      resolve,
    );
    sent.on('error', reject);
    sent.end(text);
  });
}

async function readText(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
