/** The commands of the README as processes of their own: the scene, the local server killed in the middle of a run, and stores elsewhere. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, test } from '@jest/globals';
import { startGitHubStandIn } from '../../infra/local/github/github-stand-in.ts';
import { startHorreumStandIn } from '../../infra/local/horreum/horreum-stand-in.ts';
import { startJenkinsStandIn } from '../../infra/local/jenkins/jenkins-stand-in.ts';
import { benchmarkTools } from '../../infra/local/scene/benchmark-job.ts';
import { JOB, PARAMETERS } from '../../infra/local/scene/scene-project.ts';
import { startEmbeddedStores } from '../../infra/local/stores/embedded-stores.ts';
import { inWorld } from './in-world.ts';
import { until } from './until.ts';
import { watchPull } from './watch-pull.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);
const children = new Set<ChildProcess>();
afterAll(() => children.forEach((child) => child.kill('SIGKILL')));

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

test.concurrent('`npm start -- --once --json` plays the scene and prints one line of JSON last', async () => {
  const { stdout } = await run('npm', ['start', '--silent', '--', '--once', '--json'], { cwd: ROOT });
  const lines = stdout.trimEnd().split('\n');
  expect(lines.filter((line) => line.startsWith('{'))).toHaveLength(1);
  const scene = JSON.parse(lines.at(-1) ?? '') as Record<string, unknown>;
  expect(scene).toMatchObject({
    ok: true,
    runKey: expect.stringMatching(/^pb-[a-z2-7]{26}$/),
    comment: {
      url: expect.stringMatching(/#issuecomment-\d+$/),
      body: expect.stringContaining('Mean response time'),
    },
    check: { conclusion: expect.any(String) },
    mention: expect.stringContaining('@ana'),
    calls: {
      github: expect.any(Number),
      jenkins: expect.any(Number),
      horreum: expect.any(Number),
      dynamodb: expect.any(Number),
      sqs: expect.any(Number),
    },
  });
  expect((scene['timeline'] as unknown[]).length).toBeGreaterThan(5);
});

test.concurrent(
  '`npm run dev`, killed while a job runs and started again, loses nothing',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'perf-bot-'));
    const port = await freePort();
    let letGo = (): void => undefined;
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    let callbackUrl = '';
    const horreum = await startHorreumStandIn();
    const { testId } = horreum.seedSampleProject();
    horreum.seedBaseline({ testId, runs: 20, repoFullName: 'acme/webshop', jobId: JOB });
    const tools = benchmarkTools({
      horreumUrl: horreum.url,
      horreumKey: horreum.apiKey,
      jobId: JOB,
      callbackUrl: () => callbackUrl,
      slowdown: () => 1.3,
    });
    const jenkins = await startJenkinsStandIn({
      user: 'admin',
      speed: 100,
      jobs: [
        {
          name: JOB,
          parameters: PARAMETERS.map((name) => ({ name })),
          run: async (build) => {
            await gate;
            await tools.upload(build);
            await tools.callBack(build);
            return 'succeeded';
          },
        },
      ],
    });
    const github = await startGitHubStandIn({
      appId: 4242,
      publicKeyPem: privateKey,
      webhookSecret: 'secret',
      webhookUrl: `http://127.0.0.1:${port}/github`,
    });
    const repository = github.addRepository({ owner: 'acme', name: 'webshop' });
    github.addUser({ login: 'ana' });
    github.setPermission(repository, 'ana', 'write');
    await mkdir(join(folder, 'projects'));
    const file = {
      repoFullName: 'acme/webshop',
      datastoreApiKey: horreum.apiKey,
      jobPlatformUser: 'admin',
      jobPlatformApiKey: 'jenkins-token',
      jobs: {
        [JOB]: {
          platformJobId: JOB,
          pullRequestNumberParam: 'PULL_REQUEST_NUMBER',
          repoFullNameParam: 'REPO_FULL_NAME',
          repoCommitParam: 'APP_COMMIT',
          datastoreConfig: { testId, viewId: 2 },
          metrics: { mean_response_time: { direction: 'lower', unit: 'ns' } },
        },
      },
    };
    await writeFile(join(folder, 'projects', 'webshop.json'), JSON.stringify(file));
    const env = {
      ...process.env,
      PORT: String(port),
      DATA_DIR: join(folder, 'data'),
      PROJECTS_DIR: join(folder, 'projects'),
      GITHUB_API_URL: github.url,
      GITHUB_APP_ID: '4242',
      GITHUB_PRIVATE_KEY: privateKey.replaceAll('\n', '\\n'),
      GITHUB_WEBHOOK_SECRET: 'secret',
      JENKINS_URL: jenkins.url,
      HORREUM_URL: horreum.url,
      URL_TOKEN_SECRET: 'token secret',
    };
    try {
      const first = await startDev(env);
      const printed = await run(
        process.execPath,
        ['infra/cli/perf-bot.ts', 'perflab', 'url', 'acme/webshop'],
        { cwd: ROOT, env },
      );
      callbackUrl = /http\S+\/job\/\S+/.exec(printed.stdout)?.[0].replace('localhost', '127.0.0.1') ?? '';
      const pull = github.openPullRequest(repository, { author: 'ana', headRef: 'x', title: 'X' });
      const watch = watchPull(github, pull);
      // It dies in the middle of a look: the run, the drawing of its comment and a message are in its hands.
      github.faults.push({ match: /^PATCH .*\/issues\/comments\//, delayMs: 8_000 });
      watch.write('ana', `/perf-bot run ${JOB}`);
      await until('the build runs', () => jenkins.builds(JOB)[0]);
      await until('a look is under way', () => github.faults.length === 0);
      first.kill('SIGKILL');
      await until('it is gone', () => first.signalCode);
      // Nobody hears the upload, the callback, or what is asked now.
      letGo();
      await until('the job has ended', () => jenkins.builds(JOB)[0]?.run.end);
      const second = await startDev(env);
      const check = await until(
        'the check has ended',
        () => watch.check()?.status === 'completed' && watch.check(),
        // Sooner than any lease is up.
        40_000,
      );
      expect(check.conclusion).toBe('failure');
      await watch.mentionCount(1);
      expect(watch.verdicts()).toMatchObject([{ state: 'reported', verdict: 'slower' }]);
      expect(jenkins.builds(JOB)).toHaveLength(1);
      expect(watch.checks()).toHaveLength(1);
      expect(await watch.ask('ana', '/perf-bot list')).toContain(JOB);
      const secrets = await stat(join(folder, 'data', 'secrets.json'));
      expect(secrets.mode & 0o077).toBe(0);
      second.kill('SIGTERM');
      await until('it ends when it is asked to', () => second.exitCode === 0);
    } finally {
      letGo();
      children.forEach((child) => child.kill('SIGKILL'));
      await Promise.all([github.close(), jenkins.close(), horreum.close()]);
      await rm(folder, { recursive: true, force: true });
    }
  },
  120_000,
);

test.concurrent(
  'with AWS_ENDPOINT_URL_DYNAMODB and AWS_ENDPOINT_URL_SQS the table and the queues are made and used there',
  async () => {
    const stores = await startEmbeddedStores(undefined);
    try {
      const variables = {
        AWS_ENDPOINT_URL_DYNAMODB: stores.dynamoDbUrl,
        AWS_ENDPOINT_URL_SQS: stores.sqsUrl,
        AWS_ACCESS_KEY_ID: stores.credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: stores.credentials.secretAccessKey,
      };
      await inWorld({ variables }, async (world, pull) => {
        pull.write('ana', `/perf-bot run ${JOB}`);
        expect((await pull.checkEnds()).conclusion).toBe('failure');
        expect(world.meter.count(stores.dynamoDbUrl)).toBeGreaterThan(10);
        expect(world.meter.count(stores.sqsUrl)).toBeGreaterThan(2);
      });
      // And found, where they are there already.
      await inWorld({ variables }, async (world, pull) => {
        expect(await pull.ask('ana', '/perf-bot list')).toContain(JOB);
        expect(world.meter.count(stores.dynamoDbUrl)).toBeGreaterThan(2);
      });
    } finally {
      await stores.close();
    }
  },
);

async function startDev(env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['infra/local/dev.ts'], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await until('the local server listens', () => {
    if (child.exitCode !== null) throw new Error(`the local server ended: ${said}`);
    return said.includes('Perf Bot listens');
  });
  return child;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
