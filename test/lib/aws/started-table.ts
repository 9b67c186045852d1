/** A table on a real embedded DynamoDB, behind a socket that notes every operation, with a clock that the test moves. */
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createDocumentTable, type DocumentTable } from '../../../lib/aws/document-table.ts';
import { createTable } from '../../../infra/local/stores/create-stores.ts';
import { startEmbeddedStores } from '../../../infra/local/stores/embedded-stores.ts';

export interface StartedTable {
  readonly table: DocumentTable;
  /** Operations as they were seen at the socket: `PutItem`, `Query`… */
  readonly operations: string[];
  readonly clock: { nowMs: number };
  /** Before this operation reaches the server the next time, that is done. */
  before(operation: string, act: () => Promise<unknown>): void;
  close(): Promise<void>;
}

export async function startTable(): Promise<StartedTable> {
  const stores = await startEmbeddedStores(undefined);
  const operations: string[] = [];
  const acts = new Map<string, () => Promise<unknown>>();
  const watch = await startWatch(stores.dynamoDbUrl, async (operation) => {
    operations.push(operation);
    const act = acts.get(operation);
    acts.delete(operation);
    await act?.();
  });
  const config = { region: 'us-east-1', credentials: stores.credentials };
  await createTable('perf-bot-test', { ...config, endpoint: stores.dynamoDbUrl });
  return {
    table: createDocumentTable('perf-bot-test', { ...config, endpoint: watch.url }),
    operations,
    clock: { nowMs: 1_800_000_000_000 },
    before: (operation, act) => void acts.set(operation, act),
    async close() {
      await watch.close();
      await stores.close();
    },
  };
}

/** Hands everything on as it is. */
async function startWatch(target: string, see: (operation: string) => Promise<void>) {
  const server = createServer((incoming, outgoing) => {
    const operation = String(incoming.headers['x-amz-target']).split('.').at(-1) ?? '';
    void see(operation).then(() => {
      const { method, headers, url } = incoming;
      const sent = httpRequest(`${target}${url}`, { method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
      });
      sent.on('error', () => outgoing.destroy());
      incoming.pipe(sent);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => closed(server) };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
