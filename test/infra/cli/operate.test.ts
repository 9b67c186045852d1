/** The command line against a running bot with stand-ins behind it: projects, checks, Horreum's webhook, runs, dead letters. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startLocalWorld, type LocalWorld } from '../../../infra/local/scene/local-world.ts';
import { createHorreumAdmin } from '../../../lib/horreum/horreum-admin.ts';
import { createOutsideCall } from '../../../lib/http/outside-call.ts';
import { adminDeps } from '../../../lib/wiring/admin.ts';
import { perfBot } from './run-cli.ts';

let world: LocalWorld;
let folder: string;
const variables = { URL_TOKEN_SECRET: 'first-secret' };
const cli = (...args: string[]) =>
  perfBot(args, {
    cwd: folder,
    env: { PERF_BOT_ADMIN_TOKEN: world.local.adminToken, PERF_BOT_API_URL: world.url },
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perf-bot-cli-'));
  world = await startLocalWorld({ speed: 100, baselineRuns: 6, variables });
  world.github.hook.url = `${world.url}/github`;
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

async function projectFile(name: string, change: (file: Record<string, unknown>) => void = () => undefined) {
  const file: Record<string, unknown> = {
    repoFullName: 'acme/other',
    datastoreUrl: world.horreum.url,
    datastoreApiKey: world.horreum.apiKey,
    jobPlatformUrl: world.jenkins.url,
    jobPlatformUser: 'admin',
    jobPlatformApiKey: 'jenkins-token',
    jobs: { smoke: { platformJobId: 'getting-started', datastoreConfig: { testId: '10' } } },
  };
  change(file);
  const path = join(folder, name);
  await writeFile(path, JSON.stringify(file));
  return path;
}

describe('config', () => {
  test('a file with faults is refused with all of them and their paths', async () => {
    const path = await projectFile('faulty.json', (file) => {
      file['jobPlatformURL'] = 'http://x';
      file['jobs'] = { smoke: { platformJobId: '' } };
    });
    const { exitCode, stderr, stdout } = await cli('config', 'apply', path);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('jobPlatformURL');
    expect(stderr).toContain('jobs.smoke.platformJobId');
    expect(stdout).toBe('');
  });

  test('connections that fail are told with their remedy, and stop it unless the checks are skipped', async () => {
    const path = await projectFile('wrong-key.json', (file) => (file['jobPlatformApiKey'] = 'wrong'));
    const refused = await cli('config', 'apply', path, '--json');
    expect(refused.exitCode).toBe(1);
    expect(refused.json()).toMatchObject({ ok: false, status: 422 });
    const bad = (refused.json().findings as { ok: boolean; remedy?: string }[]).filter(({ ok }) => !ok);
    expect(bad.length).toBeGreaterThan(0);
    expect(bad.every(({ remedy }) => remedy !== undefined)).toBe(true);
    expect((await cli('config', 'list')).stdout).not.toContain('acme/other');

    const forced = await cli('config', 'apply', path, '--skip-checks');
    expect(forced).toMatchObject({ exitCode: 0, stdout: 'Stored acme/other as version 1.\n' });
  });

  test('what is stored is shown with its keys masked, in a version that a later apply may insist on', async () => {
    const path = await projectFile('good.yaml');
    const shown = await cli('config', 'show', 'acme/other');
    expect(shown.exitCode).toBe(0);
    expect(shown.stdout).toContain('platformJobId: getting-started');
    expect(shown.stdout + shown.stderr).not.toContain(world.horreum.apiKey);
    expect((await cli('config', 'show', 'acme/other', '--json')).json()).toMatchObject({ version: 1 });
    const outdated = await cli('config', 'apply', path, '--skip-checks', '--if-version', '7');
    expect(outdated.exitCode).toBe(1);
    expect(outdated.stderr).toContain('version 1, not 7');
    expect((await cli('config', 'apply', path, '--skip-checks', '--if-version', '1')).exitCode).toBe(0);
  });

  test('removing asks, or must be told not to', async () => {
    expect(await cli('config', 'remove', 'acme/other')).toMatchObject({ exitCode: 2 });
    expect(await cli('config', 'remove', 'acme/other', '--yes')).toMatchObject({ exitCode: 0 });
    const gone = await cli('config', 'show', 'acme/other');
    expect(gone).toMatchObject({ exitCode: 1, stdout: '' });
    expect(gone.stderr).toContain('There is no project acme/other');
  });

  test('without the right token nothing is told', async () => {
    const refused = await perfBot(['config', 'list', '--json'], {
      env: { PERF_BOT_ADMIN_TOKEN: 'wrong', PERF_BOT_API_URL: world.url },
    });
    expect(refused.exitCode).toBe(1);
    expect(refused.json()).toMatchObject({ ok: false, status: 401 });
  });
});

describe('horreum connect', () => {
  const actions = async () => {
    const horreum = createHorreumAdmin({
      call: createOutsideCall(),
      nowMs: () => Date.now(),
      baseUrl: world.horreum.url,
      apiKey: world.horreum.apiKey,
    });
    return (await horreum.listActions(10)).filter(({ event }) => event === 'dataset_labels/computed');
  };
  const jobOfWorld = 'getting-started';

  test('registers the URL that `horreum url` prints in place of one that is out of date, and only once', async () => {
    const first = await cli('horreum', 'url', 'acme/webshop', jobOfWorld);
    expect(first.exitCode).toBe(0);
    const connected = await cli('horreum', 'connect', 'acme/webshop', '--json');
    expect(connected.exitCode).toBe(0);
    expect(connected.json().connected).toMatchObject([{ outcome: 'registered', removed: 1 }]);
    expect(connected.stdout).not.toContain(first.stdout.trim().split('.').at(-1));
    expect((await actions()).map(({ url }) => url)).toEqual([first.stdout.trim()]);

    const again = await cli('horreum', 'connect', 'acme/webshop', jobOfWorld, '--json');
    expect(again.json().connected).toMatchObject([{ outcome: 'was registered', removed: 0 }]);
    expect(await actions()).toHaveLength(1);
  });

  test('a job that is not there is refused', async () => {
    const refused = await cli('horreum', 'connect', 'acme/webshop', 'elsewhere');
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain('There is no job elsewhere');
  });
});

describe('doctor', () => {
  test('finds nothing broken where nothing is, and says what it saw', async () => {
    const { exitCode, stdout } = await cli('doctor');
    expect(stdout).toContain('✓ GitHub webhook');
    expect(stdout).toContain('✓ queue commands: 0 waiting');
    expect(stdout).toContain('✓ dead letters: none');
    expect(stdout).toMatch(/acme\/webshop\n(.*\n)*.*✓ Horreum key: is valid/);
    expect(stdout).not.toContain('✗');
    expect(exitCode).toBe(0);
  });

  test.each<[string, () => () => void, RegExp]>([
    [
      'a webhook that leads elsewhere',
      () => {
        const { hook } = world.github;
        const before = hook.url;
        hook.url = 'https://elsewhere.example/github';
        return () => (hook.url = before);
      },
      /✗ GitHub webhook: goes to https:\/\/elsewhere/,
    ],
  ])('tells of %s, with exit code 1', async (_name, breakIt, told) => {
    const mend = breakIt();
    const { exitCode, stdout } = await cli('doctor');
    mend();
    expect(stdout).toMatch(told);
    expect(exitCode).toBe(1);
  });
});

describe('runs and dead letters', () => {
  test('an unknown run is said; a wrong pull request is wrong use', async () => {
    expect(await cli('runs', 'show', 'pb-unknown')).toMatchObject({ exitCode: 1 });
    expect(await cli('runs', 'list', '--pr', '3')).toMatchObject({ exitCode: 2 });
    expect(await cli('runs', 'list')).toMatchObject({ exitCode: 0, stdout: 'There are no open runs.\n' });
  });

  test('a run is listed, shown and looked at again', async () => {
    world.addComment('ana', `/perf-bot run getting-started`);
    const pr = String(world.pullRequest.number);
    const list = async () =>
      (await cli('runs', 'list', 'acme/webshop', '--pr', pr, '--json')).json() as {
        runKey: string;
        state: string;
      }[];
    let [run] = await list();
    while (run?.state !== 'reported') {
      await new Promise((resolve) => setTimeout(resolve, 50));
      [run] = await list();
    }
    expect((await cli('runs', 'show', run.runKey, '--json')).json()).toMatchObject({
      runKey: run.runKey,
      jobId: 'getting-started',
    });
    const retried = await cli('runs', 'retry', run.runKey);
    expect(retried).toMatchObject({ exitCode: 0 });
    expect(retried.stdout).toContain('again');
  });

  test('a dead letter is listed, and sent again once', async () => {
    const { letters } = await adminDeps(world.local.environment).admin();
    const body = JSON.stringify({ version: 1, kind: 'look', runKey: 'pb-gone' });
    await letters.keep({ messageId: 'message-1', queue: 'runs', body, diedAtMs: Date.now() });
    expect((await cli('dlq', 'list')).stdout).toContain('message-1');
    expect((await cli('doctor')).stdout).toMatch(/✗ dead letters: 1/);
    expect(await cli('dlq', 'replay')).toMatchObject({ exitCode: 2 });
    expect(await cli('dlq', 'replay', '--all')).toMatchObject({
      exitCode: 0,
      stdout: 'Sent 1 message again.\n',
    });
    expect((await cli('dlq', 'list')).stdout).toBe('There are no dead letters.\n');
    expect(await cli('dlq', 'replay', 'message-1')).toMatchObject({ exitCode: 1 });
  });
});
