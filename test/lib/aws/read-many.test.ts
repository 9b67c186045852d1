/** Many records at once: what DynamoDB leaves out of an answer is asked for again, and the order is the caller's. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createDocumentTable } from '../../../lib/aws/document-table.ts';

interface Key {
  readonly pk: { readonly S: string };
}

/** The most that an answer of this stand-in holds, as 16 MB are DynamoDB's. */
const FITS = 40;
const asked: number[] = [];
let server: Server;
let url = '';

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const { RequestItems } = JSON.parse(text) as { RequestItems: { runs: { Keys: Key[] } } };
      const { Keys } = RequestItems.runs;
      asked.push(Keys.length);
      const there = Keys.slice(0, FITS).filter(({ pk }) => pk.S !== 'RUN#gone');
      const left = Keys.slice(FITS);
      const answer = {
        Responses: { runs: there.toReversed() }, // DynamoDB promises no order
        UnprocessedKeys: left.length > 0 ? { runs: { Keys: left } } : {},
      };
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => void (asked.length = 0));

const table = () =>
  createDocumentTable('runs', {
    region: 'eu-west-1',
    endpoint: url,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  });

test('all that are there come, in the order that was asked for, a hundred keys a call at most', async () => {
  const pks = Array.from({ length: 130 }, (_, at) => `RUN#${130 - at}`);
  const items = await table().getAll([...pks.slice(0, 7), 'RUN#gone', ...pks.slice(7)]);
  expect(items.map(({ pk }) => pk)).toEqual(pks);
  expect(Math.max(...asked)).toBe(100);
});

test('nothing asked for is no call', async () => {
  expect(await table().getAll([])).toEqual([]);
  expect(asked).toEqual([]);
});
