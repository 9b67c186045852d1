/** The bot against the barest outside systems, with a project file of the original's shape: what only decorates may be missing. */
import { createHmac, generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createLocalEnvironment } from '../../infra/local/server/local-environment.ts';
import { startLocalServer } from '../../infra/local/server/local-server.ts';
import { projectUrls, storeProject } from '../../lib/bot/operator/admin.ts';
import { adminDeps } from '../../lib/wiring/admin.ts';
import { startPlainOutside, type PlainOutside } from './plain-outside.ts';
import { until } from './until.ts';
import { verdictsIn } from './watch-pull.ts';

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const SECRET = 'webhook secret';

const ORIGINAL_FILE = {
  id: 'getting-started',
  repoFullName: 'o/r',
  repositoryUrl: 'https://github.com/o/r',
  authorizedUsers: ['octo'],
  datastoreApiKey: 'HUSR_00000000_0000_0000_0000_000000000000',
  jobPlatformUser: 'admin',
  jobPlatformApiKey: 'a-token',
  jobs: {
    'getting-started': {
      name: 'getting-started',
      platformJobId: 'getting-started',
      pullRequestNumberParam: 'PULL_REQUEST_NUMBER',
      repoFullNameParam: 'REPO_FULL_NAME',
      repoCommitParam: 'APP_COMMIT',
      datastoreConfig: { testId: '10', viewId: '2' },
      configurableParams: {},
    },
  },
};

interface Door {
  readonly url: string;
  readonly callbackUrl: string;
  readonly horreumUrl: string;
}

async function withBot(play: (outside: PlainOutside, door: Door) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'perf-bot-'));
  const outside = await startPlainOutside();
  const local = await createLocalEnvironment(
    {
      GITHUB_API_URL: outside.urls.github,
      GITHUB_APP_ID: '1',
      GITHUB_PRIVATE_KEY: privateKey.replaceAll('\n', '\\n'),
      GITHUB_WEBHOOK_SECRET: SECRET,
      JENKINS_URL: outside.urls.jenkins,
      HORREUM_URL: outside.urls.horreum,
      PUBLIC_URL: 'http://bot.example',
    },
    { dataDir: undefined, secretsDir: folder, sink: () => undefined },
  );
  const server = await startLocalServer(local, { port: 0 });
  const url = `http://127.0.0.1:${server.port}`;
  const here = (address: string) => address.replace('http://bot.example', url);
  try {
    const admin = await adminDeps(local.environment).admin();
    await storeProject(admin, ORIGINAL_FILE, { skipChecks: true });
    const urls = await projectUrls(admin, 'o/r');
    await play(outside, {
      url,
      callbackUrl: here(urls.perflab),
      horreumUrl: here(urls.horreum.find(({ event }) => event === 'run/new')?.url ?? ''),
    });
  } finally {
    await server.close();
    await outside.close();
    await local.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function comment(url: string, body: string): Promise<number> {
  const payload = JSON.stringify({
    action: 'created',
    issue: { number: 7, pull_request: {} },
    comment: { id: 99, body, user: { id: 5, login: 'octo' }, created_at: new Date().toISOString() },
    repository: { id: 8, full_name: 'o/r', private: false },
    installation: { id: 1 },
    sender: { id: 5, login: 'octo' },
  });
  const answer = await fetch(`${url}/github`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'issue_comment',
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': `sha256=${createHmac('sha256', SECRET).update(payload).digest('hex')}`,
    },
    body: payload,
  });
  return answer.status;
}

const callBack = (url: string) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      jobId: 'getting-started',
      buildNumber: '42',
      repoFullName: 'o/r',
      pullRequestNumber: 7,
    }),
  });

const statusOf = ({ comments }: PlainOutside) =>
  comments.find(({ body }) => body.includes('perf-bot:status'))?.body ?? '';

test.concurrent('the main job', async () => {
  await withBot(async (outside, { url, callbackUrl, horreumUrl }) => {
    expect(await comment(url, '/perf-bot run getting-started')).toBe(202);
    await until('the build was asked for', () => outside.builds[0]);
    expect(outside.builds).toEqual([
      {
        PULL_REQUEST_NUMBER: '7',
        REPO_FULL_NAME: 'o/r',
        APP_COMMIT: outside.headSha,
        PERF_BOT_RUN: expect.any(String),
      },
    ]);
    // Told before the run is there, and called back while the build still runs, as the original's job does.
    const told = await fetch(horreumUrl, {
      method: 'POST',
      body: JSON.stringify({ id: 57, testid: 10, data: {} }),
    });
    expect([told.status, (await callBack(callbackUrl)).status]).toEqual([202, 202]);
    await until('the status comment appears', () => statusOf(outside));
    outside.uploaded = true;
    outside.building = false;
    await until('it is reported', () =>
      outside.comments.some(({ body }) => body.includes('perf-bot:mention')),
    );
    await until('the check has ended', () => outside.checks[0]?.['conclusion']);
    expect(verdictsIn(statusOf(outside))).toMatchObject([{ state: 'reported' }]);
    expect(statusOf(outside)).toMatch(/mean.*720.*951.*32\.1%/is);
    expect(outside.comments.filter(({ body }) => body.includes('@octo'))).toHaveLength(1);
    expect(outside.comments).toHaveLength(2);
    expect(outside.reactions).toEqual(['eyes']);
    expect(outside.builds).toHaveLength(1);
  });
});

test.concurrent('a failed job shows the end of its log', async () => {
  await withBot(async (outside, { url, callbackUrl }) => {
    await comment(url, '/perf-bot run getting-started');
    await until('the build was asked for', () => outside.builds[0]);
    outside.result = 'FAILURE';
    outside.building = false;
    await until('the status comment appears', () => statusOf(outside));
    await callBack(callbackUrl);
    await until('the check has ended', () => outside.checks[0]?.['conclusion'] === 'failure');
    await until('the log is shown', () => statusOf(outside).includes('it does not compile'));
  });
});
