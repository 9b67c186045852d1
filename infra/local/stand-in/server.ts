/** The HTTP server under every stand-in of a PerfLab: reads a call whole, writes it down, breaks it if told to, answers. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One call as it came in. */
export interface StandInCall {
  readonly method: string;
  /** The path as sent, still percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Base URL that the caller used, from its Host header. */
  readonly origin: string;
}

export interface StandInAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** One planted fault: where (`matches`), and whether the call takes effect first (`after`) or never arrives (`before`). */
export interface Fault {
  readonly matches: (call: StandInCall) => boolean;
  readonly when: 'before' | 'after';
  readonly kind:
    'reset' | 'hang' | 'login-page' | { readonly status: number; readonly retryAfterSeconds?: number };
  /** How often it strikes; default once. */
  readonly times?: number;
}

export interface StandInServer {
  readonly url: string;
  /** Every call in its order, with the status answered (0: no answer). */
  readonly calls: readonly (StandInCall & { status: number })[];
  /** Plants a fault; the answer says how often it has struck. */
  breakNext(fault: Fault): () => number;
  close(): Promise<void>;
}

export interface StandInServerOptions {
  /** Said in `x-stand-in` on every answer, so that nobody takes it for the real thing. */
  readonly name: string;
  readonly port?: number | undefined;
  readonly handle: (call: StandInCall) => StandInAnswer | Promise<StandInAnswer>;
}

export async function startStandInServer(options: StandInServerOptions): Promise<StandInServer> {
  const calls: (StandInCall & { status: number })[] = [];
  const faults: { fault: Fault; struck: number }[] = [];

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const call = { ...toCall(request, Buffer.concat(chunks).toString('utf8')), status: 0 };
      calls.push(call);
      answer(call, response).catch((error: unknown) => {
        write(call, response, { status: 500, body: `stand-in failed: ${String(error)}` });
      });
    });
  });

  async function answer(call: StandInCall & { status: number }, response: ServerResponse): Promise<void> {
    const planted = faults.find(({ fault, struck }) => struck < (fault.times ?? 1) && fault.matches(call));
    if (planted) planted.struck += 1;
    if (planted?.fault.when === 'before') return strike(planted.fault, call, response);
    const result = await options.handle(call);
    if (planted) return strike(planted.fault, call, response);
    write(call, response, result);
  }

  function strike({ kind }: Fault, call: StandInCall & { status: number }, response: ServerResponse): void {
    if (kind === 'hang') return;
    if (kind === 'reset') {
      response.socket?.destroy();
      return;
    }
    if (kind === 'login-page') {
      const location = `https://sso.example.com/login?rd=${encodeURIComponent(call.path)}`;
      return write(call, response, { status: 302, headers: { location } });
    }
    const retryAfter: Record<string, string> =
      kind.retryAfterSeconds === undefined ? {} : { 'retry-after': String(kind.retryAfterSeconds) };
    write(call, response, {
      status: kind.status,
      headers: retryAfter,
      body: `<html>a planted fault, you sent ${call.headers['authorization'] ?? 'nothing'}</html>`,
    });
  }

  function write(call: { status: number }, response: ServerResponse, result: StandInAnswer): void {
    call.status = result.status;
    response.writeHead(result.status, { 'x-stand-in': options.name, ...result.headers });
    response.end(result.body ?? '');
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    breakNext(fault) {
      const planted = { fault, struck: 0 };
      faults.push(planted);
      return () => planted.struck;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What came in, for a handler. */
export function toCall(request: IncomingMessage, body: string): StandInCall {
  const url = new URL(request.url ?? '/', `http://${request.headers.host ?? '127.0.0.1'}`);
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  );
  const { pathname: path, searchParams: query, origin } = url;
  return { method: request.method ?? 'GET', path, query, headers, body, origin };
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
