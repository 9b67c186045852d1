/** Makes the one HTTP attempt of a webhook delivery, with GitHub's headers, and notes its outcome. */
import { createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { GitHubState } from '../state/state.ts';

export interface HookConfig {
  url: string | undefined;
  secret: string | undefined;
  contentType: 'json' | 'form';
  insecureSsl: string;
}

export interface Delivery {
  readonly id: number;
  readonly guid: string;
  readonly deliveredAtMs: number;
  readonly redelivery: boolean;
  /** Seconds. */
  duration: number;
  status: string;
  statusCode: number;
  readonly event: string;
  readonly action: string | null;
  readonly installationId: number | null;
  readonly repositoryId: number | null;
  readonly request: { headers: Record<string, string>; readonly payload: Record<string, unknown> };
  response: { headers: Record<string, string>; payload: string };
}

const TIMEOUT_MS = 10_000;
const MAX_PAYLOAD_BYTES = 25 * 1024 * 1024;
const MAX_KEPT_RESPONSE_BYTES = 64 * 1024;

/** Never rejects: the outcome is written into the delivery. */
export async function postWebhook(
  state: GitHubState,
  hook: HookConfig,
  hookId: number,
  delivery: Delivery,
  stop: AbortSignal,
): Promise<void> {
  const json = JSON.stringify(delivery.request.payload);
  const body = hook.contentType === 'json' ? json : new URLSearchParams({ payload: json }).toString();
  if (Buffer.byteLength(body) > MAX_PAYLOAD_BYTES) return;
  delivery.request.headers = headersFor(state, hook, hookId, delivery, body);
  const startedAtMs = performance.now();
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const answer = await post(
      hook.url ?? '',
      delivery.request.headers,
      body,
      AbortSignal.any([timeout, stop]),
    );
    delivery.statusCode = answer.status;
    delivery.status = answer.status < 300 ? 'OK' : `Invalid HTTP Response: ${answer.status}`;
    delivery.response = { headers: answer.headers, payload: answer.text };
  } catch {
    // No answer, no code: looking only for codes 400 to 599 misses these.
    delivery.status = timeout.aborted ? 'timed out' : 'failed to connect to host';
  }
  delivery.duration = Math.round((performance.now() - startedAtMs) / 10) / 100;
}

function headersFor(
  state: GitHubState,
  hook: HookConfig,
  hookId: number,
  delivery: Delivery,
  body: string,
): Record<string, string> {
  const signatures = hook.secret
    ? {
        'X-Hub-Signature': signatureOf('sha1', hook.secret, body),
        'X-Hub-Signature-256': signatureOf('sha256', hook.secret, body),
      }
    : {};
  return {
    Accept: '*/*',
    'Content-Type': hook.contentType === 'json' ? 'application/json' : 'application/x-www-form-urlencoded',
    'Content-Length': String(Buffer.byteLength(body)),
    'User-Agent': 'GitHub-Hookshot/57ad1de',
    'X-GitHub-Delivery': delivery.guid,
    'X-GitHub-Event': delivery.event,
    'X-GitHub-Hook-ID': String(hookId),
    'X-GitHub-Hook-Installation-Target-ID': String(state.app.id),
    'X-GitHub-Hook-Installation-Target-Type': 'integration',
    ...signatures,
    'X-Stand-In': 'GitHub stand-in',
  };
}

interface WebhookAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly text: string;
}

function post(
  url: string,
  headers: Record<string, string>,
  body: string,
  signal: AbortSignal,
): Promise<WebhookAnswer> {
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? httpsRequest : httpRequest;
    const request = send(url, { method: 'POST', headers, signal, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= MAX_KEPT_RESPONSE_BYTES) chunks.push(chunk);
      });
      response.on('end', () => {
        const flat = Object.entries(response.headers).map(([name, value]) => [name, String(value)] as const);
        resolve({
          status: response.statusCode ?? 0,
          headers: Object.fromEntries(flat),
          text: Buffer.concat(chunks).toString(),
        });
      });
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

function signatureOf(algorithm: 'sha256' | 'sha1', secret: string, body: string): string {
  return `${algorithm}=${createHmac(algorithm, secret).update(body).digest('hex')}`;
}
