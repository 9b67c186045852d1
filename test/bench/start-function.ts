/** One function as Lambda starts it: a process of its own that gets its events from a Runtime API over HTTP, played here. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const RUNTIME_CLIENT = join(import.meta.dirname, 'runtime-client.cjs');
const NEVER_ANSWERED_MS = 30_000;

export interface StartOptions {
  /** Folder of `index.cjs`. */
  readonly dir: string;
  readonly name: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly memoryMb: number;
}

export interface Answered {
  readonly body: unknown;
  readonly failed: boolean;
  readonly atMs: number;
  /** CPU time that the process has used since it was ready. */
  readonly cpuMs: number;
  /** … and since it was started. */
  readonly cpuInAllMs: number;
}

export interface StartedFunction {
  /** From spawn to the first request for an event. */
  readonly readyMs: number;
  readonly spawnedAtMs: number;
  readonly pid: number;
  invoke(event: unknown): Promise<Answered>;
  /** High-water mark of its resident memory; undefined where /proc does not tell. */
  peakBytes(): number | undefined;
  stop(): Promise<void>;
}

export async function startFunction(options: StartOptions): Promise<StartedFunction> {
  const api = await playRuntimeApi();
  const spawnedAtMs = performance.now();
  const child = spawn(process.execPath, [...lambdaFlags(options.memoryMb), RUNTIME_CLIENT], {
    env: {
      PATH: process.env['PATH'] ?? '',
      ...options.variables,
      AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${api.port}`,
      AWS_LAMBDA_FUNCTION_NAME: options.name,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(options.memoryMb),
      _HANDLER: join(options.dir, 'index.cjs'),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString('utf8')));
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const diesEarly = exited.then(() => {
    throw new Error(`${options.name} ended by itself: ${complaint.slice(0, 2_000)}`);
  });
  diesEarly.catch(() => undefined);
  const readyAtMs = await Promise.race([api.ready, diesEarly]);
  return {
    readyMs: readyAtMs - spawnedAtMs,
    spawnedAtMs,
    pid: child.pid ?? Number.NaN,
    invoke: (event) => Promise.race([api.invoke(event), diesEarly]),
    peakBytes: () => peakOf(child.pid),
    async stop() {
      child.kill('SIGKILL');
      await exited;
      await api.close();
    },
  };
}

/** The flags of `/var/runtime/bootstrap` in AWS' images for Node: a tenth of the memory is for young objects, half of that a semi-space. */
function lambdaFlags(memoryMb: number): string[] {
  const youngMb = Math.floor(memoryMb / 10);
  return [
    '--expose-gc',
    '--max-http-header-size=81920',
    `--max-semi-space-size=${Math.floor(youngMb / 2)}`,
    `--max-old-space-size=${memoryMb - youngMb}`,
  ];
}

async function playRuntimeApi() {
  let requestId = 0;
  let waiting: ServerResponse | undefined;
  const queued: { readonly id: string; readonly text: string }[] = [];
  const pending = new Map<string, (answered: Answered) => void>();
  let sayReady: (atMs: number) => void = () => undefined;
  const ready = new Promise<number>((resolve) => (sayReady = resolve));
  const handOut = () => {
    if (!waiting || queued.length === 0) return;
    const { id, text } = queued.shift() as { id: string; text: string };
    const headers = {
      'lambda-runtime-aws-request-id': id,
      'lambda-runtime-deadline-ms': String(Date.now() + NEVER_ANSWERED_MS),
      'content-length': String(Buffer.byteLength(text)),
    };
    waiting.writeHead(200, headers).end(text);
    waiting = undefined;
  };
  const onAnswer = async (request: IncomingMessage, response: ServerResponse, id: string, kind: string) => {
    const atMs = performance.now();
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    response.writeHead(202, { 'content-length': '0' }).end();
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8') || 'null') as unknown;
    const told = (name: string) => Number(request.headers[`x-cpu-${name}microseconds`] ?? 0) / 1000;
    pending.get(id)?.({ body, failed: kind === 'error', atMs, cpuMs: told(''), cpuInAllMs: told('in-all-') });
    pending.delete(id);
  };
  const server = createServer((request, response) => {
    if (request.method === 'GET') {
      sayReady(performance.now());
      waiting = response;
      handOut();
      return;
    }
    const [, id = '', kind = ''] = /invocation\/([^/]+)\/(response|error)$/.exec(request.url ?? '') ?? [];
    void onAnswer(request, response, id, kind);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    ready,
    invoke(event: unknown): Promise<Answered> {
      const id = String((requestId += 1));
      return new Promise((resolve) => {
        pending.set(id, resolve);
        queued.push({ id, text: JSON.stringify(event) });
        handOut();
      });
    },
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function peakOf(pid: number | undefined): number | undefined {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}
