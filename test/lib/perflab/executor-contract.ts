/** Plays what every JobExecutor must do against its stand-in over real sockets, with faults before and after each call takes effect. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { LabJobBody, LabOutcome } from '../../../infra/local/stand-in/lab-run.ts';
import type { ManualClock } from '../../../infra/local/stand-in/clock.ts';
import type { StandInServer } from '../../../infra/local/stand-in/server.ts';
import { LOGIN_PAGE, type Fault } from '../../../infra/local/stand-in/faults.ts';
import type { StandInCall } from '../../../infra/local/stand-in/calls.ts';
import { createOutsideCall, type OutsideCall } from '../../../lib/http/outside-call.ts';
import { UpstreamError } from '../../../lib/http/upstream-error.ts';
import type { GitHubAccess } from '../../../lib/perflab/github-actions/actions-client.ts';
import type {
  JobExecutor,
  PlatformRef,
  PlatformState,
  StartRequest,
  StartResult,
} from '../../../lib/perflab/job-executor.ts';

export const START_MS = Date.UTC(2026, 10, 24, 12);
export const SECRET = 'S3CRET-t0ken-0123456789';

/** A lab that a test file opens: a stand-in, an executor towards it, and what only the stand-in can tell. */
export interface ContractLab {
  readonly server: Pick<StandInServer, 'url' | 'breakNext' | 'calls' | 'close'>;
  readonly clock: ManualClock;
  readonly job: string;
  /** An executor; its calls give up after `lab.timeouts.ms`. */
  executor(overrides?: { token?: string }): JobExecutor;
  /** How many platform runs were ever made for an attempt. */
  runsOf(attemptKey: string): number;
  /** Whether a call is the one that starts a platform run, or that stops one. */
  isStart(call: StandInCall): boolean;
  isStop(call: StandInCall): boolean;
  /** Makes the platform forget a run that has ended. */
  forget(attemptKey: string): void;
  /** Ends the body of every run that is under way. */
  finish(outcome: LabOutcome): Promise<void>;
  /** Keeps the next runs waiting in the platform's queue until `unblock`. */
  block?(): void;
}

export interface ContractOptions {
  /** A second start of the same attempt makes no second run. */
  readonly repeatIsSafe: boolean;
  readonly knowsUnstable: boolean;
  /** How long the recovery waits between two looks. */
  readonly lookAgainMs: number;
}

/** A job's body that lasts until the test ends it. */
export function controlledBody(): { body: LabJobBody; finish: (outcome: LabOutcome) => Promise<void> } {
  let ending = Promise.withResolvers<LabOutcome>();
  return {
    body: async (run) => {
      run.stage('measure');
      run.log('\u001b[32mwarming up\u001b[0m');
      const outcome = await Promise.race([
        ending.promise,
        run.wait(86_400_000).then((): LabOutcome => 'failed'),
      ]);
      run.log(`ended: ${outcome}`);
      return outcome;
    },
    async finish(outcome) {
      ending.resolve(outcome);
      ending = Promise.withResolvers();
    },
  };
}

/** The App's access to any repository, without limits. */
export const accessWith = (token: string) => (): Promise<GitHubAccess> =>
  Promise.resolve({ token, withinLimits: (_route, send) => send() });

/** Real HTTP with a time-out that a test may shorten. */
export function testCall(timeouts: { ms: number }): OutsideCall {
  const call = createOutsideCall();
  return (request) => call({ ...request, timeoutMs: timeouts.ms });
}

export function requestFor(
  lab: Pick<ContractLab, 'job' | 'clock'>,
  attemptKey = 'pb-0123456789abcdefghijklmnop',
): StartRequest {
  return {
    attemptKey,
    job: lab.job,
    parameters: {
      PERF_BOT_RUN: attemptKey,
      PULL_REQUEST_NUMBER: '7',
      REPO_FULL_NAME: 'o/r',
      APP_COMMIT: 'a'.repeat(40),
    },
    requestedAtMs: lab.clock.nowMs(),
  };
}

export function refOf(result: StartResult): PlatformRef {
  if (result.kind !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(result)}`);
  return result.ref;
}

/** A start that was refused for good, in words that say why. */
export function refusal(words: RegExp): object {
  return { kind: 'rejected', message: expect.stringMatching(words) as unknown };
}

const ENDED = ['succeeded', 'unstable', 'failed', 'cancelled', 'timed-out', 'lost'];

export function describeExecutor(
  name: string,
  open: (timeouts: { ms: number }) => Promise<ContractLab>,
  options: ContractOptions,
): void {
  describe(`${name} keeps the contract of every PerfLab`, () => {
    const timeouts = { ms: 10_000 };
    let lab: ContractLab;
    let executor: JobExecutor;
    beforeEach(async () => {
      timeouts.ms = 10_000;
      lab = await open(timeouts);
      executor = lab.executor();
    });
    afterEach(() => lab.server.close());

    async function stateAfter(ms: number, request: StartRequest, ref: PlatformRef): Promise<PlatformState> {
      await lab.clock.advance(ms);
      return executor.getJobStatus(request, ref);
    }

    /** What the bot does after an unknown outcome: look, look again, and only then send the same once more. */
    async function recover(request: StartRequest): Promise<PlatformRef> {
      for (let look = 0; executor.can.find && look < 3; look += 1) {
        await lab.clock.advance(options.lookAgainMs);
        const found = await executor.findRun(request);
        if (found) return found;
      }
      return refOf(await executor.startJob(request));
    }

    test('a run goes from its start to its end, with a link below the configured address', async () => {
      const request = requestFor(lab);
      const ref = refOf(await executor.startJob(request));
      if (!executor.can.status) return expect(lab.runsOf(request.attemptKey)).toBe(1);
      const first = await executor.getJobStatus(request, ref);
      expect(['queued', 'running']).toContain(first.phase);
      const running = await stateAfter(5_000, request, first.ref);
      expect(running.phase).toBe('running');
      expect(running.startedAtMs).toBeGreaterThanOrEqual(START_MS);
      expect(running.ref.runId).toBeDefined();
      expect(running.ref.url).toContain(lab.server.url);
      await lab.finish('succeeded');
      const ended = await stateAfter(5_000, request, running.ref);
      expect(ended.phase).toBe('succeeded');
      expect(ended.finishedAtMs).toBeGreaterThan(running.startedAtMs!);
      expect(lab.runsOf(request.attemptKey)).toBe(1);
    });

    test.each(['failed', 'unstable'] as const)('a run that ends as %s is said to have', async (outcome) => {
      if (!executor.can.status || (outcome === 'unstable' && !options.knowsUnstable)) return;
      const request = requestFor(lab);
      const ref = refOf(await executor.startJob(request));
      await lab.clock.advance(5_000);
      await lab.finish(outcome);
      expect((await stateAfter(5_000, request, ref)).phase).toBe(outcome);
    });

    test('a second start of the same attempt while the first waits or runs makes no second run', async () => {
      if (!options.repeatIsSafe) return;
      const request = requestFor(lab);
      const first = refOf(await executor.startJob(request));
      const second = await executor.startJob(request);
      if (second.kind !== 'unknown') expect(refOf(second)).toEqual(first);
      await lab.clock.advance(5_000);
      expect(lab.runsOf(request.attemptKey)).toBe(1);
    });

    test('another attempt is another run, and neither is taken for the other', async () => {
      const [one, two] = [requestFor(lab, 'pb-one'), requestFor(lab, 'pb-one-2')];
      refOf(await executor.startJob(one));
      refOf(await executor.startJob(two));
      await lab.clock.advance(5_000);
      expect([lab.runsOf('pb-one'), lab.runsOf('pb-one-2')]).toEqual([1, 1]);
      if (!executor.can.find) return;
      const [refOne, refTwo] = [await executor.findRun(one), await executor.findRun(two)];
      expect(refOne).toBeDefined();
      expect(refTwo).toBeDefined();
      expect(refOne).not.toEqual(refTwo);
    });

    const faults: [string, Omit<Fault, 'match'>][] = [false, true].flatMap((afterEffect) => [
      [
        `the connection is reset ${afterEffect ? 'after' : 'before'} it takes effect`,
        { afterEffect, closeSocket: true },
      ],
      [`no answer comes ${afterEffect ? 'after' : 'before'} it takes effect`, { afterEffect, hangs: true }],
      ...[500, 502, 503, 504].map((status): [string, Omit<Fault, 'match'>] => [
        `${status} is answered ${afterEffect ? 'after' : 'before'} it takes effect`,
        { afterEffect, status },
      ]),
    ]);

    test.each(faults)('start: %s → one run in the end', async (_, fault) => {
      const request = requestFor(lab);
      const struck = lab.server.breakNext({ ...fault, match: (call) => lab.isStart(call) });
      if (fault.hangs) timeouts.ms = 400;
      const result = await executor.startJob(request);
      timeouts.ms = 10_000;
      expect(struck()).toBe(1);
      expect(result.kind).toBe('unknown');
      await recover(request);
      await lab.clock.advance(30_000);
      expect(lab.runsOf(request.attemptKey)).toBe(1);
    });

    test('start: a login page in place of the platform starts nothing and says so', async () => {
      lab.server.breakNext({ ...LOGIN_PAGE, match: (call) => lab.isStart(call) });
      const request = requestFor(lab);
      const result = await executor.startJob(request);
      expect(result).toMatchObject(refusal(/^A login page/));
      expect(lab.server.calls.every(({ path }) => !path.includes('sso'))).toBe(true);
      expect(lab.runsOf(request.attemptKey)).toBe(0);
    });

    test('start: nothing listens there → thrown as worth trying again, as nothing can have been started', async () => {
      await lab.server.close();
      await expect(executor.startJob(requestFor(lab))).rejects.toMatchObject({
        name: 'UpstreamError',
        retryable: true,
      });
    });

    test('start: wrong credentials and an unknown job are refused for good', async () => {
      const wrong = await lab.executor({ token: 'wrong-token' }).startJob(requestFor(lab));
      expect(wrong).toMatchObject(refusal(/refused the .*(token|signature)/));
      if (!executor.can.status) return;
      const unknown = await executor.startJob({ ...requestFor(lab), job: 'no-such-job' });
      expect(unknown).toMatchObject(refusal(/ has no .*no-such-job/));
    });

    test.each(faults)('status: %s → an error or the truth, never an end that is none', async (_, fault) => {
      if (!executor.can.status) return;
      const request = requestFor(lab);
      const ref = refOf(await executor.startJob(request));
      const { ref: known } = await stateAfter(5_000, request, ref);
      for (const lookAt of [ref, known]) {
        const struck = lab.server.breakNext({ ...fault, match: () => true });
        if (fault.hangs) timeouts.ms = 400;
        const outcome = await executor.getJobStatus(request, lookAt).catch((error: unknown) => error);
        timeouts.ms = 10_000;
        expect(struck()).toBe(1);
        if (outcome instanceof UpstreamError) expect(outcome.retryable).toBe(true);
        else expect(ENDED).not.toContain((outcome as PlatformState).phase);
      }
      await lab.finish('succeeded');
      expect((await stateAfter(5_000, request, known)).phase).toBe('succeeded');
    });

    test('status: a login page is an error, and Retry-After is passed on', async () => {
      if (!executor.can.status) return;
      const request = requestFor(lab);
      const { ref } = await stateAfter(5_000, request, refOf(await executor.startJob(request)));
      lab.server.breakNext({ ...LOGIN_PAGE, match: () => true });
      await expect(executor.getJobStatus(request, ref)).rejects.toMatchObject({
        name: 'UpstreamError',
        status: 302,
      });
      lab.server.breakNext({
        status: 503,
        headers: { 'retry-after': '17' },
        match: () => true,
      });
      await expect(executor.getJobStatus(request, ref)).rejects.toMatchObject({
        retryable: true,
        retryAfterMs: 17_000,
      });
    });

    test('status: a run that the platform forgot is lost, but never while it is young', async () => {
      if (!executor.can.status) return;
      const request = requestFor(lab);
      const { ref } = await stateAfter(5_000, request, refOf(await executor.startJob(request)));
      await lab.finish('succeeded');
      await lab.clock.advance(1_000);
      lab.forget(request.attemptKey);
      expect(ENDED).not.toContain((await executor.getJobStatus(request, ref)).phase);
      expect((await stateAfter(90_000, request, ref)).phase).toBe('lost');
    });

    test('cancel: a running one stops, and a finished one is said to be finished', async () => {
      if (!executor.can.status) return;
      const request = requestFor(lab);
      const { ref } = await stateAfter(5_000, request, refOf(await executor.startJob(request)));
      expect(await executor.cancelRun(request, ref, 'gentle')).toBe('requested');
      expect((await stateAfter(5_000, request, ref)).phase).toBe('cancelled');
      expect(await executor.cancelRun(request, ref, 'gentle')).toBe('already-finished');
    });

    test('cancel: one that waits never runs', async () => {
      if (!executor.can.status || !lab.block) return;
      lab.block();
      const request = requestFor(lab);
      const ref = refOf(await executor.startJob(request));
      const waiting = await stateAfter(5_000, request, ref);
      expect(waiting.phase).toBe('queued');
      expect(await executor.cancelRun(request, waiting.ref, 'gentle')).toBe('requested');
      expect((await stateAfter(5_000, request, waiting.ref)).phase).toBe('cancelled');
    });

    test.each(faults)('cancel: %s → asked again, it ends', async (_, fault) => {
      if (!executor.can.status) return;
      const request = requestFor(lab);
      const { ref } = await stateAfter(5_000, request, refOf(await executor.startJob(request)));
      const struck = lab.server.breakNext({ ...fault, match: (call) => lab.isStop(call) });
      if (fault.hangs) timeouts.ms = 400;
      const outcome = await executor.cancelRun(request, ref, 'gentle').catch((error: unknown) => error);
      timeouts.ms = 10_000;
      expect(struck()).toBe(1);
      expect(outcome).toMatchObject({ name: 'UpstreamError', retryable: true });
      await lab.clock.advance(1_000);
      expect(['requested', 'already-finished']).toContain(await executor.cancelRun(request, ref, 'gentle'));
      expect((await stateAfter(5_000, request, ref)).phase).toBe('cancelled');
    });

    test('log: the tail, without colours, within its bytes', async () => {
      if (!executor.can.logs) return;
      const request = requestFor(lab);
      const { ref } = await stateAfter(5_000, request, refOf(await executor.startJob(request)));
      await lab.finish('failed');
      const ended = await stateAfter(5_000, request, ref);
      const log = await executor.logTail(request, ended.ref, 10_000);
      expect(log).toContain('warming up\n');
      expect(log).toContain('ended: failed');
      expect(log).not.toContain('\u001b');
      const short = await executor.logTail(request, ended.ref, 20);
      expect(Buffer.byteLength(short ?? '')).toBeLessThanOrEqual(20);
      expect(short).toContain('ended: failed');
    });

    test('check: a good configuration has no complaint, and each broken one has a remedy', async () => {
      const names = Object.keys(requestFor(lab).parameters);
      const good = await executor.checkConnection({ job: lab.job, parameterNames: names });
      expect(good.filter(({ ok }) => !ok)).toEqual([]);
      expect(good.length).toBeGreaterThan(0);
      const broken = [
        await lab.executor({ token: 'wrong-token' }).checkConnection({ job: lab.job, parameterNames: names }),
      ];
      if (executor.can.status)
        broken.push(await executor.checkConnection({ job: 'no-such-job', parameterNames: names }));
      lab.server.breakNext({ status: 503, match: () => true });
      broken.push(await executor.checkConnection({ job: lab.job, parameterNames: names }));
      lab.server.breakNext({ ...LOGIN_PAGE, match: () => true });
      broken.push(await executor.checkConnection({ job: lab.job, parameterNames: names }));
      await lab.server.close();
      broken.push(await executor.checkConnection({ job: lab.job, parameterNames: names }));
      for (const findings of broken) {
        expect(
          findings.find(({ ok, severity, remedy }) => !ok && severity !== 'warning' && remedy !== undefined),
        ).toBeDefined();
      }
    });

    test('no message holds the secret', async () => {
      const request = requestFor(lab);
      const messages: unknown[] = [];
      for (const fault of [
        { closeSocket: true },
        LOGIN_PAGE,
        { status: 500 },
        { status: 401 },
        { status: 418 },
      ]) {
        lab.server.breakNext({ ...fault, match: /./ });
        messages.push(await executor.startJob(request).catch(describeError));
        lab.server.breakNext({ ...fault, match: /./ });
        messages.push(await executor.cancelRun(request, {}, 'gentle').catch(describeError));
        lab.server.breakNext({ ...fault, match: /./ });
        messages.push(
          await executor.checkConnection({ job: lab.job, parameterNames: [] }).catch(describeError),
        );
      }
      const text = JSON.stringify(messages);
      expect(text).toContain('418');
      expect(text).not.toContain(SECRET);
      expect(text).not.toContain(Buffer.from(`perf-bot:${SECRET}`).toString('base64'));
    });
  });
}

function describeError(error: unknown): unknown {
  return error instanceof Error ? { ...error, message: error.message, stack: error.stack } : error;
}
