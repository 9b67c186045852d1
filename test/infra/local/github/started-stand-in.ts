/** A stand-in with one repository and one pull request, a real Octokit App as its client, and a receiver of its webhooks. */
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App } from '@octokit/app';
import { Octokit } from '@octokit/core';
import {
  startGitHubStandIn,
  type GitHubStandInOptions,
} from '../../../../infra/local/github/github-stand-in.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

export const APP_ID = 4711;
export const WEBHOOK_SECRET = 'a webhook secret of the tests';
export { privateKey, publicKey };

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly raw: string;
  // A payload is compared field by field against GitHub's own examples.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

async function startWebhookReceiver(answer: () => number = () => 202) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks).toString();
      received.push({ headers: request.headers, raw, body: JSON.parse(raw) });
      response.writeHead(answer()).end('queued');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/github`,
    received,
    of: (event: string, action: string) =>
      received.filter((one) => one.headers['x-github-event'] === event && one.body.action === action),
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

export async function startedStandIn(options: Partial<GitHubStandInOptions> = {}) {
  let code = 202;
  const receiver = await startWebhookReceiver(() => code);
  const github = await startGitHubStandIn({
    appId: APP_ID,
    publicKeyPem: publicKey,
    webhookUrl: receiver.url,
    webhookSecret: WEBHOOK_SECRET,
    ...options,
  });
  for (const login of ['ana', 'ben', 'stranger']) github.addUser({ login });
  const repository = github.addRepository({ owner: 'acme', name: 'app' });
  github.setPermission(repository, 'ana', 'write');
  github.setPermission(repository, 'ben', 'maintain');
  const pull = github.openPullRequest(repository, {
    author: 'ana',
    headRef: 'faster',
    title: 'Make it faster',
  });
  const app = new App({ appId: APP_ID, privateKey, Octokit: Octokit.defaults({ baseUrl: github.url }) });
  const bot = await app.getInstallationOctokit(github.installation(repository).id);
  const repo = { owner: 'acme', repo: 'app' };
  return {
    github,
    receiver,
    repository,
    pull,
    app,
    bot,
    repo,
    answerWebhooksWith: (status: number) => void (code = status),
    close: async () => {
      await github.close();
      await receiver.close();
    },
  };
}

export type Started = Awaited<ReturnType<typeof startedStandIn>>;

/** The status and message with which a call was refused. */
export async function refusalOf(
  call: Promise<unknown>,
): Promise<{ status: number; message: string; headers: Record<string, string> }> {
  try {
    await call;
  } catch (error) {
    const { status, message, response } = error as {
      status: number;
      message: string;
      response?: { headers: Record<string, string> };
    };
    return { status, message, headers: response?.headers ?? {} };
  }
  throw new Error('the call was not refused');
}
