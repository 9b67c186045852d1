/** A small AMQP 1.0 broker for tests: one queue in memory behind real sockets, SASL and frames, which tells how each message was settled. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import rhea, { type EventContext, type Message, type Sender } from 'rhea';

export interface AmqpBroker {
  readonly url: string;
  /** `accepted`, `rejected` or `released`, in the order in which it happened. */
  readonly outcomes: string[];
  readonly connections: () => number;
  put(message: Message): void;
  /** Cuts every connection, as a broker that dies does. */
  cut(): void;
  close(): Promise<void>;
}

export const QUEUE = 'github-events';

export async function startAmqpBroker(user: { name: string; password: string }): Promise<AmqpBroker> {
  const container = rhea.create_container({ id: 'test-broker', non_fatal_errors: [] });
  const mechanisms = container.sasl_server_mechanisms as {
    enable_plain(check: (name: string, password: string) => boolean): void;
  };
  mechanisms.enable_plain(
    (name: string, password: string) => name === user.name && password === user.password,
  );
  const waiting: Message[] = [];
  const inHand = new Map<number, Message>();
  const senders = new Set<Sender>();
  const sockets = new Set<{ destroy(error: Error): void }>();
  const outcomes: string[] = [];
  let connections = 0;

  const deliver = () => {
    for (const sender of senders) {
      while (sender.sendable() && waiting.length > 0) {
        const message = waiting.shift() as Message;
        inHand.set(sender.send(message).id, message);
      }
    }
  };
  const settled = (outcome: string) => (context: EventContext) => {
    const id = context.delivery?.id as number;
    const message = inHand.get(id);
    inHand.delete(id);
    outcomes.push(outcome);
    if (outcome === 'released' && message) waiting.unshift(message);
    deliver();
  };
  container.on('connection_open', () => (connections += 1));
  container.on('sender_open', ({ sender }: EventContext) => {
    if (!sender) return;
    if (sender.source.address !== QUEUE)
      return sender.close({ condition: 'amqp:not-found', description: 'no such queue' });
    senders.add(sender);
  });
  container.on('sendable', deliver);
  container.on('accepted', settled('accepted'));
  container.on('rejected', settled('rejected'));
  container.on('released', settled('released'));
  const takeBack = () => {
    senders.clear();
    waiting.unshift(...inHand.values());
    inHand.clear();
  };
  container.on('disconnected', takeBack);
  for (const name of ['error', 'connection_error', 'protocol_error', 'sender_error'])
    container.on(name, () => undefined);
  const server = container.listen({ port: 0, host: '127.0.0.1' });
  server.on('connection', (socket) => sockets.add(socket));
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const cut = () => {
    for (const socket of sockets) socket.destroy(new Error('cut'));
    sockets.clear();
    takeBack();
  };
  return {
    url: `amqp://${encodeURIComponent(user.name)}:${encodeURIComponent(user.password)}@127.0.0.1:${port}`,
    outcomes,
    connections: () => connections,
    put(message) {
      waiting.push(message);
      deliver();
    },
    cut,
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
