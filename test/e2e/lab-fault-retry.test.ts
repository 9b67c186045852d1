/** A lab that broke down gets one more chance: another attempt of the same run, one report and one mention whatever comes of it. */
import { expect, test } from '@jest/globals';
import { JOB, type LocalWorld, type LocalWorldOptions } from '../../infra/local/scene/local-world.ts';
import type { BenchmarkTools } from '../../infra/local/scene/benchmark-job.ts';
import type { LabJobBody, LabRun } from '../../infra/local/stand-in/lab-run.ts';
import { inWorld } from './in-world.ts';
import type { PullWatch } from './watch-pull.ts';
import { until } from './until.ts';

const RUN = `/perf-bot run ${JOB}`;
const endless: LabJobBody = (run) => run.wait(3_600_000_000).then(() => 'succeeded');
const diskFull: LabJobBody = (run) => {
  run.log('java.io.IOException: No space left on device');
  return Promise.resolve('failed');
};
const brokenTest: LabJobBody = (run) => {
  run.log('CheckoutTest.prices: expected 3 but was 4');
  return Promise.resolve('failed');
};

/** Each attempt does what stands at its place; the last one's for all that follow. */
function playing(
  bodies: readonly ((tools: BenchmarkTools) => LabJobBody)[],
  play: (world: LocalWorld, pull: PullWatch) => Promise<void>,
  options: LocalWorldOptions & { readonly file?: Readonly<Record<string, unknown>> } = {},
): Promise<void> {
  const { file, ...world } = options;
  let attempts = 0;
  const body = (tools: BenchmarkTools) => async (run: LabRun) => {
    const chosen = bodies[Math.min(attempts, bodies.length - 1)];
    attempts += 1;
    try {
      return (await chosen?.(tools)(run)) ?? 'failed';
    } finally {
      await tools.callBack(run);
    }
  };
  const jobs = [{ id: JOB, body, ...(file ? { file } : {}) }];
  return inWorld({ jobs, variables: { SWEEP_INTERVAL_SECONDS: '1' }, ...world }, play);
}

/** The name that each build was given, oldest first. */
const keysOf = ({ jenkins }: LocalWorld) =>
  jenkins
    .builds(JOB)
    .map(({ run }) => run.parameters['PERF_BOT_RUN'])
    .reverse();

test.concurrent(
  'a fault of the lab once: the second attempt measures, one report and one mention stand there',
  async () => {
    await playing([() => diskFull, ({ usual }) => usual], async (world, pull) => {
      pull.write('ana', RUN);
      const check = await pull.checkEnds();
      expect(check.conclusion).toBe('failure');
      expect(keysOf(world)).toEqual([check.externalId, `${check.externalId}-2`]);
      expect(pull.verdicts()).toMatchObject([
        { run: check.externalId, state: 'reported', verdict: 'slower' },
      ]);
      expect(await pull.mentionCount(1)).toEqual([expect.stringMatching(/@ana .*slower/)]);
      expect(pull.checks()).toHaveLength(1);
      expect(pull.status()).toContain('Mean response time');
      expect(pull.status()).not.toContain('No space left on device');
      // While it was tried again nobody was told that it failed.
      expect(pull.statusHistory().join('\n')).not.toContain('did not finish');
    });
  },
);

test.concurrent(
  'a fault of the lab twice: neutral, with the card that says it was tried again, and no third',
  async () => {
    await playing([() => diskFull], async (world, pull) => {
      pull.write('ana', RUN);
      const check = await pull.checkEnds();
      expect(check.conclusion).toBe('neutral');
      expect(keysOf(world)).toEqual([check.externalId, `${check.externalId}-2`]);
      const status = pull.status();
      expect(status).toContain('a fault of the lab, not your change');
      expect(status).toContain('No space left on device');
      expect(status).toContain('**Retried** once automatically, with the same end');
      expect(pull.verdicts()).toMatchObject([{ state: 'failed', verdict: null }]);
      expect(await pull.mentionCount(1)).toEqual([expect.stringContaining('@ana ')]);
    });
  },
);

test.concurrent('a fault of the lab and then one of the code: the last word is the code’s', async () => {
  await playing([() => diskFull, () => brokenTest], async (world, pull) => {
    pull.write('ana', RUN);
    const check = await pull.checkEnds();
    expect(check.conclusion).toBe('failure');
    expect(keysOf(world)).toHaveLength(2);
    expect(pull.status()).toContain('expected 3 but was 4');
    expect(pull.status()).toContain('**Retried** once automatically, after a fault of the lab');
    expect(await pull.mentionCount(1)).toHaveLength(1);
  });
});

test.concurrent('a fault of the lab is not tried again where the job does not want it', async () => {
  const file = { retryLabFaults: false };
  await playing(
    [() => diskFull],
    async (world, pull) => {
      pull.write('ana', RUN);
      expect((await pull.checkEnds()).conclusion).toBe('neutral');
      expect(keysOf(world)).toHaveLength(1);
      expect(pull.status()).not.toContain('**Retried**');
    },
    { file },
  );
});

test.concurrent('a failure by the code is not tried again', async () => {
  await playing([() => brokenTest, ({ usual }) => usual], async (world, pull) => {
    pull.write('ana', RUN);
    const check = await pull.checkEnds();
    expect(check.conclusion).toBe('failure');
    await pull.mentionCount(1);
    expect(keysOf(world)).toEqual([check.externalId]);
    expect(pull.status()).not.toContain('**Retried**');
  });
});

test.concurrent('cancel stops the second attempt, and there is no third', async () => {
  await playing([() => diskFull, () => endless], async (world, pull) => {
    pull.write('ana', RUN);
    await until('the second attempt runs', () => keysOf(world).length === 2);
    await pull.statusSays(`${world.jenkins.url}/job/${JOB}/2/`);
    const cancel = pull.write('ana', '/perf-bot cancel');
    const check = await pull.checkEnds();
    expect(check.conclusion).toBe('cancelled');
    await pull.reacted(cancel, 'eyes');
    expect(world.jenkins.builds(JOB).map(({ run }) => run.end?.outcome)).toEqual(['aborted', 'failed']);
    expect(keysOf(world)).toHaveLength(2);
    expect(pull.verdicts()).toMatchObject([{ run: check.externalId, state: 'cancelled' }]);
  });
});
