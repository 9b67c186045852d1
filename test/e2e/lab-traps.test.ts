/** What can go wrong at the lab, each of it ending where people can see it. */
import { expect, test } from '@jest/globals';
import { JOB, type LocalWorld } from '../../infra/local/scene/local-world.ts';
import type { LabJobBody } from '../../infra/local/stand-in/lab-run.ts';
import type { SceneJob } from '../../infra/local/scene/scene-project.ts';
import { inWorld } from './in-world.ts';
import { until } from './until.ts';

const RUN = '/perf-bot run getting-started';
/** As the project file says it. */
const loginOf = ({ file }: LocalWorld) => ({
  authorization: `Basic ${Buffer.from(`${String(file['jobPlatformUser'])}:${String(file['jobPlatformApiKey'])}`).toString('base64')}`,
});

const jobOf = (body: NonNullable<SceneJob['body']>): SceneJob[] => [{ id: JOB, body }];
const endless: LabJobBody = (run) => run.wait(3_600_000_000).then(() => 'succeeded');
const triggers = ({ jenkins }: LocalWorld) =>
  jenkins.calls.filter(({ path }) => path.endsWith('/buildWithParameters'));

test.concurrent('a Jenkins that is down when the job is asked for gets it once it is back', async () => {
  await inWorld({}, async (world, pull) => {
    world.jenkins.starting = true;
    pull.write('ana', RUN);
    await until('the start was tried', () => triggers(world)[0]);
    await pull.statusSays(/getting-started/);
    world.jenkins.starting = false;
    expect((await pull.checkEnds()).conclusion).toBe('failure');
    expect(world.jenkins.builds(JOB)).toHaveLength(1);
  });
});

test.concurrent(
  'a failed job: the reason, the stage’s log tail without its secrets, and a link',
  async () => {
    const jobs = jobOf(({ callBack }) => async (run) => {
      run.stage('build');
      for (let line = 1; line <= 200; line += 1) run.log(`compiling unit ${line}`);
      run.log('deploying with password=hunter2-hunter2 and ghp_abcdefghijklmnopqrstuvwxyz0123456789');
      run.log('@everyone: error in Checkout.java:41 ``` | <script>alert(1)</script>');
      await callBack(run);
      throw new Error('the build is broken');
    });
    await inWorld({ jobs }, async (world, pull) => {
      pull.write('ana', RUN);
      const check = await pull.checkEnds();
      const [mention = ''] = await pull.mentionCount(1);
      expect(check.conclusion).toBe('failure');
      expect(mention).toContain('@ana ');
      const status = pull.status();
      expect(status).toContain('Checkout.java:41');
      expect(status).toContain('the build is broken');
      expect(status).not.toContain('compiling unit 1\n');
      expect(status).toContain(`${world.jenkins.url}/job/getting-started/1/`);
      const shown = JSON.stringify([pull.statusHistory(), pull.mentions(), check.output]);
      expect(shown).not.toMatch(/hunter2|ghp_/);
      expect(pull.verdicts()).toMatchObject([{ state: 'failed' }]);
    });
  },
);

test.concurrent('an unstable job is no success, even with results', async () => {
  const jobs = jobOf(({ upload, callBack }) => async (run) => {
    await upload(run);
    await callBack(run);
    return 'unstable';
  });
  await inWorld({ jobs }, async (_world, pull) => {
    pull.write('ana', RUN);
    expect((await pull.checkEnds()).conclusion).toBe('failure');
    expect(pull.status()).toContain('unstable');
    await pull.mentionCount(1);
  });
});

test.concurrent('a build that somebody aborts in Jenkins ends the run as aborted there', async () => {
  await inWorld(
    { jobs: jobOf(() => endless), variables: { SWEEP_INTERVAL_SECONDS: '1' } },
    async (world, pull) => {
      pull.write('ana', RUN);
      await until('it runs', () => world.jenkins.builds(JOB)[0]);
      await pull.statusSays(`${world.jenkins.url}/job/getting-started/1/`);
      await fetch(`${world.jenkins.url}/job/getting-started/1/stop`, {
        method: 'POST',
        headers: loginOf(world),
        redirect: 'manual',
      });
      expect((await pull.checkEnds()).conclusion).toBe('cancelled');
      expect(pull.status()).toContain('aborted');
    },
  );
});

test.concurrent(
  'a job that Jenkins does not have, and a token that it refuses: each with its remedy',
  async () => {
    const jobs = [{ id: JOB }, { id: 'not-there', file: { platformJobId: 'renamed/away' } }];
    await inWorld({ jobs }, async (world, pull) => {
      pull.write('ana', '/perf-bot run not-there');
      expect((await pull.checkEnds('not-there')).conclusion).toBe('action_required');
      expect(pull.status()).toMatch(/no job renamed\/away/);
      expect(world.jenkins.builds(JOB)).toEqual([]);
    });
    await inWorld({ project: { jobPlatformApiKey: 'a-token-that-expired' } }, async (_world, pull) => {
      pull.write('ana', RUN);
      const check = await pull.checkEnds();
      expect(check.conclusion).toBe('action_required');
      expect(pull.status()).toMatch(/refused the API token/);
      expect(JSON.stringify([pull.statusHistory(), check.output])).not.toContain('a-token-that-expired');
    });
  },
);

test.concurrent('an answer to the start that is lost: exactly one build', async () => {
  await inWorld({}, async (world, pull) => {
    const struck = world.jenkins.breakNext({
      match: ({ path }) => path.endsWith('/buildWithParameters'),
      afterEffect: true,
      closeSocket: true,
    });
    pull.write('ana', RUN);
    expect((await pull.checkEnds()).conclusion).toBe('failure');
    expect(struck()).toBe(1);
    expect(world.jenkins.builds(JOB)).toHaveLength(1);
    expect(triggers(world)).toHaveLength(1);
  });
});

test.concurrent('a job that never ends is stopped at its time limit', async () => {
  const variables = { SWEEP_INTERVAL_SECONDS: '1' };
  const jobs = [{ id: JOB, body: () => endless, file: { timeoutMinutes: 0.02 } }];
  await inWorld({ variables, jobs }, async (world, pull) => {
    pull.write('ana', RUN);
    expect((await pull.checkEnds()).conclusion).toBe('timed_out');
    expect(world.jenkins.builds(JOB).map(({ run }) => run.end?.outcome)).toEqual(['aborted']);
    const [mention] = await pull.mentionCount(1);
    expect(mention).toContain('@ana ');
  });
});

test.concurrent(
  'passed without an upload: said, and `recheck` finds the upload that comes late',
  async () => {
    const variables = { RESULTS_TIMEOUT_MINUTES: '0.03', SWEEP_INTERVAL_SECONDS: '1' };
    let uploadLate: () => Promise<number> = () => Promise.reject(new Error('the job did not run'));
    const jobs = jobOf(({ upload, callBack }) => async (run) => {
      uploadLate = () => upload(run);
      await callBack(run);
      return 'succeeded';
    });
    await inWorld({ variables, jobs }, async (_world, pull) => {
      pull.write('ana', RUN);
      const missing = await pull.checkEnds();
      expect(missing.conclusion).toBe('neutral');
      expect(pull.verdicts()).toMatchObject([{ state: 'results-missing' }]);
      await pull.mentionCount(1);
      await uploadLate();
      const recheck = pull.write('ana', '/perf-bot recheck');
      await pull.reacted(recheck, 'eyes');
      await until('the report is there', () => pull.verdicts()[0]?.verdict === 'slower');
      await until('the check shows it', () => pull.check()?.conclusion === 'failure');
      expect(pull.mentions()).toHaveLength(1);
    });
  },
);
