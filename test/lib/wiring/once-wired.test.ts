/** A rotated App key reaches a function that is already running. */
import { describe, expect, test } from '@jest/globals';
import type { BotEnvironment, GitHubAppKey } from '../../../lib/wiring/environment.ts';
import { onceWired } from '../../../lib/wiring/workers.ts';

function environmentWith(gitHubApp: () => Promise<GitHubAppKey | undefined>): BotEnvironment {
  return {
    variables: {
      TABLE_NAME: 'table',
      RUNS_QUEUE_URL: 'http://127.0.0.1:9/runs',
      COMMANDS_QUEUE_URL: 'http://127.0.0.1:9/commands',
    },
    sink: () => undefined,
    nowMs: () => 0,
    gitHubWebhookSecrets: () => Promise.resolve([]),
    urlTokenSecrets: () => Promise.resolve([]),
    gitHubApp,
    projectSecrets: {
      get: () => Promise.resolve({}),
      put: () => Promise.resolve(),
      remove: () => Promise.resolve(),
    },
    labCa: () => Promise.resolve(undefined),
  };
}

describe('onceWired', () => {
  test('joins the parts once while the key is the same, and anew when it is another', async () => {
    let privateKey = 'old';
    const wired = onceWired(
      environmentWith(() => Promise.resolve({ appId: '1', privateKey })),
      'run-worker',
    );
    const first = await wired();
    expect(await wired()).toBe(first);
    privateKey = 'new';
    const second = await wired();
    expect(second).not.toBe(first);
    expect(await wired()).toBe(second);
  });

  test('keeps what it has while the secret store does not answer', async () => {
    let answers = true;
    const wired = onceWired(
      environmentWith(() =>
        answers ? Promise.resolve({ appId: '1', privateKey: 'key' }) : Promise.reject(new Error('down')),
      ),
      'run-worker',
    );
    const first = await wired();
    answers = false;
    expect(await wired()).toBe(first);
  });

  test('waits for the first key', async () => {
    let key: GitHubAppKey | undefined = undefined;
    const wired = onceWired(
      environmentWith(() => Promise.resolve(key)),
      'run-worker',
    );
    await expect(wired()).rejects.toThrow('id and private key are not set');
    key = { appId: '1', privateKey: 'key' };
    await expect(wired()).resolves.toBeDefined();
  });
});
