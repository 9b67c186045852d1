/** The Argo Workflows executor: the common contract, Argo's own description of its requests, and Argo's traps. */
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  startArgoWorkflowsStandIn,
  type ArgoWorkflowsStandIn,
  type ArgoWorkflowsStandInOptions,
} from '../../../../infra/local/argo-workflows/argo-workflows-stand-in.ts';
import type { WorkflowTemplate } from '../../../../infra/local/argo-workflows/workflow.ts';
import { createManualClock, type ManualClock } from '../../../../infra/local/stand-in/clock.ts';
import { createArgoWorkflowsExecutor } from '../../../../lib/perflab/argo-workflows/argo-workflows.ts';
import type { JobExecutor, StartRequest } from '../../../../lib/perflab/job-executor.ts';
import {
  controlledBody,
  describeExecutor,
  refOf,
  refusal,
  requestFor,
  SECRET,
  START_MS,
  testCall,
  type ContractLab,
} from '../executor-contract.ts';
import { loadSwaggerCheck } from '../swagger-check.ts';

const JOB = 'getting-started';
const PARAMETERS = ['PERF_BOT_RUN', 'PULL_REQUEST_NUMBER', 'REPO_FULL_NAME', 'APP_COMMIT'].map((name) => ({
  name,
}));
const faultsOf = loadSwaggerCheck('argo-workflows.json');

function executorFor(
  argo: ArgoWorkflowsStandIn,
  clock: ManualClock,
  token = SECRET,
  timeouts = { ms: 10_000 },
  settings = {},
): JobExecutor {
  const deps = { call: testCall(timeouts), nowMs: clock.nowMs };
  return createArgoWorkflowsExecutor(deps, {
    baseUrl: argo.url,
    token,
    settings: { namespace: 'perf', ...settings },
  });
}

describeExecutor(
  'Argo Workflows',
  async (timeouts): Promise<ContractLab> => {
    const clock = createManualClock(START_MS);
    const { body, finish } = controlledBody();
    const template: WorkflowTemplate = { name: JOB, parameters: PARAMETERS, run: body };
    const blocked: WorkflowTemplate = { ...template, name: 'blocked', mutex: 'lab' };
    const argo = await startArgoWorkflowsStandIn({ templates: [template, blocked], token: SECRET, clock });
    const lab = {
      clock,
      job: JOB,
      executor: ({ token }: { token?: string } = {}) => executorFor(argo, clock, token, timeouts),
      runsOf: (key: string) => argo.engine.everMade(key).length,
      isStart: ({ method, path }: { method: string; path: string }) =>
        method === 'POST' && path.endsWith('/workflows/perf'),
      isStop: ({ method }: { method: string }) => method === 'PUT',
      forget: (key: string) => argo.engine.expire(key, false),
      finish,
      block() {
        argo.engine.holdLock('lab');
        lab.job = 'blocked';
      },
      server: {
        ...argo,
        async close() {
          await argo.close();
          expect(argo.calls.flatMap((call) => faultsOf(call))).toEqual([]);
        },
      },
    };
    return lab;
  },
  { repeatIsSafe: true, knowsUnstable: false, lookAgainMs: 5_000 },
);

describe('Argo Workflows', () => {
  const opened: ArgoWorkflowsStandIn[] = [];
  afterEach(async () => {
    const stopped = opened.splice(0);
    await Promise.all(stopped.map((argo) => argo.close()));
    expect(stopped.flatMap(({ calls }) => calls.flatMap((call) => faultsOf(call)))).toEqual([]);
  });

  async function open(
    template: Partial<WorkflowTemplate> = {},
    options: Partial<ArgoWorkflowsStandInOptions> = {},
    settings = {},
  ) {
    const clock = createManualClock(START_MS);
    const { body, finish } = controlledBody();
    const argo = await startArgoWorkflowsStandIn({
      templates: [{ name: JOB, parameters: PARAMETERS, run: body, ...template }],
      token: SECRET,
      clock,
      ...options,
    });
    opened.push(argo);
    const request = requestFor({ job: template.name ?? JOB, clock });
    return { argo, clock, finish, request, executor: executorFor(argo, clock, SECRET, undefined, settings) };
  }

  async function started(executor: JobExecutor, clock: ManualClock, request: StartRequest) {
    const ref = refOf(await executor.startJob(request));
    await clock.advance(1_000);
    return ref;
  }

  test('the create: by template reference, under our name and label, values as they are', async () => {
    const { argo, executor, request } = await open();
    const odd = { ...request.parameters, APP_COMMIT: 'a,b=c\n"{{x}}"' };
    const subject = { repository: 'o/r', pullRequest: 7, commit: 'abc' };
    const ref = refOf(await executor.startJob({ ...request, parameters: odd, subject }));
    expect(ref.runId).toBe(request.attemptKey);
    expect(ref.url).toMatch(
      new RegExp(`^${argo.url}/workflows/perf/${request.attemptKey}\\?uid=[0-9a-f-]+$`),
    );
    expect(JSON.parse(argo.calls[0]!.body)).toEqual({
      namespace: 'perf',
      workflow: {
        metadata: {
          name: request.attemptKey,
          namespace: 'perf',
          labels: { 'perf-bot/run': request.attemptKey },
          annotations: { 'perf-bot/subject': 'o/r#7 abc' },
        },
        spec: {
          workflowTemplateRef: { name: JOB, clusterScope: false },
          arguments: { parameters: Object.entries(odd).map(([name, value]) => ({ name, value })) },
        },
      },
    });
    expect(argo.engine.get(request.attemptKey)?.parameters).toEqual(odd);
  });

  test('a token copied with its word Bearer is taken, and a cluster template is looked for as one', async () => {
    const { argo, clock, request } = await open({ cluster: true });
    const executor = executorFor(argo, clock, `Bearer ${SECRET}`, undefined, {
      templateKind: 'ClusterWorkflowTemplate',
    });
    refOf(await executor.startJob(request));
    const findings = await executor.checkConnection({
      job: JOB,
      parameterNames: PARAMETERS.map(({ name }) => name),
    });
    expect(findings.filter(({ ok }) => !ok)).toEqual([]);
  });

  describe('409', () => {
    test('of the same name with our label is the run that exists', async () => {
      const { argo, executor, request } = await open();
      const first = refOf(await executor.startJob(request));
      expect(refOf(await executor.startJob(request))).toEqual(first);
      expect(argo.engine.everMade(request.attemptKey)).toHaveLength(1);
    });

    test('of a workflow that is not ours is never adopted, found or stopped', async () => {
      const { argo, clock, executor, request } = await open();
      const template = { name: JOB, parameters: [] };
      argo.engine.create({ name: request.attemptKey, labels: {}, annotations: {}, template, parameters: {} });
      expect(await executor.startJob(request)).toMatchObject(refusal(/is not Perf Bot's/));
      expect(await executor.findRun(request)).toBeUndefined();
      expect(await executor.cancelRun(request, { runId: request.attemptKey }, 'gentle')).toBe('not-found');
      await clock.advance(90_000);
      expect((await executor.getJobStatus(request, {})).phase).toBe('lost');
    });

    test('that is only a conflict in Kubernetes leaves it open: nothing was made', async () => {
      const { argo, executor, request } = await open();
      argo.breakNext({ status: 409, match: ({ method }) => method === 'POST' });
      expect((await executor.startJob(request)).kind).toBe('unknown');
      expect(await executor.findRun(request)).toBeUndefined();
      refOf(await executor.startJob(request));
      expect(argo.engine.everMade(request.attemptKey)).toHaveLength(1);
    });
  });

  test('refused for good: unknown template, missing parameter, no right', async () => {
    const { executor, request } = await open({ parameters: [...PARAMETERS, { name: 'SIZE' }] });
    expect(await executor.startJob({ ...request, job: 'nope' })).toMatchObject(
      refusal(/has no template nope/),
    );
    expect(await executor.startJob(request)).toMatchObject(refusal(/did not accept .*SIZE/));
    const denied = await open({}, { rights: { create: false } });
    expect(await denied.executor.startJob(denied.request)).toMatchObject(
      refusal(/has no right to create workflows/),
    );
  });

  test('429 is worth trying again, and says when', async () => {
    const { argo, executor, request } = await open();
    argo.breakNext({ status: 429, headers: { 'retry-after': '3' }, match: /./ });
    await expect(executor.startJob(request)).rejects.toMatchObject({ retryable: true, retryAfterMs: 3_000 });
  });

  test('waiting for a lock is queued, with the reason; progress shows while it runs', async () => {
    const { argo, clock, executor, request } = await open({ mutex: 'lab' });
    argo.engine.holdLock('lab');
    const ref = await started(executor, clock, request);
    expect(await executor.getJobStatus(request, ref)).toMatchObject({
      phase: 'queued',
      reason: expect.stringContaining('Mutex/lab') as unknown,
    });
    const free = await open();
    const freeRef = await started(free.executor, free.clock, free.request);
    expect(await free.executor.getJobStatus(free.request, freeRef)).toMatchObject({
      phase: 'running',
      progress: 0.5,
    });
  });

  test('one that waits is terminated, one that runs is stopped so that its exit handler calls back, one that hangs is terminated', async () => {
    const callbacks: string[] = [];
    const onExit = async ({ status }: { status: string }) => void callbacks.push(status);
    const { argo, clock, executor, request } = await open({ onExit });
    const ref = await started(executor, clock, request);
    await executor.cancelRun(request, ref, 'gentle');
    await clock.advance(1_000);
    expect(await executor.getJobStatus(request, ref)).toMatchObject({
      phase: 'cancelled',
      reason: "Stopped with strategy 'Stop'",
    });
    expect(callbacks).toEqual(['Failed']);
    expect(argo.calls.at(-2)?.path).toMatch(/\/stop$/);

    const hung = await open({ ignoresStop: true, onExit });
    const hungRef = await started(hung.executor, hung.clock, hung.request);
    await hung.executor.cancelRun(hung.request, hungRef, 'gentle');
    await hung.clock.advance(30_000);
    expect((await hung.executor.getJobStatus(hung.request, hungRef)).phase).toBe('running');
    await hung.executor.cancelRun(hung.request, hungRef, 'firm');
    await hung.clock.advance(1_000);
    expect((await hung.executor.getJobStatus(hung.request, hungRef)).phase).toBe('cancelled');
    expect(callbacks).toEqual(['Failed']);
  });

  test('it ended between the look and the stop: 500 means that it is over', async () => {
    const { argo, clock, executor, request, finish } = await open();
    const ref = await started(executor, clock, request);
    argo.breakNext({
      closeSocket: true,
      match: ({ method }) => method === 'PUT' && argo.engine.get(request.attemptKey)?.phase === 'Running',
    });
    await expect(executor.cancelRun(request, ref, 'gentle')).rejects.toMatchObject({ retryable: true });
    const workflow = argo.engine.get(request.attemptKey)!;
    await finish('succeeded');
    await clock.advance(1_000);
    workflow.phase = 'Running'; // what a look just before the end shows
    expect(await executor.cancelRun(request, ref, 'gentle')).toBe('already-finished');
  });

  async function endedAs(outcome: 'succeeded' | 'failed', template: Partial<WorkflowTemplate>) {
    const lab = await open(template);
    const ref = await started(lab.executor, lab.clock, lab.request);
    await lab.finish(outcome);
    await lab.clock.advance(1_000);
    return { ...lab, ref, state: await lab.executor.getJobStatus(lab.request, ref) };
  }
  const afterTheEnd = () => Promise.resolve();
  const failingExit = () => Promise.reject(new Error('500'));

  test('a failed exit handler leaves a good run good, with a warning; it never hides why a bad one ended', async () => {
    expect((await endedAs('succeeded', { onExit: failingExit })).state).toMatchObject({
      phase: 'succeeded',
      warning: expect.stringContaining('exit handler failed: main: Error (exit code 7)') as unknown,
    });
    const podMessage = 'main: OOMKilled (exit code 137)';
    const bad = await endedAs('failed', { onExit: failingExit, podMessage });
    expect(bad.state).toMatchObject({ phase: 'failed', reason: podMessage, stage: 'measure' });
    expect(bad.state).not.toHaveProperty('warning');
  });

  test.each<[string, 'timed-out' | 'failed']>([
    ['Step exceeded its deadline', 'timed-out'],
    ['Pod was active on the node longer than the specified deadline', 'timed-out'],
    ['main: OOMKilled (exit code 137)', 'failed'],
    ['Pod was evicted: The node was low on resource: memory.', 'failed'],
  ])('what decided stands in the pod’s node, in steps and in a DAG: %s', async (podMessage, phase) => {
    for (const shape of ['steps', 'dag'] as const) {
      const { state, argo, request } = await endedAs('failed', { podMessage, shape, onExit: afterTheEnd });
      expect(argo.engine.get(request.attemptKey)?.message ?? "child '").toMatch(/^child '/);
      expect(state).toMatchObject({ phase, reason: podMessage, stage: 'measure' });
    }
  });

  test('a pod that can’t start says why while the workflow runs', async () => {
    const pendingMessage = 'ImagePullBackOff: Back-off pulling image "nope:1"';
    const { clock, executor, request } = await open({ pendingMessage });
    const ref = await started(executor, clock, request);
    expect(await executor.getJobStatus(request, ref)).toMatchObject({
      phase: 'running',
      reason: pendingMessage,
    });
  });

  test('the log is the last attempt’s, whatever the order of hashes, and never the exit handler’s', async () => {
    for (const key of ['pb-a', 'pb-b', 'pb-c', 'pb-d', 'pb-e']) {
      const { clock, executor, finish, request } = await open({
        earlierAttempts: 3,
        onExit: failingExit,
        exitLog: 'curl: (7) Failed to connect',
      });
      const mine = requestFor({ job: request.job, clock }, key);
      const ref = await started(executor, clock, mine);
      await finish('failed');
      await clock.advance(1_000);
      const log = await executor.logTail(mine, ref, 10_000);
      expect(log).toContain('ended: failed');
      expect(log).not.toMatch(/log of attempt|curl/);
    }
  });

  test('a spec that the controller refuses is the configuration’s fault', async () => {
    const { state } = await endedAs('failed', { invalidSpec: 'spec.arguments.SIZE.value is required' });
    expect(state).toMatchObject({ phase: 'failed', fault: 'configuration' });
  });

  test('nodes that are too many to be read leave the phase readable', async () => {
    const { argo, clock, executor, request } = await open();
    const ref = await started(executor, clock, request);
    argo.breakNext({ status: 200, body: `{"status":"${'x'.repeat(9_000_000)}"}`, match: /./ });
    expect((await executor.getJobStatus(request, ref)).phase).toBe('running');
  });

  test('after its time to live it is read from the archive; the log of its failed pod from the artifacts', async () => {
    const { argo, clock, executor, request, finish } = await open();
    const ref = await started(executor, clock, request);
    await finish('failed');
    await clock.advance(1_000);
    argo.engine.collectPods(request.attemptKey);
    expect(await executor.logTail(request, ref, 1_000)).toContain('ended: failed');
    argo.engine.expire(request.attemptKey, true);
    await clock.advance(90_000);
    expect((await executor.getJobStatus(request, ref)).phase).toBe('failed');
    expect(argo.calls.some(({ path }) => path.startsWith('/artifact-files/perf/workflows/'))).toBe(true);
  });

  test('check: a parameter that the bot does not send is an error, one that is not declared a warning, no right an error', async () => {
    const names = PARAMETERS.map(({ name }) => name);
    const { executor } = await open({ parameters: [...PARAMETERS.slice(1), { name: 'SIZE' }] });
    const findings = await executor.checkConnection({ job: JOB, parameterNames: names });
    expect(findings.find(({ severity }) => severity === 'error')?.message).toContain('requires SIZE');
    expect(findings.find(({ severity }) => severity === 'warning')?.message).toContain('PERF_BOT_RUN');
    const denied = await open({}, { rights: { create: false } });
    const rights = await denied.executor.checkConnection({ job: JOB, parameterNames: names });
    expect(rights.filter(({ ok }) => !ok).map(({ message }) => message)).toEqual([
      expect.stringContaining('no right to create workflows'),
    ]);
  });

  test('the links lead to the user interface where that is elsewhere', async () => {
    const { executor, request } = await open({}, {}, { uiUrl: 'https://argo.example.com' });
    expect(refOf(await executor.startJob(request)).url).toMatch(
      /^https:\/\/argo\.example\.com\/workflows\/perf\//,
    );
  });
});
