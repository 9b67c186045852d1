/** The Jenkins executor: the common contract, and the traps that only Jenkins sets. */
import { afterEach, describe, expect, test } from '@jest/globals';
import type { JenkinsJob } from '../../../../infra/local/jenkins/jenkins-jobs.ts';
import {
  startJenkinsStandIn,
  type JenkinsStandIn,
  type JenkinsStandInOptions,
} from '../../../../infra/local/jenkins/jenkins-stand-in.ts';
import { createManualClock, type ManualClock } from '../../../../infra/local/stand-in/clock.ts';
import { createOutsideCall } from '../../../../lib/http/outside-call.ts';
import { createJenkinsExecutor } from '../../../../lib/perflab/jenkins/jenkins.ts';
import type { JobExecutor, StartRequest } from '../../../../lib/perflab/job-executor.ts';
import {
  controlledBody,
  describeExecutor,
  refOf,
  requestFor,
  SECRET,
  START_MS,
  testCall,
  type ContractLab,
} from '../executor-contract.ts';

const JOB = 'perf/getting-started';
const PARAMETERS = ['PERF_BOT_RUN', 'PULL_REQUEST_NUMBER', 'REPO_FULL_NAME', 'APP_COMMIT'].map((name) => ({
  name,
}));

function executorFor(
  jenkins: JenkinsStandIn,
  clock: ManualClock,
  token = SECRET,
  timeouts = { ms: 10_000 },
): JobExecutor {
  const deps = { call: testCall(timeouts), nowMs: clock.nowMs };
  return createJenkinsExecutor(deps, { baseUrl: jenkins.url, user: 'perf-bot', token, settings: {} });
}

describeExecutor(
  'Jenkins',
  async (timeouts): Promise<ContractLab> => {
    const clock = createManualClock(START_MS);
    const { body, finish } = controlledBody();
    let blocked = false;
    const blocker: JenkinsJob = {
      name: 'blocker',
      parameters: [{ name: 'N' }],
      concurrent: true,
      run: (run) => run.wait(1e9).then(() => 'failed'),
    };
    const job: JenkinsJob = { name: JOB, parameters: PARAMETERS, concurrent: true, run: body };
    const server = await startJenkinsStandIn({
      jobs: [job, blocker],
      token: SECRET,
      clock,
      contextPath: '/jenkins',
      executors: 3,
    });
    return {
      server,
      clock,
      job: JOB,
      executor: ({ token } = {}) => executorFor(server, clock, token, timeouts),
      runsOf: (key) => server.builds(JOB).filter(({ run }) => run.parameters['PERF_BOT_RUN'] === key).length,
      isStart: ({ method, path }) => method === 'POST' && path.endsWith('/buildWithParameters'),
      isStop: ({ method, path }) => method === 'POST' && path.endsWith('/stop'),
      forget: () => {
        server.restart();
        server.builds(JOB).forEach(({ number }) => server.deleteBuild(JOB, number));
      },
      finish,
      block() {
        if (blocked) return;
        blocked = true;
        for (const value of ['1', '2', '3'])
          server.state.submit(blocker, [{ name: 'N', value, secret: false }], 0);
      },
    };
  },
  { repeatIsSafe: true, knowsUnstable: true, lookAgainMs: 5_000 },
);

describe('Jenkins', () => {
  const opened: JenkinsStandIn[] = [];
  afterEach(() => Promise.all(opened.splice(0).map((jenkins) => jenkins.close())));

  async function open(job: Partial<JenkinsJob> = {}, options: Partial<JenkinsStandInOptions> = {}) {
    const clock = createManualClock(START_MS);
    const { body, finish } = controlledBody();
    const theJob = { name: JOB, parameters: PARAMETERS, run: body, ...job };
    const jenkins = await startJenkinsStandIn({ jobs: [theJob], token: SECRET, clock, ...options });
    opened.push(jenkins);
    const executor = executorFor(jenkins, clock);
    const request = requestFor({ job: theJob.name, clock });
    return { clock, jenkins, executor, request, finish };
  }

  const callsOf = (jenkins: JenkinsStandIn) => jenkins.calls.map(({ method, path }) => `${method} ${path}`);

  test('the trigger: one POST, form-encoded, no quiet period, Basic auth, every parameter', async () => {
    const { jenkins, executor, request } = await open();
    const ref = refOf(await executor.startJob(request));
    expect(ref).toEqual({ queueId: '3901', url: `${jenkins.url}/job/perf/job/getting-started/` });
    expect(jenkins.calls).toHaveLength(1);
    const call = jenkins.calls[0]!;
    expect(`${call.method} ${call.path}?${call.query.toString()}`).toBe(
      'POST /job/perf/job/getting-started/buildWithParameters?delay=0sec',
    );
    expect(call.headers).toMatchObject({
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${Buffer.from(`perf-bot:${SECRET}`).toString('base64')}`,
    });
    expect(Object.fromEntries(new URLSearchParams(call.body))).toEqual(request.parameters);
  });

  test('a Location with a wrong host is read for its number only; every call and link keeps the configured address', async () => {
    const { clock, jenkins, executor, request } = await open(
      {},
      { believedRootUrl: 'http://internal.invalid:8080/other' },
    );
    const ref = refOf(await executor.startJob(request));
    await clock.advance(1_000);
    const state = await executor.getJobStatus(request, ref);
    expect(state).toMatchObject({
      phase: 'running',
      ref: { runId: '1', url: `${jenkins.url}/job/perf/job/getting-started/1/` },
    });
  });

  test('a multibranch name and odd characters are encoded segment by segment', async () => {
    const { clock, jenkins, executor, request } = await open({ name: 'perf lab/service/feat%2Fx' });
    const ref = refOf(await executor.startJob(request));
    expect(jenkins.calls[0]!.path).toBe('/job/perf%20lab/job/service/job/feat%252Fx/buildWithParameters');
    expect((await executor.getJobStatus(request, ref)).phase).toBe('queued');
    await clock.advance(1_000);
    expect(await executor.findRun(request)).toMatchObject({ runId: '1' });
  });

  test('a known running build costs one call', async () => {
    const { clock, jenkins, executor, request } = await open({ estimatedDurationMs: 61_000 });
    const ref = refOf(await executor.startJob(request));
    await clock.advance(1_000);
    const { ref: known } = await executor.getJobStatus(request, ref);
    const before = jenkins.calls.length;
    expect(await executor.getJobStatus(request, known)).toMatchObject({
      phase: 'running',
      estimatedDurationMs: 61_000,
    });
    expect(jenkins.calls.length - before).toBe(1);
  });

  test('while it waits: why, and the place in line', async () => {
    const { clock, executor, request } = await open({}, { executors: 1 });
    refOf(await executor.startJob({ ...request, attemptKey: 'pb-0', parameters: { PERF_BOT_RUN: 'pb-0' } }));
    refOf(await executor.startJob({ ...request, attemptKey: 'pb-1', parameters: { PERF_BOT_RUN: 'pb-1' } }));
    await clock.advance(1_000);
    const ref = refOf(await executor.startJob(request));
    expect(await executor.getJobStatus(request, ref)).toMatchObject({
      phase: 'queued',
      queuePosition: 2,
      reason: 'Build #1 is already in progress (ETA: N/A)',
    });
  });

  test('a queue item that left without an executable yet is still queued', async () => {
    const { clock, executor, request } = await open({}, { lagMs: 2_000 });
    const ref = refOf(await executor.startJob(request));
    await clock.advance(1_000);
    expect((await executor.getJobStatus(request, ref)).phase).toBe('queued');
    await clock.advance(2_000);
    expect((await executor.getJobStatus(request, ref)).phase).toBe('running');
  });

  test.each([
    [
      'five minutes after it left the queue',
      (_: JenkinsStandIn, clock: ManualClock) => clock.advance(301_000),
    ],
    ['after a restart', (jenkins: JenkinsStandIn) => jenkins.restart()],
  ])('the queue item is gone %s: the build is found by its key', async (_, lose) => {
    const { clock, jenkins, executor, request, finish } = await open();
    const ref = refOf(await executor.startJob(request));
    await clock.advance(1_000);
    await lose(jenkins, clock);
    expect(await executor.getJobStatus(request, ref)).toMatchObject({
      phase: 'running',
      ref: { queueId: '3901', runId: '1' },
    });
    await finish('unstable');
    await clock.advance(1_000);
    expect(await executor.getJobStatus(request, ref)).toMatchObject({ phase: 'unstable' });
  });

  test('parameters that appear late: the first look finds nothing, the second does', async () => {
    const { clock, executor, request } = await open({}, { lagMs: 1_000 });
    refOf(await executor.startJob(request));
    await clock.advance(1_500);
    expect(await executor.findRun(request)).toBeUndefined();
    await clock.advance(1_000);
    expect(await executor.findRun(request)).toMatchObject({ runId: '1', queueId: '3901' });
  });

  test('the queue is read before the builds, so a run can’t slip between the two', async () => {
    const { jenkins, executor, request } = await open();
    await executor.findRun(request);
    expect(callsOf(jenkins)).toEqual(['GET /queue/api/json', 'GET /job/perf/job/getting-started/api/json']);
  });

  describe('a job of the original’s kind, which declares no PERF_BOT_RUN', () => {
    const legacy = { parameters: PARAMETERS.filter(({ name }) => name !== 'PERF_BOT_RUN') };

    test('is found in the queue and among the builds by its other parameters', async () => {
      const { clock, jenkins, executor, request } = await open(legacy, { executors: 0 });
      refOf(await executor.startJob(request));
      expect(await executor.findRun(request)).toEqual({
        queueId: '3901',
        url: `${jenkins.url}/job/perf/job/getting-started/`,
      });
      const other = await open(legacy);
      refOf(await other.executor.startJob(other.request));
      await other.clock.advance(1_000);
      expect(await other.executor.findRun(other.request)).toMatchObject({ runId: '1', queueId: '3901' });
      expect(
        await other.executor.findRun({
          ...other.request,
          parameters: { ...request.parameters, APP_COMMIT: 'b' },
        }),
      ).toBeUndefined();
      expect(clock.nowMs()).toBe(START_MS);
    });

    test('is not confused with a build from long before, nor with an earlier attempt that has ended', async () => {
      const { clock, executor, request, finish } = await open(legacy);
      refOf(await executor.startJob(request));
      await clock.advance(1_000);
      const later = (ms: number): StartRequest => ({ ...request, requestedAtMs: START_MS + ms });
      expect(await executor.findRun(later(61_500))).toBeUndefined();
      expect(await executor.findRun(later(30_000))).toMatchObject({ runId: '1' });
      await finish('failed');
      await clock.advance(1_000);
      expect(await executor.findRun(later(30_000))).toBeUndefined();
      expect(await executor.findRun(request)).toMatchObject({ runId: '1' });
    });

    test('keeps its build by queue id when the item is gone', async () => {
      const { clock, executor, request } = await open(legacy);
      const ref = refOf(await executor.startJob(request));
      await clock.advance(301_000);
      expect(await executor.getJobStatus(request, ref)).toMatchObject({
        phase: 'running',
        ref: { runId: '1' },
      });
    });
  });

  test('a build number that is now another attempt’s (the job was made anew) is not ours', async () => {
    const { clock, executor, request } = await open();
    refOf(
      await executor.startJob({
        ...request,
        attemptKey: 'pb-other',
        parameters: { PERF_BOT_RUN: 'pb-other' },
      }),
    );
    await clock.advance(120_000);
    expect((await executor.getJobStatus(request, { queueId: '3901', runId: '1' })).phase).toBe('lost');
    expect((await executor.getJobStatus(request, { queueId: '3901' })).phase).toBe('lost');
  });

  test.each<[string, Partial<JenkinsJob>, Record<string, string>, RegExp]>([
    ['a job without parameters', { parameters: [] }, {}, /takes no parameters/],
    ['a disabled job', { buildable: false }, {}, /disabled/],
    [
      'a choice that is not listed (500)',
      { parameters: [...PARAMETERS, { name: 'SIZE', choices: ['s', 'm'] }] },
      { SIZE: 'xl' },
      /Illegal choice for parameter SIZE/,
    ],
    ['a name that Jenkins keeps for itself', {}, { delay: '5' }, /"delay"/],
    ['a form that is too large', {}, { APP_COMMIT: 'x'.repeat(70_000) }, /larger than/],
  ])('refused for good: %s', async (_, job, parameters, message) => {
    const { executor, request } = await open(job);
    const result = await executor.startJob({
      ...request,
      parameters: { ...request.parameters, ...parameters },
    });
    expect(result).toMatchObject({
      kind: 'rejected',
      message: expect.stringMatching(message) as unknown,
    });
  });

  test('refused for good: no right to build, named by Jenkins', async () => {
    const { executor, request } = await open({}, { rights: { build: false } });
    expect(await executor.startJob(request)).toMatchObject({
      kind: 'rejected',
      message: expect.stringContaining('hudson.model.Item.Build') as unknown,
    });
  });

  test('while Jenkins starts: the outcome of a start is unknown, a status is worth trying again', async () => {
    const { jenkins, executor, request } = await open();
    jenkins.starting = true;
    expect((await executor.startJob(request)).kind).toBe('unknown');
    await expect(executor.getJobStatus(request, { queueId: '1' })).rejects.toMatchObject({
      retryable: true,
      status: 503,
    });
  });

  test('a build whose callback is posted while it still builds is running, then ended', async () => {
    const seen: string[] = [];
    const { clock, executor, request } = await open({
      run: async (build) => {
        try {
          await build.wait(60_000);
          return 'failed';
        } finally {
          seen.push((await executor.getJobStatus(request, { runId: build.id })).phase);
        }
      },
    });
    const ref = refOf(await executor.startJob(request));
    await clock.advance(61_000);
    while (seen.length === 0) await clock.advance(0);
    expect(seen).toEqual(['running']);
    await clock.advance(1_000);
    expect(await executor.getJobStatus(request, ref)).toMatchObject({
      phase: 'failed',
      finishedAtMs: expect.any(Number) as unknown,
    });
  });

  test('a result that is set while it still builds is not its end', async () => {
    const { clock, finish, executor, request } = await open({ earlyResult: 'SUCCESS' });
    const ref = refOf(await executor.startJob(request));
    await clock.advance(1_000);
    expect(await executor.getJobStatus(request, ref)).toMatchObject({ phase: 'running' });
    await finish('failed');
    await clock.advance(1_000);
    expect(await executor.getJobStatus(request, ref)).toMatchObject({ phase: 'failed' });
  });

  test('a host that is not on the allow-list is never called, and that is for good', async () => {
    const { clock, jenkins, request } = await open();
    const call = createOutsideCall({ allowedHosts: ['ci.example.com'] });
    const executor = createJenkinsExecutor(
      { call, nowMs: clock.nowMs },
      { baseUrl: jenkins.url, settings: {} },
    );
    await expect(executor.startJob(request)).rejects.toMatchObject({ retryable: false });
    expect(jenkins.calls).toEqual([]);
  });

  test('an abort by a person is told as one that Jenkins can’t name', async () => {
    const { clock, jenkins, executor, request } = await open();
    const ref = refOf(await executor.startJob(request));
    await clock.advance(1_000);
    jenkins.builds(JOB)[0]!.run.stop();
    await clock.advance(1_000);
    expect(await executor.getJobStatus(request, ref)).toMatchObject({
      phase: 'cancelled',
      reason: 'aborted in Jenkins (by a person or a time-out)',
    });
  });

  describe('cancel', () => {
    test('an item that left the queue meanwhile is resolved and its build stopped', async () => {
      const { clock, jenkins, executor, request } = await open();
      const ref = refOf(await executor.startJob(request));
      await clock.advance(1_000);
      expect(await executor.cancelRun(request, ref, 'gentle')).toBe('requested');
      expect(callsOf(jenkins).at(-1)).toBe('POST /job/perf/job/getting-started/1/stop');
      await clock.advance(301_000); // and the same where the item is no longer known
      expect(await executor.cancelRun(request, ref, 'gentle')).toBe('already-finished');
    });

    test('an item between queue and executor is asked about again', async () => {
      const { clock, executor, request } = await open({}, { lagMs: 5_000 });
      const ref = refOf(await executor.startJob(request));
      await clock.advance(1_000);
      await expect(executor.cancelRun(request, ref, 'gentle')).rejects.toMatchObject({ retryable: true });
    });

    test('a pipeline that hangs needs term, a freestyle job takes stop for it', async () => {
      const { clock, jenkins, executor, request } = await open({ ignoresStop: true });
      const ref = refOf(await executor.startJob(request));
      await clock.advance(1_000);
      const { ref: known } = await executor.getJobStatus(request, ref);
      await executor.cancelRun(request, known, 'gentle');
      await clock.advance(30_000);
      expect((await executor.getJobStatus(request, known)).phase).toBe('running');
      expect(await executor.cancelRun(request, known, 'firm')).toBe('requested');
      await clock.advance(1_000);
      expect((await executor.getJobStatus(request, known)).phase).toBe('cancelled');
      expect(callsOf(jenkins)).toContain('POST /job/perf/job/getting-started/1/term');

      const freestyle = await open({ freestyle: true });
      refOf(await freestyle.executor.startJob(freestyle.request));
      await freestyle.clock.advance(1_000);
      expect(await freestyle.executor.cancelRun(freestyle.request, { runId: '1' }, 'kill')).toBe('requested');
      expect(callsOf(freestyle.jenkins).at(-1)).toBe('POST /job/perf/job/getting-started/1/stop');
    });

    test('a body that hears nothing is killed', async () => {
      const { clock, executor, request } = await open({ run: () => new Promise(() => {}) });
      refOf(await executor.startJob(request));
      await clock.advance(1_000);
      await executor.cancelRun(request, { runId: '1' }, 'firm');
      await clock.advance(1_000);
      expect((await executor.getJobStatus(request, { runId: '1' })).phase).toBe('running');
      await executor.cancelRun(request, { runId: '1' }, 'kill');
      await clock.advance(1_000);
      expect((await executor.getJobStatus(request, { runId: '1' })).phase).toBe('cancelled');
    });

    test('without the right it says so', async () => {
      const { executor, request } = await open({}, { rights: { cancel: false } });
      const ref = refOf(await executor.startJob(request));
      await expect(executor.cancelRun(request, ref, 'gentle')).rejects.toMatchObject({
        status: 422,
        retryable: false,
        message: expect.stringContaining('No permission') as unknown,
      });
    });
  });

  test('the tail of a long log is two calls, begins at a line, and is cut in bytes', async () => {
    const { clock, jenkins, executor, request } = await open({
      run: async (build) => {
        for (let line = 0; line < 20_000; line += 1) build.log(`line ${line} äöü €`);
        return 'succeeded';
      },
    });
    refOf(await executor.startJob(request));
    await clock.advance(1_000);
    const before = jenkins.calls.length;
    const tail = (await executor.logTail(request, { runId: '1' }, 1_000))!;
    expect(jenkins.calls.length - before).toBe(2);
    const sizeBytes = Buffer.byteLength(jenkins.builds(JOB)[0]!.run.log);
    expect(jenkins.calls.at(-1)?.query.get('start')).toBe(String(sizeBytes - 1_000));
    expect(Buffer.byteLength(tail)).toBeLessThanOrEqual(1_000);
    expect(tail).toMatch(/^line \d+ äöü €\n/);
    expect(tail.endsWith('line 19999 äöü €\n')).toBe(true);
  });

  describe('check', () => {
    const names = PARAMETERS.map(({ name }) => name);
    test('a job without PERF_BOT_RUN is a warning with the line to add', async () => {
      const { executor, request } = await open({ parameters: PARAMETERS.slice(1) });
      const findings = await executor.checkConnection({ job: request.job, parameterNames: names });
      expect(findings.filter(({ ok }) => !ok)).toEqual([
        expect.objectContaining({
          severity: 'warning',
          remedy: expect.stringContaining("string(name: 'PERF_BOT_RUN'") as unknown,
        }),
      ]);
    });

    test.each<[string, Partial<JenkinsJob>, string, RegExp]>([
      [
        'a mapped name that is not declared',
        { parameters: PARAMETERS.slice(0, 3) },
        JOB,
        /does not declare APP_COMMIT/,
      ],
      ['a folder in place of a job', {}, 'perf', /folder/],
      ['a disabled job', { buildable: false }, JOB, /disabled/],
      ['no parameters at all', { parameters: [] }, JOB, /takes no parameters/],
      [
        'PERF_BOT_RUN of another type',
        { parameters: [{ name: 'PERF_BOT_RUN', type: 'boolean' }, ...PARAMETERS.slice(1)] },
        JOB,
        /BooleanParameterDefinition/,
      ],
    ])('%s is an error', async (_, job, name, message) => {
      const { executor } = await open(job);
      const findings = await executor.checkConnection({ job: name, parameterNames: names });
      const errors = findings.filter(({ ok, severity }) => !ok && severity !== 'warning');
      expect(errors.map(({ message }) => message).join()).toMatch(message);
    });
  });
});
