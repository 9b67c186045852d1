/** The receiver that the page on the signed webhook shows, as a server. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LabJobBody } from '../../../infra/local/stand-in/lab-run.ts';
import { block } from '../../../infra/local/stand-in/lab-pages.ts';

export const RECEIVER_SECRET = 'the-secret-of-the-receiver';

/** With the one job `jobId`. */
export async function startReceiver(
  jobId: string,
  body: LabJobBody,
): Promise<{ server: Server; url: string }> {
  const source = block('webhook.md', 'js', 'createReceiver');
  const { createReceiver } = (await import(`data:text/javascript,${encodeURIComponent(source)}`)) as {
    createReceiver: (
      secret: string,
      jobs: Record<string, (parameters: Record<string, string>, signal: AbortSignal) => Promise<string>>,
    ) => Server;
  };
  const run = (parameters: Record<string, string>, signal: AbortSignal) =>
    body({
      id: '1',
      url: '',
      parameters,
      signal,
      log: () => undefined,
      stage: () => undefined,
      wait: () => Promise.resolve(),
    });
  const server = createReceiver(RECEIVER_SECRET, { [jobId]: run });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/perf-bot` };
}
