/** On Lambda the secrets are asked for while a function initialises, once, and again if that failed; their names come from the settings. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { lambdaEnvironment } from '../../../lib/wiring/lambda-environment.ts';
import { startStub, type Stub } from '../../bench/start-stub.ts';

const before = { ...process.env };
let stub: Stub;
beforeEach(async () => {
  stub = await startStub({
    delayMs: 0,
    secrets: {
      webhook: JSON.stringify({ githubWebhookSecret: 'new, old', urlTokenSecret: 'token' }),
      'perf-bot/projects/pabc': JSON.stringify({ jobPlatformApiKey: 'k' }),
    },
  });
  Object.assign(process.env, {
    AWS_LAMBDA_FUNCTION_NAME: 'github-webhook',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: stub.url,
    WEBHOOK_SECRET_ID: 'webhook',
  });
});
afterEach(async () => {
  process.env = { ...before };
  await stub.close();
});

test('the secret is on its way before the first event, and one read serves all', async () => {
  const environment = lambdaEnvironment();
  expect(await environment.gitHubWebhookSecrets()).toEqual(['new', 'old']);
  expect(await environment.urlTokenSecrets()).toEqual(['token']);
  expect(stub.calls).toEqual(['secretsmanager.GetSecretValue']);
});

test('a secret that is not filled in yet is asked for again, not remembered as empty', async () => {
  process.env['WEBHOOK_SECRET_ID'] = 'not-filled-in';
  const environment = lambdaEnvironment();
  expect(await environment.gitHubWebhookSecrets()).toEqual([]);
  expect(await environment.gitHubWebhookSecrets()).toEqual([]);
  expect(stub.calls).toHaveLength(2);
});

test('a read that fails while it initialises harms nobody but the event that needs it', async () => {
  process.env['AWS_ENDPOINT_URL_SECRETS_MANAGER'] = 'http://127.0.0.1:1';
  const environment = lambdaEnvironment();
  await expect(environment.gitHubWebhookSecrets()).rejects.toThrow('no answer');
});

test('elsewhere nothing is read before it is asked for', async () => {
  delete process.env['AWS_LAMBDA_FUNCTION_NAME'];
  const environment = lambdaEnvironment();
  expect(stub.calls).toEqual([]);
  expect(await environment.urlTokenSecrets()).toEqual(['token']);
  expect(stub.calls).toHaveLength(1);
});

test('names of secrets are read as the settings read them: spaces around them do not count, and an empty one is its default', async () => {
  Object.assign(process.env, { WEBHOOK_SECRET_ID: ' webhook ', PROJECT_SECRET_PREFIX: '' });
  const environment = lambdaEnvironment();
  expect(await environment.urlTokenSecrets()).toEqual(['token']);
  expect(await environment.projectSecrets.get('pabc')).toEqual({ jobPlatformApiKey: 'k' });
});
