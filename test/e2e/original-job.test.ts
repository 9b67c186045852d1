/** The original's kind of job: it declares no PERF_BOT_RUN, adds no build info, its data bears the same times in every run, and it calls back while it still builds. */
import { expect, test } from '@jest/globals';
import { uploadSample } from '../../infra/local/horreum/sample/sample-upload.ts';
import type { LabJobBody } from '../../infra/local/stand-in/lab-run.ts';
import type { BenchmarkTools } from '../../infra/local/scene/benchmark-job.ts';
import { JOB, REPO_FULL_NAME, type LocalWorldOptions } from '../../infra/local/scene/local-world.ts';
import { inWorld } from './in-world.ts';
import { until } from './until.ts';
import { watchPull } from './watch-pull.ts';

const ALWAYS_THE_SAME_MS = 1_747_063_271_703;

/** As the original is set up: only `run/new` is registered, people are named, and the callback goes to the bare `/job`. */
function original(callbackPath: '/job' | 'token', said: number[]): LocalWorldOptions {
  return {
    horreumEvents: ['run/new'],
    variables: callbackPath === '/job' ? { ACCEPT_UNSIGNED_JOB_CALLBACKS: 'on' } : {},
    project: { authorizedUsers: ['ana', 'mia'] },
    jobs: [
      {
        id: JOB,
        jenkins: {
          parameters: ['PULL_REQUEST_NUMBER', 'REPO_FULL_NAME', 'APP_COMMIT', 'DURATION'].map((name) => ({
            name,
          })),
          concurrent: true,
        },
        body:
          ({ upload, callBack }) =>
          async (run) => {
            await run.wait(300);
            await upload(run, { runKey: undefined, build: undefined, startMs: ALWAYS_THE_SAME_MS });
            said.push(await callBack(run));
            await run.wait(300);
            return 'succeeded';
          },
      },
    ],
  };
}

test.concurrent('its result is found by the three labels, and each later run finds its own', async () => {
  const said: number[] = [];
  await inWorld(original('token', said), async ({ jenkins, horreum }, pull) => {
    pull.write('ana', '/perf-bot run getting-started');
    expect((await pull.checkEnds()).conclusion).toBe('failure');
    await pull.mentionCount(1);
    expect(pull.status()).toContain(`${horreum.url}/run/21`);
    pull.write('mia', '/perf-bot run getting-started');
    await until('the second run has a check', () => pull.checks().length === 2);
    await pull.checkEnds();
    await pull.mentionCount(2);
    await pull.statusSays(`${horreum.url}/run/22`);
    expect(jenkins.builds(JOB)).toHaveLength(2);
    expect(jenkins.builds(JOB)[0]?.run.parameters).not.toHaveProperty('PERF_BOT_RUN');
    expect(said).toEqual([202, 202]);
  });
});

test.concurrent(
  'an upload from before the run is not taken for its own, however late that comes',
  async () => {
    let uploadLate = (): Promise<number> => Promise.reject(new Error('the job did not run'));
    const options = original('token', []);
    const jobs = (options.jobs ?? []).map((job) => ({
      ...job,
      body:
        ({ upload, callBack }: BenchmarkTools): LabJobBody =>
        async (run) => {
          uploadLate = () =>
            upload(run, { runKey: undefined, build: undefined, startMs: ALWAYS_THE_SAME_MS });
          await callBack(run);
          return 'succeeded';
        },
    }));
    await inWorld({ ...options, jobs, horreumEvents: [] }, async ({ horreum, pullRequest }, pull) => {
      await uploadSample({
        horreumUrl: horreum.url,
        apiKey: horreum.apiKey,
        repoFullName: REPO_FULL_NAME,
        pullRequestNumber: pullRequest.number,
        jobId: JOB,
        appCommit: pullRequest.headSha,
        startMs: ALWAYS_THE_SAME_MS,
      });
      pull.write('ana', '/perf-bot run getting-started');
      const lists = () => horreum.calls.filter(({ path }) => path.startsWith('/api/run/list/'));
      await until('the upload was looked for after the job’s end', () => lists().length > 1);
      await uploadLate();
      expect((await pull.checkEnds()).conclusion).toBe('failure');
      expect(pull.status()).toContain(`${horreum.url}/run/22`);
    });
  },
);

test.concurrent('two pull requests at once do not take each other’s results', async () => {
  await inWorld(original('token', []), async ({ github, repository, pullRequest }, pull) => {
    const other = github.openPullRequest(repository, { author: 'mia', headRef: 'other', title: 'Other' });
    const watch = watchPull(github, other);
    pull.write('ana', '/perf-bot run getting-started');
    watch.write('mia', '/perf-bot run getting-started');
    await Promise.all([pull.checkEnds(), watch.checkEnds()]);
    const shown = [pull, watch].map((one) => /PR Number \| (\d+) \|/.exec(one.status())?.[1]);
    expect(shown).toEqual([String(pullRequest.number), String(other.number)]);
  });
});

test.concurrent('with the switch on, its callback to the bare /job is taken as it is', async () => {
  const said: number[] = [];
  await inWorld(original('/job', said), async (world, pull) => {
    const bare = (body: unknown) =>
      fetch(`${world.url}/job`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    pull.write('ana', '/perf-bot run getting-started');
    await until('the build runs', () => world.jenkins.builds(JOB)[0]);
    const answer = await bare({
      jobId: JOB,
      buildNumber: '1',
      repoFullName: 'acme/webshop',
      pullRequestNumber: world.pullRequest.number,
    });
    expect(answer.status).toBe(202);
    // A word about something that never was changes nothing.
    expect((await bare({ jobId: 'x', repoFullName: 'acme/webshop', pullRequestNumber: 999 })).status).toBe(
      202,
    );
    await pull.checkEnds();
    await pull.mentionCount(1);
  });
});

test.concurrent('without the switch the bare callback is refused with what to do instead', async () => {
  await inWorld({ baselineRuns: 0 }, async ({ url }) => {
    const answer = await fetch(`${url}/job`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        jobId: JOB,
        buildNumber: '1',
        repoFullName: 'acme/webshop',
        pullRequestNumber: 1,
      }),
    });
    expect(answer.status).toBe(401);
    expect(await answer.text()).toContain('perf-bot perflab url');
    const bareHorreum = await fetch(`${url}/horreum`, { method: 'POST', body: '{}' });
    expect(bareHorreum.status).toBe(401);
    expect(await bareHorreum.text()).toContain('perf-bot horreum url');
  });
});
