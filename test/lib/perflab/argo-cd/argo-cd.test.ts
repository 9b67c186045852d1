/** The Argo CD executor: the common contract, Argo CD's own description of its requests, and its traps. */
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  startArgoCdStandIn,
  type ArgoCdStandIn,
  type ArgoCdStandInOptions,
} from '../../../../infra/local/argo-cd/argo-cd-stand-in.ts';
import type { WorkflowTemplate } from '../../../../infra/local/argo-workflows/workflow.ts';
import { createManualClock, type ManualClock } from '../../../../infra/local/stand-in/clock.ts';
import { createArgoCdExecutor } from '../../../../lib/perflab/argo-cd/argo-cd.ts';
import type { JobExecutor } from '../../../../lib/perflab/job-executor.ts';
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
const faultsOf = loadSwaggerCheck('argo-cd.json');

function executorFor(
  argo: ArgoCdStandIn,
  clock: ManualClock,
  token = SECRET,
  timeouts = { ms: 10_000 },
  settings = {},
): JobExecutor {
  const deps = { call: testCall(timeouts), nowMs: clock.nowMs };
  const place = { application: 'lab', project: 'perf', namespace: 'perf', ...settings };
  return createArgoCdExecutor(deps, { baseUrl: argo.url, token, settings: place });
}

describeExecutor(
  'Argo CD',
  async (timeouts): Promise<ContractLab> => {
    const clock = createManualClock(START_MS);
    const { body, finish } = controlledBody();
    const template: WorkflowTemplate = { name: JOB, parameters: PARAMETERS, run: body };
    const argo = await startArgoCdStandIn({
      templates: [template, { ...template, name: 'blocked', mutex: 'lab' }],
      token: SECRET,
      clock,
    });
    const lab = {
      clock,
      job: JOB,
      executor: ({ token }: { token?: string } = {}) => executorFor(argo, clock, token, timeouts),
      runsOf: (key: string) => argo.engine.everMade(key).length,
      isStart: ({ body: sent }: { body: string }) => sent.includes('"perf-bot-run"'),
      isStop: ({ body: sent }: { body: string }) => sent.includes('"perf-bot-stop"'),
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

describe('Argo CD', () => {
  const opened: ArgoCdStandIn[] = [];
  afterEach(async () => {
    const stopped = opened.splice(0);
    await Promise.all(stopped.map((argo) => argo.close()));
    expect(stopped.flatMap(({ calls }) => calls.flatMap((call) => faultsOf(call)))).toEqual([]);
  });

  async function open(
    template: Partial<WorkflowTemplate> = {},
    options: Partial<ArgoCdStandInOptions> = {},
    settings = {},
  ) {
    const clock = createManualClock(START_MS);
    const { body, finish } = controlledBody();
    const argo = await startArgoCdStandIn({
      templates: [{ name: JOB, parameters: PARAMETERS, run: body, ...template }],
      token: SECRET,
      clock,
      ...options,
    });
    opened.push(argo);
    return {
      argo,
      clock,
      finish,
      request: requestFor({ job: JOB, clock }),
      executor: executorFor(argo, clock, SECRET, undefined, settings),
    };
  }

  test('the start: the action with parameters on the template, JSON without a charset, a link to the node', async () => {
    const { argo, executor, request } = await open(
      {},
      {},
      { appNamespace: 'argo-apps', uiUrl: 'https://cd.example.com' },
    );
    const ref = refOf(await executor.startJob(request));
    expect(ref).toEqual({
      runId: request.attemptKey,
      url: `https://cd.example.com/applications/argo-apps/lab?node=${encodeURIComponent(`argoproj.io/Workflow/perf/${request.attemptKey}/0`)}`,
    });
    const [call] = argo.calls;
    expect(call).toMatchObject({ method: 'POST', path: '/api/v1/applications/lab/resource/actions/v2' });
    expect(call?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(call?.body ?? '')).toMatchObject({
      name: 'lab',
      appNamespace: 'argo-apps',
      project: 'perf',
      kind: 'WorkflowTemplate',
      resourceName: JOB,
      action: 'perf-bot-run',
      resourceActionParameters: expect.arrayContaining([
        { name: 'PERF_BOT_RUN', value: request.attemptKey },
      ]) as unknown,
    });
  });

  test('what is not in the cached tree yet is queued, and found once it is', async () => {
    const { clock, executor, request } = await open({}, { treeLagMs: 20_000 });
    const ref = refOf(await executor.startJob(request));
    await clock.advance(10_000);
    expect((await executor.getJobStatus(request, ref)).phase).toBe('queued');
    expect(await executor.findRun(request)).toBeUndefined();
    await clock.advance(15_000);
    expect(await executor.findRun(request)).toEqual(ref);
    expect(await executor.getJobStatus(request, ref)).toMatchObject({ phase: 'running', stage: 'measure' });
  });

  test('409 before the tree shows it leaves the outcome open; a foreign workflow is never adopted', async () => {
    const { argo, clock, executor, request } = await open();
    refOf(await executor.startJob(request));
    expect((await executor.startJob(request)).kind).toBe('unknown');
    await clock.advance(5_000);
    refOf(await executor.startJob(request));
    expect(argo.engine.everMade(request.attemptKey)).toHaveLength(1);
    (argo.engine.get(request.attemptKey)!.labels as Record<string, string>)['perf-bot/run'] = 'somebody-else';
    expect(await executor.startJob(request)).toMatchObject(refusal(/is not Perf Bot's/));
    expect(await executor.findRun(request)).toBeUndefined();
  });

  test.each<[string, Partial<ArgoCdStandInOptions>, Record<string, string>, string, RegExp]>([
    ['the action is not installed (500)', { configMap: 'data: {}' }, {}, JOB, /perf-bot-run failed/],
    [
      'the role may not run the action',
      { rights: { run: false } },
      {},
      JOB,
      /has no right to run the action/,
    ],
    ['another application', {}, { application: 'other' }, JOB, /in the application other/],
    ['the template is not part of the application', {}, {}, 'other', /has no WorkflowTemplate other/],
  ])('refused for good: %s', async (_, options, settings, job, words) => {
    const { executor, request } = await open({}, options, settings);
    expect(await executor.startJob({ ...request, job })).toMatchObject(refusal(words));
  });

  test('a running one is stopped with its exit handler, a hanging one terminated', async () => {
    const callbacks: string[] = [];
    const { argo, clock, executor, request } = await open({
      ignoresStop: true,
      onExit: async ({ status }) => void callbacks.push(status),
    });
    const ref = refOf(await executor.startJob(request));
    await clock.advance(5_000);
    await executor.cancelRun(request, ref, 'gentle');
    await clock.advance(30_000);
    expect((await executor.getJobStatus(request, ref)).phase).toBe('running');
    await executor.cancelRun(request, ref, 'kill');
    await clock.advance(1_000);
    expect((await executor.getJobStatus(request, ref)).phase).toBe('cancelled');
    expect(callbacks).toEqual([]);
    const strategies = argo.calls.flatMap(({ body }) => /"strategy","value":"(\w+)"/.exec(body)?.[1] ?? []);
    expect(strategies).toEqual(['Stop', 'Terminate']);
  });

  test('check: the missing action has a remedy, an unknown application too', async () => {
    const names = PARAMETERS.map(({ name }) => name);
    const without = await open({}, { configMap: 'data: {}' });
    const findings = await without.executor.checkConnection({ job: JOB, parameterNames: names });
    expect(findings.filter(({ ok }) => !ok)).toEqual([
      expect.objectContaining({ remedy: expect.stringContaining('argocd-cm') as unknown }),
    ]);
    const elsewhere = await open({}, {}, { application: 'other' });
    const [finding] = await elsewhere.executor.checkConnection({ job: JOB, parameterNames: names });
    expect(finding).toMatchObject({ ok: false, subject: 'Application perf/other' });
  });

  test('a request that Argo CD does not describe would be seen', () => {
    const call = {
      method: 'POST',
      path: '/api/v1/applications/lab/resource/actions/v2',
      query: new URLSearchParams('nope=1'),
      headers: {},
      body: '{"actoin":"x","name":1}',
      origin: '',
    };
    expect(faultsOf(call)).toEqual([
      'no query parameter nope',
      'body.actoin: is not described',
      'body.name: is no text',
    ]);
  });
});
