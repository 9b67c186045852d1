/** Whatever a lab says, no secret that the bot knows is in it: in each form, over several lines, and at every edge of what is kept. */
import { describe, expect, test } from '@jest/globals';
import { discreet } from '../../../lib/perflab/discreet-executor.ts';
import type { JobExecutor, StartRequest } from '../../../lib/perflab/job-executor.ts';

const TOKEN = 'jenkins-key-of-this-project';
const KEY_LINES = Array.from(
  { length: 12 },
  (_, line) => `${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC'}${line}abcdefghijklmnop`,
);
const PEM = ['-----BEGIN PRIVATE KEY-----', ...KEY_LINES, '-----END PRIVATE KEY-----'].join('\n');
const SECRETS = [`perf-bot:${TOKEN}`, TOKEN, PEM];
const request = {} as StartRequest;

/** A lab that says this text wherever it can say something. */
function labSaying(text: string): JobExecutor {
  return discreet(
    {
      platform: 'jenkins',
      can: { find: true, status: true, logs: true },
      checkConnection: () => Promise.resolve([]),
      startJob: () => Promise.resolve({ kind: 'unknown', message: text }),
      findRun: () => Promise.resolve(undefined),
      getJobStatus: () => Promise.resolve({ phase: 'failed', ref: {}, reason: text, stage: text }),
      cancelRun: () => Promise.resolve('requested'),
      logTail: (_request, _ref, maxBytes) => Promise.resolve(text.slice(-maxBytes)),
    },
    SECRETS,
  );
}

async function allSaid(text: string, maxBytes = 16_384): Promise<string> {
  const lab = labSaying(text);
  return JSON.stringify([
    await lab.startJob(request),
    await lab.getJobStatus(request, {}),
    await lab.logTail(request, {}, maxBytes),
  ]);
}

describe('the project’s own key', () => {
  test.each([
    `+ curl -u perf-bot:${TOKEN} https://ci`,
    `Authorization: Basic ${Buffer.from(`perf-bot:${TOKEN}`).toString('base64')}`,
    `sending ${TOKEN} as it is`,
    `https://ci/?x=${encodeURIComponent(TOKEN)}`,
  ])('is struck from %s', async (line) => {
    const said = await allSaid(`before\n${line}\nafter`);
    expect(said).not.toContain(TOKEN);
    expect(said).not.toContain(Buffer.from(`perf-bot:${TOKEN}`).toString('base64').slice(0, 20));
    expect(said).toContain('after');
  });
});

describe('a key of several lines', () => {
  test('is struck where each line has a time before it', async () => {
    const stamped = PEM.split('\n')
      .map((line) => `2026-12-01T10:00:00.000Z ${line}`)
      .join('\n');
    const said = await allSaid(`begin\n${stamped}\nend`);
    for (const line of KEY_LINES) expect(said).not.toContain(line);
  });

  test('leaves no part wherever the kept end of the log begins', async () => {
    const other = PEM.replaceAll('MIIE', 'MIIX');
    const log = `begin\n${other}\nend of the log\n`;
    for (let maxBytes = 16; maxBytes < log.length; maxBytes += 7) {
      const tail = (await labSaying(log).logTail(request, {}, maxBytes)) ?? '';
      expect(tail).not.toMatch(/MIIX|abcdefghijklmnop/);
    }
  });
});
