/** GitHub's limits are one for all functions: who is refused tells the others, and they wait without asking. */
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { createDynamoLimits } from '../../../lib/aws/dynamo-limits.ts';
import { createGitHubApp, type GitHubApp } from '../../../lib/github/github-app.ts';
import { withCallLimits } from '../../../lib/github/limited-app.ts';
import { createOutsideCall } from '../../../lib/http/outside-call.ts';
import { createCallLimits } from '../../../lib/http/call-limits.ts';
import { UpstreamError } from '../../../lib/http/upstream-error.ts';
import { createGitHubActionsExecutor } from '../../../lib/perflab/github-actions/github-actions.ts';
import { startTable, type StartedTable } from '../aws/started-table.ts';
import { startRawServer, type RawServer } from '../http/raw-server.ts';

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const SPREAD = 0.5; // of 15 s
const WORKFLOW_RUN = {
  attemptKey: 'pb-1-1',
  job: 'bench.yml',
  parameters: {},
  requestedAtMs: 0,
  subject: { repository: 'acme/webshop', commit: 'a'.repeat(40) },
};
const WRITE = 'POST /repos/acme/webshop/issues/1/comments';
const READ = 'GET /repos/acme/webshop/pulls/1';

interface Refusal {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly message?: string;
}

let tables: StartedTable;
let gitHub: RawServer;
/** What GitHub answers to the next requests of an installation; after that all is well. */
let refusals: Refusal[] = [];
let installations = 0;
beforeAll(async () => {
  tables = await startTable();
  gitHub = await startRawServer((response, { path }) => {
    if (path.endsWith('/access_tokens'))
      return response
        .writeHead(201, { 'content-type': 'application/json' })
        .end(JSON.stringify({ token: 'ghs_x', expires_at: '2099-01-01T00:00:00Z', permissions: {} }));
    if (path.endsWith('/installation'))
      return response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ id: installations }));
    const { status, headers, message } = refusals.shift() ?? { status: 200 };
    return response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify({ message: message ?? '' }));
  });
});
afterEach(() => void (refusals = []));
afterAll(async () => {
  await gitHub.close();
  await tables.close();
});

/** Several containers that share nothing but the table; each is the App of one new installation. */
function containers(count: number) {
  const installation = (installations += 1);
  const { clock } = tables;
  const nowMs = () => clock.nowMs;
  const apps = Array.from({ length: count }, (): GitHubApp => {
    const app = createGitHubApp({
      keyOf: () => Promise.resolve({ appId: '1', privateKey }),
      apiUrl: gitHub.url,
      nowMs,
    });
    return withCallLimits(app, createCallLimits(createDynamoLimits(tables.table), nowMs), () => SPREAD);
  });
  return apps.map((app) => ({
    send: (route: string) =>
      app.request(installation, route, {}).then(
        () => 'done' as const,
        (error: unknown) => {
          if (!(error instanceof UpstreamError)) throw error;
          return error;
        },
      ),
    writesFromMs: () => app.writesFromMs(installation),
    startWorkflow: () =>
      createGitHubActionsExecutor(
        { call: createOutsideCall(), nowMs, accessTo: app.accessTo },
        { baseUrl: gitHub.url, settings: { repository: 'acme/webshop', ref: 'main' } },
      ).startJob(WORKFLOW_RUN),
  }));
}

const sent = () => gitHub.calls.filter(({ path }) => !/\/(access_tokens|installation)$/.test(path)).length;
const SECONDARY = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';

test('after one refusal no other container sends a write until the time that GitHub named, while reads go on', async () => {
  const [first, second] = containers(2);
  refusals = [{ status: 403, headers: { 'retry-after': '60' }, message: SECONDARY }];
  const refused = await first?.send(WRITE);
  expect(refused).toMatchObject({ status: 403, retryable: true, retryAfterMs: 67_500 });

  const before = sent();
  tables.clock.nowMs += 20_000;
  expect(await second?.send(WRITE)).toMatchObject({ retryable: true, retryAfterMs: 47_500 });
  expect(await second?.writesFromMs()).toBe(tables.clock.nowMs + 40_000);
  expect(sent()).toBe(before);
  expect(await second?.send(READ)).toBe('done');

  tables.clock.nowMs += 40_000;
  expect(await second?.send(WRITE)).toBe('done');
  expect(await first?.send(WRITE)).toBe('done');
});

test.each<[string, Refusal, number]>([
  ['429 with Retry-After', { status: 429, headers: { 'retry-after': '7' } }, 7_000],
  ['429 without a word', { status: 429 }, 60_000],
  ['the secondary limit without Retry-After', { status: 403, message: SECONDARY }, 60_000],
])('%s stops everything when it was a read that was refused', async (_name, refusal, waitMs) => {
  const [first, second] = containers(2);
  refusals = [refusal];
  await first?.send(READ);
  const before = sent();
  expect(await second?.send(READ)).toMatchObject({ retryAfterMs: waitMs + 7_500 });
  expect(await second?.send(WRITE)).toMatchObject({ retryAfterMs: waitMs + 7_500 });
  expect(sent()).toBe(before);
});

test('the hourly limit is kept until its reset', async () => {
  const [first, second] = containers(2);
  const resetMs = tables.clock.nowMs + 1_800_000;
  refusals = [
    {
      status: 403,
      headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(resetMs / 1000) },
      message: 'API rate limit exceeded',
    },
  ];
  await first?.send(READ);
  expect(await second?.writesFromMs()).toBe(resetMs);
});

test('a shorter limit never ends a longer one, and no answer silences the bot for longer than an hour', async () => {
  const [first, second, third] = containers(3);
  const startMs = tables.clock.nowMs;
  refusals = [{ status: 429, headers: { 'retry-after': '999999' } }];
  // Both know of nothing yet.
  expect(await second?.writesFromMs()).toBe(0);
  await first?.send(WRITE);
  refusals = [{ status: 429, headers: { 'retry-after': '5' } }];
  await second?.send(WRITE);
  const fromMs = (await third?.writesFromMs()) ?? 0;
  expect(fromMs).toBeGreaterThan(startMs + 3_600_000);
  expect(fromMs).toBeLessThan(startMs + 3_700_000);
});

test('a lab on GitHub Actions has the same limits: it tells of its refusals, and waits for those of others', async () => {
  const [lab, bot] = containers(2);
  refusals = [{ status: 403, headers: { 'retry-after': '60' }, message: SECONDARY }];
  await expect(lab?.startWorkflow()).rejects.toMatchObject({ status: 403, retryAfterMs: 67_500 });
  const before = sent();
  expect(await bot?.send(WRITE)).toMatchObject({ retryAfterMs: 67_500 });
  expect(sent()).toBe(before);
  expect(await bot?.send(READ)).toBe('done');

  tables.clock.nowMs += 60_000;
  refusals = [{ status: 429 }];
  await bot?.send(READ);
  tables.clock.nowMs += 5_000;
  await expect(lab?.startWorkflow()).rejects.toMatchObject({ retryable: true, retryAfterMs: 62_500 });
  expect(sent()).toBe(before + 2);
});

test('a missing permission is no limit', async () => {
  const [first, second] = containers(2);
  refusals = [{ status: 403, message: 'Resource not accessible by integration' }];
  expect(await first?.send(WRITE)).toMatchObject({ status: 403, retryable: false });
  expect(await second?.send(WRITE)).toBe('done');
});

test('what is known is read once in a few seconds, not once a request', async () => {
  const [one] = containers(1);
  const reads = () => tables.operations.filter((operation) => operation === 'GetItem').length;
  const before = reads();
  for (let call = 0; call < 10; call += 1) await one?.send(call % 2 === 0 ? READ : WRITE);
  expect(reads()).toBe(before + 1);
  tables.clock.nowMs += 3_000;
  await one?.send(READ);
  expect(reads()).toBe(before + 2);
});
