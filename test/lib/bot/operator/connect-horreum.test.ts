/** Registering at Horreum: rotation without a gap, other people's webhooks left alone, and rights that the key lacks. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  startHorreumStandIn,
  type HorreumStandIn,
} from '../../../../infra/local/horreum/horreum-stand-in.ts';
import { connectHorreum, eventFor } from '../../../../lib/bot/operator/connect-horreum.ts';
import { UserError } from '../../../../lib/bot/record/errors.ts';
import type { ProjectConfig } from '../../../../lib/bot/projects/project-config.ts';
import { horreumUrl } from '../../../../lib/bot/projects/project-urls.ts';
import { maskUrlTokens } from '../../../../lib/http/redact.ts';
import { createHorreumAdmin, type HorreumAdmin } from '../../../../lib/horreum/horreum-admin.ts';
import { UpstreamError } from '../../../../lib/http/upstream-error.ts';
import { createOutsideCall } from '../../../../lib/http/outside-call.ts';

const PUBLIC_URL = 'https://perf.example.com';
const EVENT = 'dataset_labels/computed';
let standIn: HorreumStandIn;
let horreum: HorreumAdmin;
let project: ProjectConfig;
let testId: string;

beforeEach(async () => {
  standIn = await startHorreumStandIn();
  testId = String(standIn.seedSampleProject().testId);
  horreum = createHorreumAdmin({
    call: createOutsideCall(),
    nowMs: () => Date.now(),
    baseUrl: standIn.url,
    apiKey: standIn.apiKey,
  });
  const datastoreConfig = { testId };
  project = {
    projectId: 'pabc',
    repoFullName: 'acme/webshop',
    jobs: {
      smoke: { platformJobId: 'smoke', datastoreConfig },
      soak: { platformJobId: 'soak', datastoreConfig },
      plain: { platformJobId: 'plain' },
    },
    secretNames: [],
    activatedAtMs: 0,
    version: 1,
  };
});
afterEach(() => standIn.close());

const connect = (secrets: string[], jobId?: string) =>
  connectHorreum({ publicUrl: PUBLIC_URL, tokenSecrets: secrets, horreum }, project, jobId);
const urls = async () => (await horreum.listActions(Number(testId))).map(({ url }) => url);

test('two jobs of one test get one webhook, after its site was allowed without a secret in it', async () => {
  const connected = await connect(['first']);
  expect(connected).toEqual([
    {
      jobs: ['smoke', 'soak'],
      testId,
      event: EVENT,
      url: `${PUBLIC_URL}/horreum/pabc.${testId}.***/${EVENT}`,
      outcome: 'registered',
      removed: 0,
      allowedSite: `${PUBLIC_URL}/`,
    },
  ]);
  expect(await urls()).toEqual([horreumUrl(PUBLIC_URL, 'first', 'pabc', testId, EVENT)]);
  expect(await connect(['first'])).toMatchObject([{ outcome: 'was registered', removed: 0 }]);
  expect(await urls()).toHaveLength(1);
});

test('a rotation registers the new URL before the old one goes, and leaves all others alone', async () => {
  await connect(['old']);
  await horreum.allowSite('https://other.example/');
  const others = [
    { event: EVENT, url: 'https://other.example/hook' },
    { event: EVENT, url: horreumUrl(PUBLIC_URL, 'old', 'pother', testId, EVENT) },
    { event: 'run/new', url: horreumUrl(PUBLIC_URL, 'old', 'pabc', testId, 'run/new') },
  ];
  for (const other of others) await horreum.createAction({ testId: Number(testId), ...other });
  const order: string[] = [];
  const watched: HorreumAdmin = {
    ...horreum,
    createAction: (action) => (order.push('create'), horreum.createAction(action)),
    deleteAction: (id) => (order.push('delete'), horreum.deleteAction(id)),
  };
  const connected = await connectHorreum(
    { publicUrl: PUBLIC_URL, tokenSecrets: ['new', 'old'], horreum: watched },
    project,
    'smoke',
  );
  expect(connected).toMatchObject([{ outcome: 'registered', removed: 1 }]);
  expect(order).toEqual(['create', 'delete']);
  expect((await urls()).sort()).toEqual(
    [...others.map(({ url }) => url), horreumUrl(PUBLIC_URL, 'new', 'pabc', testId, EVENT)].sort(),
  );
});

test('what the key may not do is said with who can: an admin for the site, a tester for the webhook', async () => {
  const refuse = () => Promise.reject(new UpstreamError('403', { retryable: false, status: 403 }));
  const withLess = (less: Partial<HorreumAdmin>) =>
    connectHorreum(
      { publicUrl: PUBLIC_URL, tokenSecrets: ['s'], horreum: { ...horreum, ...less } },
      project,
      undefined,
    );
  await expect(withLess({ allowSite: refuse })).rejects.toThrow(
    /only an admin.*https:\/\/perf\.example\.com\//,
  );
  await expect(withLess({ listActions: refuse })).rejects.toThrow('role tester');
  await expect(withLess({ createAction: refuse })).rejects.toThrow('role tester');
  expect(await urls()).toEqual([]);
});

test('without a secret, a test or such a job nothing is registered', async () => {
  await expect(connect([])).rejects.toThrow(UserError);
  await expect(connect(['s'], 'plain')).rejects.toThrow('has no Horreum test');
  await expect(connect(['s'], 'smok')).rejects.toThrow('There is no job smok');
});

test.each([
  ['0.19.0', EVENT],
  ['0.20.1-SNAPSHOT', EVENT],
  ['1.0.0', EVENT],
  ['0.18.1', 'experiment_result/new'],
])('Horreum %s is asked for %s', (version, event) => {
  expect(eventFor(version)).toBe(event);
});

test('the secret part of our URLs is struck out of any text', () => {
  const url = horreumUrl(PUBLIC_URL, 's', 'pabc', '10', EVENT);
  const text = `Failed to POST ${url}: refused`;
  expect(maskUrlTokens(text)).toBe(`Failed to POST ${PUBLIC_URL}/horreum/pabc.10.***/${EVENT}: refused`);
});
