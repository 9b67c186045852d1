/** A lab's fault is tried once more as an attempt of its own, and only when the first is proven ended. */
import { describe, expect, test } from '@jest/globals';
import type { JobExecutor, StartRequest } from '../../../../lib/perflab/job-executor.ts';
import type { BotDeps } from '../../../../lib/bot/runs/bot-deps.ts';
import { attemptKey, hasEnded, type JobRun } from '../../../../lib/bot/record/job-run.ts';
import { look } from '../../../../lib/bot/runs/look.ts';
import { matchUpload } from '../../../../lib/bot/runs/match-upload.ts';
import { planLook } from '../../../../lib/bot/runs/plan-look.ts';
import { retryLabFault } from '../../../../lib/bot/runs/retry-lab-fault.ts';
import { aJob, aProject } from '../a-project.ts';
import { aRun, CREATED_AT_MS, MINUTE_MS } from '../a-run.ts';

const NOW_MS = CREATED_AT_MS + 20 * MINUTE_MS;
const broken = (more: Partial<JobRun> = {}): JobRun =>
  aRun({
    state: 'failed',
    endedAtMs: NOW_MS,
    failure: { looksLike: 'lab', reason: 'registry refused', logTail: 'connection refused' },
    horreum: { testId: '10', newestBefore: 5, lookedAtMs: NOW_MS, candidates: [{ runId: 6, sinceMs: 0 }] },
    ...more,
    platformRun: {
      attempt: 1,
      requestedAtMs: CREATED_AT_MS,
      unknownStarts: 1,
      misses: 0,
      ref: { runId: '482' },
      phase: 'failed',
      endedAtMs: NOW_MS,
      ...more.platformRun,
    },
  });
const retried = (run = broken()) => retryLabFault(run, aJob(), NOW_MS);

describe('the second attempt', () => {
  test('has a name of its own, which the job is given, and starts afresh', () => {
    const run = retried();
    expect(run).toMatchObject({ state: 'requested', earlierFailure: { reason: 'registry refused' } });
    expect(attemptKey(run)).toBe(`${run.runKey}-2`);
    expect(run.parameters['PERF_BOT_RUN']).toBe(attemptKey(run));
    expect(run.platformRun).toEqual({ attempt: 2, requestedAtMs: NOW_MS, unknownStarts: 0, misses: 0 });
    expect(run.horreum).toEqual({ testId: '10', newestBefore: 5 });
    expect(run.deadlineAtMs - NOW_MS).toBe(broken().deadlineAtMs - CREATED_AT_MS);
    expect(run.failure).toBeUndefined();
    expect(hasEnded(run) || run.endedAtMs !== undefined).toBe(false);
  });

  test('takes no late upload of the first', () => {
    const upload = (key: string) => ({
      run: {
        id: 9,
        testId: 10,
        access: 'PUBLIC' as const,
        trashed: false,
        startMs: 0,
        hasMetadata: false,
        datasetIds: [1],
      },
      labels: [{ runId: 9, datasetId: 1, startMs: 0, values: { 'pb.run_key': key } }],
      metadata: [],
    });
    const run = retried();
    expect(matchUpload(run, upload(run.runKey), undefined)).toBe('not-ours');
    expect(matchUpload(run, upload(attemptKey(run)), undefined)).toBe('ours');
  });

  test('is written down before it is sent, and looked for after a crash', () => {
    const run = retried();
    expect(planLook(run, NOW_MS, true)).toMatchObject({ start: 'start-again' });
    const marked = { ...run, platformRun: { ...run.platformRun, unknownStarts: 1 } };
    expect(planLook(marked, NOW_MS, true)).toMatchObject({ start: 'find-first' });
    const cancelled = { ...run, cancelRequested: { by: 'ana', atMs: NOW_MS, why: 'person' as const } };
    expect(planLook(cancelled, NOW_MS, true)).toMatchObject({ start: 'find-first' });
  });
});

describe('there is none', () => {
  test.each<[string, Partial<JobRun>]>([
    ['after a second fault', { platformRun: { ...broken().platformRun, attempt: 2 } }],
    ['when the code failed', { failure: { looksLike: 'code', reason: 'x' } }],
    ['when the lab only lost sight of it', { platformRun: withoutEnd(broken().platformRun) }],
    ['after an upload', { horreum: { testId: '10', runId: 9 } }],
    ['when somebody wanted it stopped', { cancelRequested: { by: 'ana', atMs: 0, why: 'person' } }],
    ['when it timed out', { state: 'timed-out' }],
  ])('%s', (_, more) => {
    const run = { ...broken(), ...more };
    expect(retryLabFault(run, aJob(), NOW_MS)).toBe(run);
  });

  test('when the job does not want it', () => {
    const run = broken();
    expect(retryLabFault(run, aJob({ retryLabFaults: false }), NOW_MS)).toBe(run);
  });
});

function withoutEnd({ endedAtMs: _ended, ...platformRun }: JobRun['platformRun']): JobRun['platformRun'] {
  return platformRun;
}

test('from the lab’s word to the second start, the record is always a step ahead', async () => {
  const happened: string[] = [];
  const starts: StartRequest[] = [];
  const executor: Partial<JobExecutor> = {
    platform: 'jenkins',
    can: { find: true, status: true, logs: true },
    getJobStatus: (_, ref) =>
      Promise.resolve({ phase: 'failed', ref, reason: 'exit 125', stage: 'deploy', finishedAtMs: NOW_MS }),
    logTail: () => Promise.resolve('Trying to pull x ... connection refused'),
    startJob(request) {
      happened.push(`start ${request.attemptKey}`);
      starts.push(request);
      return Promise.resolve({ kind: 'accepted', ref: { queueId: '9' } });
    },
  };
  const deps = {
    nowMs: () => NOW_MS,
    log: { warn: () => undefined },
    executorOf: () => Promise.resolve(executor),
    runs: {
      save(run: JobRun) {
        happened.push(`save ${run.platformRun.attempt}/${run.platformRun.unknownStarts}`);
        return Promise.resolve({ ...run, version: run.version + 1 });
      },
    },
  } as unknown as BotDeps;
  const project = aProject({ jobs: { smoke: aJob() } });
  const running = aRun({
    state: 'running',
    platformRun: {
      attempt: 1,
      requestedAtMs: CREATED_AT_MS,
      unknownStarts: 1,
      misses: 0,
      ref: { runId: '482' },
    },
  });
  const without = aProject({ jobs: { smoke: aJob({ retryLabFaults: false }) } });
  expect((await look(deps, without, running, false)).state).toBe('failed');
  const again = await look(deps, project, running, false);
  expect(again).toMatchObject({
    state: 'requested',
    platformRun: { attempt: 2 },
    earlierFailure: { looksLike: 'lab', stage: 'deploy' },
  });
  expect(happened).toEqual([]);
  const queued = await look(deps, project, again, false);
  expect(happened).toEqual(['save 2/1', `start ${running.runKey}-2`]);
  expect(starts[0]?.parameters['PERF_BOT_RUN']).toBe(`${running.runKey}-2`);
  expect(queued).toMatchObject({ state: 'queued', platformRun: { ref: { queueId: '9' } } });
});
