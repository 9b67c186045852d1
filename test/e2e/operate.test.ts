/** What an operator changes while the bot runs: projects over /config, the prompt, and secrets in rotation. */
import { createHmac, randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { JOB, REPO_FULL_NAME, type LocalWorld } from '../../infra/local/scene/local-world.ts';
import { inWorld } from './in-world.ts';
import { until } from './until.ts';

const SECRETS = {
  datastoreApiKey: 'HUSR_22222222_2222_2222_2222_222222222222',
  jobPlatformApiKey: 'a-jenkins-token',
};

function config({ url, local }: LocalWorld, path: string, more: RequestInit & { token?: string } = {}) {
  const { token = local.adminToken, headers, ...rest } = more;
  const authorization: Record<string, string> = token === '' ? {} : { authorization: `Bearer ${token}` };
  return fetch(`${url}/config${path}`, {
    ...rest,
    headers: { 'content-type': 'application/json', ...authorization, ...(headers as Record<string, string>) },
  });
}

test.concurrent(
  '/config asks for its token, masks every secret, and refuses what is out of date or faulty',
  async () => {
    await inWorld({}, async (world, pull) => {
      const path = `/${REPO_FULL_NAME}`;
      for (const token of ['', 'wrong', `${world.local.adminToken}x`]) {
        for (const [method, where] of [
          ['GET', ''],
          ['GET', path],
          ['GET', `${path}/urls`],
          ['PUT', path],
          ['DELETE', path],
          ['POST', `${path}/connect`],
        ] as const) {
          const answer = await config(world, where, {
            method,
            token,
            ...(method === 'PUT' ? { body: '{}' } : {}),
          });
          expect([method, where, answer.status]).toEqual([method, where, 401]);
        }
      }
      const put = (file: unknown, headers: Record<string, string> = {}) =>
        config(world, `${path}?skip-checks=true`, { method: 'PUT', headers, body: JSON.stringify(file) });
      const first = await config(world, path);
      const etag = first.headers.get('etag') ?? '';
      expect((await put({ ...world.file, ...SECRETS }, { 'if-match': etag })).status).toBe(200);
      const outOfDate = await put(world.file, { 'if-match': etag });
      expect([outOfDate.status, await outOfDate.text()]).toEqual([
        409,
        expect.stringContaining('The project has changed'),
      ]);
      const faulty = await put({ ...world.file, colour: 'red', jobs: { [JOB]: { platformJobId: 7 } } });
      expect(faulty.status).toBe(400);
      expect(await faulty.text()).toMatch(
        /colour.*jobs\.getting-started\.platformJobId|platformJobId.*colour/s,
      );
      const unchanged = await put({ ...world.file, jobs: { unchanged: { platformJobId: 7 } } });
      expect([unchanged.status, await unchanged.text()]).toEqual([400, expect.stringContaining('unchanged')]);

      const shown = await Promise.all(['', path].map(async (where) => (await config(world, where)).text()));
      for (const text of shown) {
        expect(text).toContain('*** (in the secret store)');
        for (const secret of [...Object.values(SECRETS), world.horreum.apiKey, ...world.lab.secrets])
          expect(text).not.toContain(secret);
      }

      expect((await config(world, path, { method: 'DELETE' })).status).toBe(204);
      expect((await config(world, path)).status).toBe(404);
      expect(await pull.ask('ana', `/perf-bot run ${JOB}`)).toContain('is not configured');
      expect((await put(world.file)).status).toBe(200);
      pull.write('ana', `/perf-bot run ${JOB}`);
      expect((await pull.checkEnds()).conclusion).toBe('failure');
    });
  },
);

test.concurrent('a project that goes ends what it has open', async () => {
  const jobs = [
    {
      id: JOB,
      body: () => (run: { wait(ms: number): Promise<void> }) => run.wait(1e10).then(() => 'failed' as const),
    },
  ];
  await inWorld({ jobs }, async (world, pull) => {
    pull.write('ana', `/perf-bot run ${JOB}`);
    await until('it runs', () => world.jenkins.builds(JOB)[0]);
    expect((await config(world, `/${REPO_FULL_NAME}`, { method: 'DELETE' })).status).toBe(204);
    await until('it was stopped', () => world.jenkins.builds(JOB)[0]?.run.end?.outcome === 'aborted');
    await pull.checkEnds();
  });
});

test.concurrent('another prompt is the only one that counts, and every answer uses it', async () => {
  await inWorld({ variables: { PERF_BOT_PROMPT: '/bench' } }, async (world, pull) => {
    const ignored = pull.write('ana', `/perf-bot run ${JOB}`);
    expect(await pull.ask('ana', '/bench help')).toContain(`/bench run ${JOB}`);
    pull.write('ana', `/Bench run ${JOB}`);
    await pull.checkEnds();
    expect(world.jenkins.builds(JOB)).toHaveLength(1);
    expect([pull.reactions(ignored), pull.replyTo(ignored)]).toEqual([[], undefined]);
    expect(`${pull.status()}${pull.replies().join('')}`).not.toContain('/perf-bot ');
  });
});

test.concurrent('two webhook secrets are valid during a rotation, and no third', async () => {
  await inWorld({ variables: { GITHUB_WEBHOOK_SECRET: 'the new one, the old one' } }, async (world, pull) => {
    for (const secret of ['the new one', 'the old one']) {
      world.github.hook.secret = secret;
      await pull.ask('ana', '/perf-bot list');
    }
    const body = JSON.stringify({ zen: 'Keep it logically awesome.' });
    const ping = (secret: string) =>
      fetch(`${world.url}/github`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-github-event': 'ping',
          'x-github-delivery': randomUUID(),
          'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
        },
        body,
      });
    expect((await ping('the new one')).status).toBe(200);
    expect((await ping('another one')).status).toBe(401);
    expect((await ping('the new one, the old one')).status).toBe(401);
  });
});

test.concurrent('URLs made with the old token secret work on while the new one is in front', async () => {
  await inWorld({ variables: { URL_TOKEN_SECRET: 'old' } }, async (world, pull) => {
    const before = world.callbackUrl;
    (world.local.environment as { urlTokenSecrets: () => Promise<readonly string[]> }).urlTokenSecrets = () =>
      Promise.resolve(['new', 'old']);
    const urls = (await (await config(world, `/${REPO_FULL_NAME}/urls`)).json()) as { perflab: string };
    expect(new URL(urls.perflab).pathname).not.toBe(new URL(before).pathname);
    pull.write('ana', `/perf-bot run ${JOB}`);
    await pull.checkEnds();
    expect(world.horreum.hooks.map(({ outcome }) => outcome)).toEqual(
      world.horreum.hooks.map(() => ({ status: 202 })),
    );
  });
});
