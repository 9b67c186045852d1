/** The page on a server of its own, over a stand-in with one pull request. */
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPullRequestPage } from '../../../../infra/local/page/pull-request-page.ts';
import { startedStandIn } from '../github/started-stand-in.ts';

export async function servedPage() {
  const started = await startedStandIn();
  const page = createPullRequestPage(started.github);
  const server = createServer((request, response) => {
    if (!page(request, response)) response.writeHead(404).end('not the page');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const pullUrl = `${url}/acme/app/pull/1`;
  const read = async (address = pullUrl) => (await fetch(address)).text();
  return {
    ...started,
    url,
    pullUrl,
    read,
    /** The HTML of one entry, without what comes after it. */
    entry: async (key: string) => {
      const text = await read();
      const from = text.slice(text.indexOf(`data-live="${key}"`));
      const end = from.indexOf('data-live=', 10);
      return end < 0 ? from : from.slice(0, end);
    },
    post: (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
      fetch(`${pullUrl}${path}`, {
        method: 'POST',
        redirect: 'manual',
        headers,
        body: new URLSearchParams(fields),
      }),
    /** With a Host header that fetch would not send. */
    postAs: (host: string, path: string, fields: Record<string, string>) =>
      new Promise<number>((resolve, reject) => {
        const headers = {
          host,
          origin: `http://${host}`,
          'content-type': 'application/x-www-form-urlencoded',
        };
        const request = httpRequest(`${pullUrl}${path}`, { method: 'POST', headers }, (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        });
        request.on('error', reject).end(new URLSearchParams(fields).toString());
      }),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await started.close();
    },
  };
}

export type ServedPage = Awaited<ReturnType<typeof servedPage>>;
