/** `doctor` on a bot that is broken in one way at a time: each way has a finding of its own, with a remedy and no secret. */
import type { Finding } from '../../../lib/finding.ts';
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startLocalWorld, type LocalWorld } from '../../../infra/local/scene/local-world.ts';
import { adminDeps } from '../../../lib/wiring/admin.ts';
import type { BotEnvironment } from '../../../lib/wiring/environment.ts';

let world: LocalWorld;
beforeAll(async () => {
  world = await startLocalWorld({ baselineRuns: 0 });
  world.github.hook.url = `${world.url}/github`;
});
afterAll(() => world.close());

/** What is wrong, in a bot whose environment differs in `changes`. */
async function wrongWith(changes: Partial<BotEnvironment>): Promise<Finding[]> {
  const { admin } = adminDeps({ ...world.local.environment, ...changes });
  const findings = [
    ...(await (await admin()).checkSystem()),
    ...(await (await admin()).check({ repoFullName: 'acme/webshop', jobs: {} }, 'p-nobody')),
  ];
  return findings.filter(({ ok }) => !ok);
}

const otherKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
  type: 'pkcs1',
  format: 'pem',
}) as string;

test('nothing is wrong with it as it is', async () => {
  expect(await wrongWith({})).toEqual([]);
});

test.each<[string, Partial<BotEnvironment>, RegExp]>([
  ['no key', { gitHubApp: () => Promise.resolve(undefined) }, /private key are not set/],
  [
    'a key that is no key',
    { gitHubApp: () => Promise.resolve({ appId: '4242', privateKey: 'hunter2' }) },
    /not a valid PEM/,
  ],
  [
    'the key of another App',
    { gitHubApp: () => Promise.resolve({ appId: '4242', privateKey: otherKey }) },
    /GitHub refuses/,
  ],
  [
    'no webhook secret',
    { gitHubWebhookSecrets: () => Promise.resolve([]) },
    /every delivery is answered 503/,
  ],
  [
    'no URL token secret',
    { urlTokenSecrets: () => Promise.resolve([]) },
    /Horreum and of jobs are answered 503/,
  ],
])('%s', async (_name, changes, said) => {
  const wrong = await wrongWith(changes);
  expect(wrong.map(({ message }) => message)).toEqual(expect.arrayContaining([expect.stringMatching(said)]));
  expect(wrong.every(({ remedy }) => remedy !== undefined)).toBe(true);
  expect(JSON.stringify(wrong)).not.toMatch(/hunter2|BEGIN RSA/);
});

test('a webhook that sends forms to another place', async () => {
  const { hook } = world.github;
  const before = { url: hook.url, contentType: hook.contentType };
  Object.assign(hook, { url: 'https://elsewhere.example/', contentType: 'form' });
  const wrong = await wrongWith({});
  Object.assign(hook, before);
  expect(wrong.map(({ subject }) => subject)).toEqual(['GitHub webhook', 'GitHub webhook']);
});
