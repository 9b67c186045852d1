/** The local page on a port of its own, for looking at its gallery. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generateKeyPairSync } from 'node:crypto';
import { startGitHubStandIn } from '../../infra/local/github/github-stand-in.ts';
import { createPullRequestPage } from '../../infra/local/page/pull-request-page.ts';

export async function serveGallery(): Promise<{ url: string; close: () => Promise<void> }> {
  const { publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const github = await startGitHubStandIn({ appId: 1, publicKeyPem: publicKey, webhookSecret: 'unused' });
  const page = createPullRequestPage(github);
  const server = createServer((request, response) => {
    if (!page(request, response)) response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/gallery`,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await github.close();
    },
  };
}
