/** Takes GitHub's events from a queue of an AMQP 1.0 broker, as the function does from Amazon MQ. */
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import rhea, { type Connection, type ConnectionOptions, type EventContext } from 'rhea';
import { takeBrokerMessage } from '../../../functions/amqp-worker.ts';
import type { GitHubDoorDeps } from '../../../lib/wiring/doors.ts';
import { trustedCertificates } from '../../../lib/http/trusted-certificates.ts';

export interface AmqpSourceOptions {
  /** `amqp://user:password@host:5672` or `amqps://…:5671`; without a user SASL ANONYMOUS is used. */
  readonly url: string;
  /** The broker's address of the queue. */
  readonly queue: string;
  /** PEM certificates to check the broker's with, besides the public ones. */
  readonly ca?: string | undefined;
  /** How long a message waits before it is given back when our own queue does not answer. */
  readonly retryMs?: number;
}

export interface AmqpSource {
  close(): Promise<void>;
}

/** Messages in work at once; the broker keeps the rest. */
const IN_HAND = 10;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 30_000;
/** A connection that held this long counts as a success. */
const HELD_MS = 10_000;
/** AMQP 1.0, part 3.2.6. http://docs.oasis-open.org/amqp/core/v1.0/os/amqp-core-messaging-v1.0-os.html#type-data */
const DATA_SECTION = 0x75;

/** Connects, and connects again for as long as it takes; a message is settled only once it is in our queue. */
export function startAmqpSource(deps: GitHubDoorDeps, options: AmqpSourceOptions): AmqpSource {
  const stopping = new AbortController();
  const container = rhea.create_container();
  let failures = 0;
  let connection = connect();

  function connect(): Connection {
    const openedAtMs = deps.nowMs();
    // The library's own reconnecting gives up on a refused password; here each try is a new connection.
    const current = container.connect({ ...connectionOptions(options), reconnect: false });
    const onMessage = async (context: EventContext) => {
      await settle(deps, context, options.retryMs ?? 2_000, stopping.signal);
      if (context.receiver?.is_open() === true) context.receiver.add_credit(1);
    };
    let isOver = false;
    const onEnd = (reason: string) => {
      if (isOver || stopping.signal.aborted) return;
      isOver = true;
      failures = deps.nowMs() - openedAtMs > HELD_MS ? 0 : failures + 1;
      const waitMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures);
      deps.log.warn('the broker is not there; trying again', { queue: options.queue, reason, waitMs });
      delay(waitMs, undefined, { signal: stopping.signal, ref: false }).then(
        () => (connection = connect()),
        () => undefined,
      );
    };
    current.on('receiver_open', ({ receiver }: EventContext) => receiver?.add_credit(IN_HAND));
    current.on('message', (context: EventContext) => void onMessage(context));
    current.on('receiver_close', ({ receiver }: EventContext) => {
      onEnd(`the queue was closed: ${nameOfError(receiver?.error)}`);
      current.close();
    });
    current.on('connection_close', () => onEnd(`the connection was closed: ${nameOfError(current.error)}`));
    current.on('disconnected', ({ error }: EventContext) => onEnd(nameOfError(error)));
    // Each is followed by one of the above; without a listener the library would throw it.
    for (const name of ['receiver_error', 'session_error', 'connection_error', 'protocol_error', 'error'])
      current.on(name, () => undefined);
    current.open_receiver({ source: { address: options.queue }, autoaccept: false, credit_window: 0 });
    return current;
  }

  return {
    async close() {
      stopping.abort();
      const last = connection;
      if (last.is_open()) {
        const closed = new Promise<void>((resolve) => {
          last.once('connection_close', () => resolve());
          last.once('disconnected', () => resolve());
        });
        last.close();
        await Promise.race([closed, delay(1_000, undefined, { ref: false })]);
      }
      // By an error, or the library leaves its heartbeat running.
      (last.socket as Socket | undefined)?.destroy(new Error('closed'));
    },
  };
}

/** Accepted: queued, or nothing to act on. Rejected: never usable, for the broker's own dead letters. Released: another time. */
async function settle(
  deps: GitHubDoorDeps,
  { message, delivery }: EventContext,
  retryMs: number,
  stopping: AbortSignal,
): Promise<void> {
  const body = bytesOf(message?.body);
  try {
    const { outcome, reason } =
      body === undefined
        ? ({ outcome: 'refused', reason: 'the body is neither text nor bytes' } as const)
        : await takeBrokerMessage(deps, { body, properties: message?.application_properties ?? {} });
    deps.log[outcome === 'refused' ? 'warn' : 'info']('a message of the broker', { outcome, reason });
    if (outcome === 'refused')
      delivery?.reject({ condition: 'amqp:precondition-failed', description: reason });
    else delivery?.accept();
  } catch (error) {
    deps.log.error('a message of the broker could not be queued; it is given back', { error });
    await delay(retryMs, undefined, { signal: stopping, ref: false }).catch(() => undefined);
    delivery?.release({ delivery_failed: false, undeliverable_here: false });
  }
}

function connectionOptions({ url, ca }: AmqpSourceOptions): ConnectionOptions {
  const { protocol, hostname, port, username, password } = new URL(url);
  if (protocol !== 'amqp:' && protocol !== 'amqps:')
    throw new Error('AMQP_URL must begin with amqp:// or amqps://');
  const common = {
    host: hostname,
    username: username === '' ? 'anonymous' : decodeURIComponent(username),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    idle_time_out: 30_000,
  };
  if (protocol === 'amqp:') return { ...common, port: Number(port || 5672), transport: 'tcp' };
  return {
    ...common,
    port: Number(port || 5671),
    transport: 'tls',
    servername: hostname,
    ...(ca === undefined ? {} : { ca: trustedCertificates(ca) }),
  };
}

/** A JMS text message is an AMQP string; bytes come as one or more data sections. */
function bytesOf(body: unknown): Buffer | undefined {
  if (typeof body === 'string') return Buffer.from(body);
  if (Buffer.isBuffer(body)) return body;
  const { typecode, content } = (body ?? {}) as { typecode?: unknown; content?: unknown };
  const parts = [content].flat();
  return typecode === DATA_SECTION && parts.every((part) => Buffer.isBuffer(part))
    ? Buffer.concat(parts)
    : undefined;
}

/** Only the condition: a description may hold what the client sent. */
function nameOfError(error: unknown): string {
  const { condition, code, message } = (error ?? {}) as Record<string, unknown>;
  return [condition, code, message].find((text): text is string => typeof text === 'string') ?? 'unknown';
}
