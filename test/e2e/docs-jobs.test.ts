/** The jobs and the set-up that the pages show, run as they are written: in real shells, on the stand-ins of their platforms, through the whole bot. */
import { describe, expect, test } from '@jest/globals';
import type { LocalWorld } from '../../infra/local/scene/local-world.ts';
import type { Platform } from '../../lib/perflab/job-executor.ts';
import { JOBS } from './docs-jobs/documented-jobs.ts';
import { inDocumentedWorld, JOB } from './docs-jobs/documented-world.ts';
import type { LabMachine } from './docs-jobs/lab-machine.ts';
import { until } from './until.ts';

const GIVE_UP_MS = 120_000;

const PLATFORMS: readonly Platform[] = ['jenkins', 'argo-workflows', 'argo-cd', 'github-actions', 'webhook'];

const uploadsOf = ({ horreum }: LocalWorld) =>
  horreum.calls.filter(({ method, path }) => method === 'POST' && path.startsWith('/api/run/data'));

async function calledBack({ callbackUrl }: LocalWorld, machine: LabMachine): Promise<boolean> {
  return (await machine.calls()).includes(`202 ${callbackUrl}`);
}

/** Argo CD runs the job of the page on Argo Workflows. */
function isOwnJob(platform: string): platform is keyof typeof JOBS {
  return platform !== 'argo-cd';
}

describe.each(PLATFORMS)('the job of the page on %s', (platform) => {
  test.concurrent(
    'builds, measures, uploads with the run’s key and calls back: to the report',
    () =>
      inDocumentedWorld(platform, { slowdown: 1.3 }, async ({ world, machine, pull }) => {
        const before = uploadsOf(world).length;
        pull.write('ana', `/perf-bot run ${JOB} DURATION=120s`);
        const check = await pull.checkEnds();
        expect({ conclusion: check.conclusion, status: pull.status() }).toMatchObject({
          status: expect.stringMatching(/slower/) as unknown,
        });
        expect(pull.status()).toContain('mean_response_time');
        expect(pull.status()).toContain('requests_per_second');
        expect(uploadsOf(world)).toHaveLength(before + 1);
        if (platform !== 'webhook') await until('the job has called back', () => calledBack(world, machine));
        const [run] = [...world.horreum.store.runs.values()].slice(-1);
        expect(run?.data).toMatchObject({
          state: {
            PERF_BOT_RUN: check.externalId,
            REPO_FULL_NAME: 'acme/webshop',
            PULL_REQUEST_NUMBER: String(world.pullRequest.number),
            APP_COMMIT: world.pullRequest.headSha,
            JOB_ID: JOB,
          },
        });
        expect(await pull.mentionCount(1)).toHaveLength(1);
      }),
    GIVE_UP_MS,
  );
});

describe.each(Object.keys(JOBS).filter(isOwnJob))('the job of the page on %s', (platform) => {
  test.concurrent(
    'does not build: it has failed, nothing is uploaded',
    () =>
      inDocumentedWorld(platform, { buildFails: true }, async ({ world, machine, pull }) => {
        const before = uploadsOf(world).length;
        pull.write('ana', `/perf-bot run ${JOB}`);
        const check = await pull.checkEnds();
        expect(check.conclusion).toBe('failure');
        expect(pull.status()).toContain('Shop.java:[12,5]');
        expect(uploadsOf(world)).toHaveLength(before);
        expect(pull.status()).not.toContain(world.horreum.apiKey);
        await until('the job has called back', () => calledBack(world, machine));
      }),
    GIVE_UP_MS,
  );

  test.concurrent(
    'is cancelled while it measures: the benchmark is told to end',
    () =>
      inDocumentedWorld(platform, {}, async ({ world, machine, pull }) => {
        const before = uploadsOf(world).length;
        await machine.hold();
        pull.write('ana', `/perf-bot run ${JOB}`);
        await until('it runs', () => pull.check()?.status === 'in_progress');
        pull.write('ana', `/perf-bot cancel`);
        expect((await pull.checkEnds()).conclusion).toBe('cancelled');
        expect(uploadsOf(world)).toHaveLength(before);
      }),
    GIVE_UP_MS,
  );
});
