/** A loopback server that gives one answer to everything, for what no Horreum and no stand-in would say. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface AnsweringServer {
  readonly url: string;
  /** Method, path and query of each call, and its headers. */
  readonly calls: {
    readonly line: string;
    readonly headers: Readonly<Record<string, unknown>>;
    readonly body: string;
  }[];
  answer: { status: number; headers?: Record<string, string>; body?: string };
  close(): Promise<void>;
}

export async function startAnsweringServer(): Promise<AnsweringServer> {
  const calls: AnsweringServer['calls'] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      calls.push({ line: `${request.method} ${request.url}`, headers: request.headers, body });
      response.writeHead(state.answer.status, state.answer.headers).end(state.answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const state: AnsweringServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    answer: { status: 200 },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return state;
}

export function jsonAnswer(value: unknown): AnsweringServer['answer'] {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}
