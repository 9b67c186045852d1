/** One embedded DynamoDB serves all worlds of a process; each world has a table of its own. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';
import { createTable } from '../../infra/local/stores/create-stores.ts';
import { createDocumentTable, type DocumentTable } from '../../lib/aws/document-table.ts';

export interface FreshTable {
  readonly name: string;
  /** Of the embedded DynamoDB. */
  readonly url: string;
  /** Past the fault proxy. */
  readonly table: DocumentTable;
}

let embedded: Promise<{ readonly server: Server; readonly url: string }> | undefined;
let tablesMade = 0;

export async function makeFreshTable(): Promise<FreshTable> {
  const { url } = await (embedded ??= startDynamoDb());
  const name = `perf-bot-${(tablesMade += 1)}`;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const config = { region: 'us-east-1', endpoint: url, credentials };
  await createTable(name, config);
  // Patient: thousands of calls at once wait for each other here, as they do not on AWS.
  return { name, url, table: createDocumentTable(name, { ...config, requestHandler: {} }) };
}

export async function closeEmbeddedTables(): Promise<void> {
  const open = await embedded;
  embedded = undefined;
  await new Promise<void>((resolve) => (open ? open.server.close(() => resolve()) : resolve()));
  open?.server.closeAllConnections();
}

function startDynamoDb(): NonNullable<typeof embedded> {
  return new Promise((resolve, reject) => {
    const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      server.unref();
      resolve({ server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
    });
  });
}
