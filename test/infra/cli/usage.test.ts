/** How the command line is used: help, exit codes, --json, and that `npx perf-bot` finds it in a fresh clone. */
import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { perfBot } from './run-cli.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

test.each<[string[], number]>([
  [['--help'], 0],
  [['config', '--help'], 0],
  [['help', 'setup'], 0],
  [[], 2],
  [['config'], 2],
  [['config', 'aply'], 2],
  [['config', 'apply'], 2],
  [['horreum', 'url', 'acme/webshop'], 2],
  [['config', 'list', '--wat'], 2],
  [['config', 'show', 'not-a-repository'], 2],
  [['config', 'list', '--api', 'ftp://x'], 2],
  [['config', 'apply', '/not/there.yaml'], 2],
])('perf-bot %j ends with %i', async (args, exitCode) => {
  expect((await perfBot(args, { env: { PERF_BOT_ADMIN_TOKEN: 'x' } })).exitCode).toBe(exitCode);
});

test('help goes to stdout where it was asked for, and names every command', async () => {
  const { stdout, stderr } = await perfBot(['--help']);
  for (const name of ['setup', 'config', 'horreum', 'perflab', 'doctor', 'runs', 'dlq', 'verdict'])
    expect(stdout).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'));
  expect(stdout).toContain('Exit codes: 0');
  expect(stderr).toBe('');
});

test('a mistyped command is answered with the nearest', async () => {
  expect((await perfBot(['docter'])).stderr).toContain('Did you mean doctor?');
});

test('a refusal is JSON too, and says nothing else on stdout', async () => {
  const { exitCode, json, stderr } = await perfBot(['config', 'list', '--json'], { env: { PORT: '1' } });
  expect(exitCode).toBe(1);
  expect(json()).toMatchObject({ ok: false, error: expect.stringContaining('npm run dev') });
  expect(stderr).toContain('npm run dev');
});

test('a deployment needs AWS credentials, and a region where its URL says none', async () => {
  const AWS = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };
  const list = (api: string, env: Record<string, string>) =>
    perfBot(['config', 'list', '--api', api], { env });
  const without = await list('https://x.execute-api.eu-west-1.amazonaws.com/config', {});
  expect(without).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('AWS credentials') });
  const nowhere = await list('https://perf.example.com', AWS);
  expect(nowhere).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('AWS_REGION') });
});

test('verdict answers each line as it comes', async () => {
  const stdin = new PassThrough();
  stdin.end(
    '{"history":[10,10,10.1,9.9,10],"sample":[10],"direction":"lower","thresholdPercent":50,"metrics":1}\n',
  );
  const { exitCode, json } = await perfBot(['verdict'], { stdin });
  expect(exitCode).toBe(0);
  expect(json()).toMatchObject({ verdict: 'same' });
});

describe('npx perf-bot in a fresh clone', () => {
  let clone: string;
  let environment: NodeJS.ProcessEnv;
  beforeAll(async () => {
    clone = join(await realpath(await mkdtemp(join(tmpdir(), 'perf-bot-clone-'))), 'perf bot');
    for (const name of ['package.json', 'package-lock.json', 'lib', 'infra', 'functions'])
      await cp(join(ROOT, name), join(clone, name), { recursive: true });
    await symlink(join(ROOT, 'node_modules'), join(clone, 'node_modules'));
    await writeFile(
      join(clone, 'shop.yaml'),
      'repoFullName: acme/shop\njobs: {a: {platformJobId: a, datastoreConfig: {testId: 1}}}\n',
    );
    await writeFile(
      join(clone, '.env'),
      'PORT=1\nPROJECTS_DIR=.\nPUBLIC_URL=https://from.env\nURL_TOKEN_SECRET=s\n',
    );
    // The operator's own shell, not npm's: the one is not to help the other.
    const { PATH, HOME } = process.env;
    const path = (PATH ?? '').split(':').filter((folder) => !folder.includes('node_modules'));
    environment = {
      PATH: path.join(':'),
      HOME,
      npm_config_update_notifier: 'false',
      npm_config_cache: join(dirname(clone), 'cache'),
    };
  });
  afterAll(() => rm(dirname(clone), { recursive: true, force: true }));

  test('runs on the project’s own Node, reads .env there, and prints the URL alone', () => {
    const { status, stdout } = spawnSync(
      'npx',
      ['--offline', 'perf-bot', 'horreum', 'url', 'acme/shop', 'a'],
      { cwd: clone, env: environment, encoding: 'utf8' },
    );
    expect(stdout).toMatch(/^https:\/\/from\.env\/horreum\/[^/\s]+\/dataset_labels\/computed\n$/);
    expect(status).toBe(0);
  });

  test('hands its exit code on', () => {
    const { status } = spawnSync('npx', ['--offline', 'perf-bot', 'nonsense'], {
      cwd: clone,
      env: environment,
    });
    expect(status).toBe(2);
  });
});
