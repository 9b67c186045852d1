/** Counts the calls that leave this process for the embedded stores, at the socket, so that none escapes. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';

export interface CallMeter {
  /** Calls to each address so far; taking messages from a queue is AWS's own work and not counted. */
  count(origin: string): number;
  stop(): void;
}

const CHANNEL = 'http.client.request.start';

export function startCallMeter(): CallMeter {
  const counts = new Map<string, number>();
  const onRequest = (message: unknown) => {
    const { request } = message as { request: ClientRequest };
    const target = request.getHeader('x-amz-target');
    if (typeof target === 'string' && /AmazonSQS\.(?!SendMessage)/.test(target)) return;
    const host = request.getHeader('host');
    if (typeof host === 'string') counts.set(host, (counts.get(host) ?? 0) + 1);
  };
  subscribe(CHANNEL, onRequest);
  return {
    count: (origin) => counts.get(new URL(origin).host) ?? 0,
    stop: () => void unsubscribe(CHANNEL, onRequest),
  };
}
