/** Describes a call to a stand-in as its handlers see it, and makes the answers that they give. */
import type { IncomingMessage } from 'node:http';

export interface StandInCall {
  readonly method: string;
  /** The path as sent, still percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Path and query as sent. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
  /** The same as text. */
  readonly body: string;
  /** Base URL that the caller used, from its Host header. */
  readonly origin: string;
}

export interface StandInAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | Buffer | undefined;
}

/** The bytes of a request; undefined for more than `maxBytes`. The rest is read away, so that the sender gets to see the answer. */
export async function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size <= maxBytes) chunks.push(chunk);
  }
  return size > maxBytes ? undefined : Buffer.concat(chunks);
}

export function toCall(request: IncomingMessage, bytes: Buffer): StandInCall {
  const { method = 'GET', url: target = '/' } = request;
  const url = new URL(target, `http://${request.headers.host ?? '127.0.0.1'}`);
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  );
  const { pathname: path, searchParams: query, origin } = url;
  return { method, path, query, target, headers, bytes, body: bytes.toString('utf8'), origin };
}

export function json(status: number, value: unknown, headers: Record<string, string> = {}): StandInAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json;charset=utf-8', ...headers },
    body: JSON.stringify(value),
  };
}

export function html(status: number, title: string, headers: Record<string, string> = {}): StandInAnswer {
  const safe = title.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
  return {
    status,
    headers: { 'content-type': 'text/html;charset=utf-8', ...headers },
    body: `<!doctype html><title>${safe}</title><p>${safe}</p>`,
  };
}
