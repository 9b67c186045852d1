/** Takes webhooks on a loopback port and keeps them as they came. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedHook {
  readonly method: string;
  readonly httpVersion: string;
  readonly path: string;
  readonly rawHeaders: readonly string[];
  readonly text: string;
  readonly body: Record<string, unknown>;
}

export interface HookReceiver {
  readonly url: string;
  readonly received: readonly ReceivedHook[];
  /** The bodies posted to a path, oldest first. */
  bodies(path: string): Record<string, unknown>[];
  close(): Promise<void>;
}

/** Answers 204 unless told otherwise. */
export async function startHookReceiver(
  answer: (response: ServerResponse, hook: ReceivedHook) => void = (response) =>
    response.writeHead(204).end(),
): Promise<HookReceiver> {
  const received: ReceivedHook[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const { method = '', url = '', httpVersion, rawHeaders } = request;
      const hook = {
        method,
        httpVersion,
        path: url,
        rawHeaders,
        text,
        body: JSON.parse(text) as Record<string, unknown>,
      };
      received.push(hook);
      answer(response, hook);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    bodies: (path) => received.filter((hook) => hook.path === path).map((hook) => hook.body),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
