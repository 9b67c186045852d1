/** Serves every stand-in over HTTP: reads a call whole, records it, lets a planted fault strike, answers, and says what it is. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { readBytes, toCall, type StandInAnswer, type StandInCall } from './calls.ts';
import { createRealClock, type StandInClock } from './clock.ts';
import { answerOf, replacesAnswer, takeFault, type Fault } from './faults.ts';
import { close, listen } from './listen.ts';

/** `status` is what was answered; 0 as long as there is no answer, and for ever where none came. */
export type Recorded<Note> = Note & { status: number };

export interface StandInServer<Note = StandInCall> {
  readonly url: string;
  /** Every call, in the order in which they came. */
  readonly calls: readonly Recorded<Note>[];
  /** Strike once each, in order. */
  readonly faults: Fault[];
  /** Plants a fault; the answer says how often it has struck. */
  breakNext(fault: Fault): () => number;
  close(): Promise<void>;
}

export interface StandInServerOptions<Note> {
  /** Said in `x-stand-in` on every answer, so that nobody takes it for the real thing. */
  readonly name: string;
  readonly port?: number | undefined;
  /** For a fault that delays. Default: real time. */
  readonly clock?: StandInClock | undefined;
  readonly handle: (call: StandInCall) => StandInAnswer | Promise<StandInAnswer>;
  /** What is kept of a call. */
  readonly note: (call: StandInCall) => Note;
  readonly onAnswer?: (call: Recorded<Note>) => void;
  /** Headers of every answer. */
  readonly headers?: () => Readonly<Record<string, string>>;
  readonly maxBytes?: number;
  /** The answer to a body of more than `maxBytes`. Default: 413 with nothing said. */
  readonly tooLarge?: StandInAnswer;
  /** The answer where `handle` throws. */
  readonly onError?: (error: unknown) => StandInAnswer;
  /** What a fault that has only a status says. Default: the credentials of the caller. */
  readonly faultWords?: (fault: Fault) => StandInAnswer;
}

/** Keeps a call as it came. */
export const wholeCall = (call: StandInCall): StandInCall => call;

/** As the worst of proxies do. */
function echo({ headers }: StandInCall): StandInAnswer {
  return {
    status: 500,
    body: `<html>a planted fault, you sent ${headers['authorization'] ?? 'nothing'}</html>`,
  };
}

const MAX_BYTES = 100 * 1024 * 1024;

export async function startStandInServer<Note>(
  options: StandInServerOptions<Note>,
): Promise<StandInServer<Note>> {
  const calls: Recorded<Note>[] = [];
  const faults: Fault[] = [];
  const clock = options.clock ?? createRealClock();
  const failed = options.onError ?? ((error) => ({ status: 500, body: `stand-in failed: ${String(error)}` }));

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes = await readBytes(request, options.maxBytes ?? MAX_BYTES);
    const call = toCall(request, bytes ?? Buffer.alloc(0));
    const recorded = { ...options.note(call), status: 0 };
    calls.push(recorded);
    const answer = bytes ? await answerTo(call) : (options.tooLarge ?? { status: 413 });
    recorded.status = typeof answer === 'string' ? 0 : answer.status;
    options.onAnswer?.(recorded);
    if (answer === 'hang') return;
    if (answer === 'close') response.socket?.destroy();
    else write(response, bytes ? answer : { ...answer, headers: { connection: 'close', ...answer.headers } });
  }

  async function answerTo(call: StandInCall): Promise<StandInAnswer | 'hang' | 'close'> {
    const fault = takeFault(faults, call);
    if (fault?.delayMs !== undefined) await wait(fault.delayMs);
    if (!fault || !replacesAnswer(fault)) return handled(call);
    if (fault.afterEffect) await handled(call);
    if (fault.hangs) return 'hang';
    if (fault.closeSocket) return 'close';
    return answerOf(fault, options.faultWords?.(fault) ?? echo(call));
  }

  const wait = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve));

  async function handled(call: StandInCall): Promise<StandInAnswer> {
    try {
      return await options.handle(call);
    } catch (error) {
      return failed(error);
    }
  }

  function write(response: ServerResponse, { status, headers, body }: StandInAnswer): void {
    response.writeHead(status, { ...options.headers?.(), 'x-stand-in': options.name, ...headers });
    response.end(body);
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => write(response, failed(error)));
  });
  return {
    url: await listen(server, options.port),
    calls,
    faults,
    breakNext(fault) {
      faults.push(fault);
      return () => (faults.includes(fault) ? 0 : 1);
    },
    close: () => close(server),
  };
}
