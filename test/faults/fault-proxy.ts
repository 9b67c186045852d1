/**
 * Stands between the bot and one outside system: names every call, and breaks those that it is told to. Which function calls is
 * read at the socket's own diagnostics channel, so that a call which does not come by here is noticed too.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Agent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Fault } from './fault.ts';
import { placeOf, wordsOf, type Place, type SeenCall, type System } from './places.ts';
import { startServer, type StartedServer } from './start-server.ts';

/** One running copy of a function. Once killed, nothing that it sends arrives anywhere. */
export interface Caller {
  readonly id: number;
  readonly name: string;
  killed: boolean;
}

export interface ProxiedCall {
  readonly place: Place;
  readonly caller: Caller | undefined;
}

export interface ProxyOptions {
  readonly system: System;
  readonly targetUrl: string;
  readonly callers: Callers;
  /** Told of each call, in the list or not. */
  readonly onCall?: ((seen: SeenCall, caller: Caller | undefined) => void) | undefined;
  /** Asked for each call of a place in the list. */
  readonly faultFor: (call: ProxiedCall) => Fault | undefined;
  /** A call that the list of places lacks. */
  readonly onUnlisted: (words: string) => void;
  /** The call has reached the other side. */
  readonly onEffect: (call: ProxiedCall) => void;
  readonly onTimeOut: () => void;
}

const HEADER = 'x-harness-caller';
const agent = new Agent({ keepAlive: true });

export async function startFaultProxy(options: ProxyOptions): Promise<StartedServer> {
  const { system, callers } = options;
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request);
    const caller = callers.get(Number(request.headers[HEADER]));
    if (caller?.killed) return void response.socket?.destroy();
    const target = request.headers['x-amz-target'];
    const seen = {
      system,
      method: request.method ?? '',
      path: request.url ?? '/',
      target: typeof target === 'string' ? target : undefined,
      body: body.toString('utf8'),
    };
    options.onCall?.(seen, caller);
    const place = placeOf(seen);
    if (!place) options.onUnlisted(`${system} ${wordsOf(seen)}`);
    const fault = place && options.faultFor({ place, caller });
    if (fault?.when === 'before') return strike(fault, caller, response);
    const answer = throughUs(await forward(options.targetUrl, request, body), request);
    if (place) options.onEffect({ place, caller });
    if (fault?.kind === 'mangled') {
      const { 'content-length': _length, ...headers } = answer.headers;
      return void response.writeHead(answer.status, headers).end(fault.mangle(answer.body.toString('utf8')));
    }
    if (fault) return strike(fault, caller, response);
    if (caller?.killed) return void response.socket?.destroy();
    response.writeHead(answer.status, answer.headers).end(answer.body);
  };

  /** Where the other side sends us on to itself, the way leads by here too. */
  const throughUs = (answer: Forwarded, { headers: { host } }: IncomingMessage): Forwarded => {
    const { location } = answer.headers;
    if (!location?.startsWith(options.targetUrl)) return answer;
    const moved = `http://${host ?? ''}${location.slice(options.targetUrl.length)}`;
    return { ...answer, headers: { ...answer.headers, location: moved } };
  };

  const strike = (fault: Fault, caller: Caller | undefined, response: ServerResponse): void => {
    switch (fault.kind) {
      case 'killed':
        if (caller) caller.killed = true;
        response.socket?.destroy();
        return;
      case 'reset':
        response.socket?.destroy();
        return;
      case 'time-out':
        options.onTimeOut();
        return;
      case 'mangled':
        throw new Error('there is no answer to mangle');
      case 'answer':
        response.writeHead(fault.as.status, fault.as.headers ?? {}).end(fault.as.body ?? '');
    }
  };

  return startServer((request, response) => {
    handle(request, response).catch(() => response.socket?.destroy());
  });
}

interface Forwarded {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

function forward(targetUrl: string, request: IncomingMessage, body: Buffer): Promise<Forwarded> {
  const { [HEADER]: _caller, connection: _connection, ...headers } = request.headers;
  const target = new URL(targetUrl);
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      {
        agent,
        hostname: target.hostname,
        port: target.port,
        method: request.method,
        path: request.url,
        headers: { ...headers, host: target.host },
      },
      (answer) => {
        bodyOf(answer).then((content) => {
          const { connection: _c, 'keep-alive': _k, 'transfer-encoding': _t, ...kept } = answer.headers;
          resolve({ status: answer.statusCode ?? 0, headers: kept, body: content });
        }, reject);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export interface Callers {
  start(name: string): Caller;
  get(id: number): Caller | undefined;
  /** Everything that `act` sends is known as this caller's. */
  run<Result>(caller: Caller, act: () => Promise<Result>): Promise<Result>;
  /** Addresses that were called past the proxies. */
  readonly escaped: ReadonlySet<string>;
  /** Calls under way, of everybody on this machine. */
  underWay(): number;
  stop(): void;
}

/** `knownHosts`: the proxies. */
export function createCallers(knownHosts: () => readonly string[]): Callers {
  const present = new AsyncLocalStorage<Caller>();
  const callers = new Map<number, Caller>();
  const escaped = new Set<string>();
  let open = 0;
  const check = (host: string) => {
    if (present.getStore() && !knownHosts().includes(host)) escaped.add(host);
  };
  const onCreated = (message: unknown) => {
    const { request } = message as { request: ClientRequest };
    open += 1;
    request.once('close', () => (open -= 1));
    const caller = present.getStore();
    if (!caller) return;
    check(String(request.getHeader('host')));
    request.setHeader(HEADER, String(caller.id));
  };
  const onFetch = (message: unknown) => {
    const { request } = message as { request: { readonly origin: string | URL } };
    open += 1;
    check(new URL(request.origin).host);
  };
  const onFetched = () => (open -= 1);
  const channels: readonly (readonly [string, (message: unknown) => void])[] = [
    ['http.client.request.created', onCreated],
    ['undici:request:create', onFetch],
    // What a job sends may be answered only when virtual time has moved on, so it counts until it is sent.
    ['undici:request:bodySent', onFetched],
  ];
  for (const [channel, on] of channels) subscribe(channel, on);
  return {
    start(name) {
      const caller: Caller = { id: callers.size + 1, name, killed: false };
      callers.set(caller.id, caller);
      return caller;
    },
    get: (id) => callers.get(id),
    run: (caller, act) => present.run(caller, act),
    escaped,
    underWay: () => open,
    stop: () => {
      for (const [channel, on] of channels) unsubscribe(channel, on);
    },
  };
}
