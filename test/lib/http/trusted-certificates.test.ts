/** A private authority is trusted beside the public ones, not in their place: both servers are reached in one process. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const fixtures = new URL('../../fixtures/tls/', import.meta.url);
const pathOf = (name: string) => fileURLToPath(new URL(name, fixtures));
const servers: Server[] = [];

beforeAll(async () => {
  for (const authority of ['public', 'private']) {
    const server = createServer(
      {
        key: readFileSync(pathOf(`${authority}-server.key`)),
        cert: readFileSync(pathOf(`${authority}-server.pem`)),
      },
      (_request, response) => response.end(`reached ${authority}`),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    servers.push(server);
  }
});

afterAll(() => servers.forEach((server) => server.close()));

/** Calls both servers in a process of its own, to which the public authority is as known as any. */
async function answers(ca: string | undefined): Promise<unknown> {
  const urls = servers.map((server) => `https://localhost:${(server.address() as AddressInfo).port}/`);
  const script = `
    import { createOutsideCall } from ${JSON.stringify(new URL('../../../lib/http/outside-call.ts', import.meta.url).href)};
    const call = createOutsideCall({ ca: ${JSON.stringify(ca)} });
    const said = ${JSON.stringify(urls)}.map((url) => call({ method: 'GET', url }).then(({ text }) => text, () => 'not trusted'));
    console.log(JSON.stringify(await Promise.all(said)));
    process.exit();`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: pathOf('public-ca.pem'), NODE_OPTIONS: '' },
  });
  return JSON.parse(stdout);
}

test('without a private authority only the public one is trusted, with it both', async () => {
  expect(await answers(undefined)).toEqual(['reached public', 'not trusted']);
  expect(await answers(readFileSync(pathOf('private-ca.pem'), 'utf8'))).toEqual([
    'reached public',
    'reached private',
  ]);
});
