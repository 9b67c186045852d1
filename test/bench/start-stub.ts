/** One stub of AWS and GitHub that answers everything after a fixed delay, so that only the functions differ. A stand-in for the bench only. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface Stub {
  readonly url: string;
  /** Calls so far, as `AmazonSQS.SendMessage` or `POST /repos/…`. */
  readonly calls: readonly string[];
  close(): Promise<void>;
}

export interface StubOptions {
  readonly delayMs: number;
  /** Text of each secret, by its id. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Answers over TLS with this certificate. */
  readonly tls?: { readonly key: string; readonly cert: string } | undefined;
}

export async function startStub({ delayMs, secrets, tls }: StubOptions): Promise<Stub> {
  const calls: string[] = [];
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    void readText(request).then((text) => {
      const target = request.headers['x-amz-target'];
      const name = typeof target === 'string' ? target : `${request.method} ${request.url}`;
      calls.push(name);
      const answer =
        typeof target === 'string' ? answerOfAws(target, text, secrets) : answerOfGitHub(request.url);
      const body = JSON.stringify(answer);
      const headers = {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
      };
      setTimeout(
        () => response.writeHead(request.method === 'POST' && !target ? 201 : 200, headers).end(body),
        delayMs,
      );
    });
  };
  const server = tls ? createTlsServer(tls, onRequest) : createServer(onRequest);
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function answerOfAws(target: string, text: string, secrets: StubOptions['secrets']): unknown {
  if (target === 'secretsmanager.GetSecretValue') {
    const { SecretId } = JSON.parse(text) as { SecretId: string };
    return { SecretString: secrets[SecretId] ?? '{}' };
  }
  if (target.startsWith('AmazonSQS.')) return { MessageId: 'm-1', MD5OfMessageBody: '' };
  if (target.endsWith('.Query')) return { Items: [], Count: 0, ScannedCount: 0 };
  return target.endsWith('.UpdateItem') ? { Attributes: { used: { N: '1' } } } : {};
}

/** Enough for a comment in a repository without a project: a token, 😕 and a reply. */
function answerOfGitHub(url = ''): unknown {
  if (/access_tokens$/.test(url))
    return {
      token: 'ghs_bench',
      expires_at: new Date(Date.now() + 3_600_000).toISOString(),
      permissions: {},
    };
  return {
    id: 1,
    html_url: 'https://github.com/acme/webshop/pull/1#issuecomment-1',
    user: { login: 'bench[bot]' },
  };
}
