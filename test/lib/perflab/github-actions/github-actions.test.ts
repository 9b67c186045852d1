/** The GitHub Actions executor: the common contract, and what a dispatch without an idempotency key demands. */
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  createActionsRoutes,
  type ActionsRoutesOptions,
} from '../../../../infra/local/github-actions/actions-routes.ts';
import { startActionsStandIn } from '../../../../infra/local/github-actions/actions-stand-in.ts';
import type { ActionsWorkflow } from '../../../../infra/local/github-actions/actions-state.ts';
import { startStandInServer, wholeCall } from '../../../../infra/local/stand-in/server.ts';
import { createManualClock, type ManualClock } from '../../../../infra/local/stand-in/clock.ts';
import { UpstreamError } from '../../../../lib/http/upstream-error.ts';
import { createGitHubActionsExecutor } from '../../../../lib/perflab/github-actions/github-actions.ts';
import { webAddress } from '../../../../lib/perflab/github-actions/github-runs.ts';
import type { JobExecutor } from '../../../../lib/perflab/job-executor.ts';
import {
  controlledBody,
  describeExecutor,
  refOf,
  refusal,
  requestFor,
  SECRET,
  START_MS,
  accessWith,
  testCall,
  type ContractLab,
} from '../executor-contract.ts';

const JOB = 'perf.yml';
const NAMES = ['PERF_BOT_RUN', 'PULL_REQUEST_NUMBER', 'REPO_FULL_NAME', 'APP_COMMIT'];
const TEXT = `name: perf
run-name: "perf \${{ inputs.PERF_BOT_RUN }}"
on:
  workflow_dispatch:
    inputs:
${NAMES.map((name) => `      ${name}:\n        required: true\n`).join('')}`;
const WORKFLOW: ActionsWorkflow = {
  repository: 'lab/jobs',
  file: JOB,
  inputs: NAMES.map((name) => ({ name, required: true })),
  title: (inputs) => `perf ${inputs['PERF_BOT_RUN']}`,
  text: TEXT,
};

function executorFor(
  url: string,
  clock: ManualClock,
  token = SECRET,
  timeouts = { ms: 10_000 },
  settings = {},
): JobExecutor {
  const deps = { call: testCall(timeouts), nowMs: clock.nowMs, accessTo: accessWith(token) };
  return createGitHubActionsExecutor(deps, {
    baseUrl: url,
    settings: { repository: 'lab/jobs', ref: 'main', ...settings },
  });
}

for (const server of ['github.com', 'ghes'] as const) {
  describeExecutor(
    `GitHub Actions (${server})`,
    async (timeouts): Promise<ContractLab> => {
      const clock = createManualClock(START_MS);
      const { body, finish } = controlledBody();
      const options = { workflows: [{ ...WORKFLOW, run: body }], server, token: SECRET, clock, runners: 2 };
      const github = await startActionsStandIn(options);
      return {
        server: github,
        clock,
        job: JOB,
        executor: ({ token } = {}) => executorFor(github.url, clock, token, timeouts),
        runsOf: (key) => github.state.all().filter(({ inputs }) => inputs['PERF_BOT_RUN'] === key).length,
        isStart: ({ path }) => path.endsWith('/dispatches'),
        isStop: ({ path }) => path.endsWith('/cancel'),
        forget: (key) =>
          github.state
            .all()
            .filter(({ inputs }) => inputs['PERF_BOT_RUN'] === key)
            .forEach(({ id }) => github.state.delete(id)),
        finish,
        block: () =>
          ['a', 'b'].forEach((key) =>
            github.state.dispatch(
              { ...WORKFLOW, run: (run) => run.wait(1e9).then(() => 'failed') },
              { PERF_BOT_RUN: key },
            ),
          ),
      };
    },
    { repeatIsSafe: false, knowsUnstable: true, lookAgainMs: 8_000 },
  );
}

describe('GitHub Actions', () => {
  const opened: { close(): Promise<void> }[] = [];
  afterEach(() => Promise.all(opened.splice(0).map((github) => github.close())));

  async function open(
    workflow: Partial<ActionsWorkflow> = {},
    options: Partial<ActionsRoutesOptions> = {},
    settings = {},
  ) {
    const clock = createManualClock(START_MS);
    const { body, finish } = controlledBody();
    const github = await startActionsStandIn({
      workflows: [{ ...WORKFLOW, run: body, ...workflow }],
      token: SECRET,
      clock,
      ...options,
    });
    opened.push(github);
    return {
      clock,
      finish,
      github,
      request: requestFor({ job: JOB, clock }),
      executor: executorFor(github.url, clock, SECRET, undefined, settings),
    };
  }

  test('the dispatch: the version that is pinned, text inputs, the default branch where none is named, the id from the answer', async () => {
    const { github, executor, request } = await open({}, {}, { ref: undefined });
    const ref = refOf(await executor.startJob(request));
    expect(ref).toEqual({ runId: '19000000001', url: `${github.url}/lab/jobs/actions/runs/19000000001` });
    const call = github.calls.at(-1)!;
    expect(`${call.method} ${call.path}`).toBe('POST /repos/lab/jobs/actions/workflows/perf.yml/dispatches');
    expect(call.headers).toMatchObject({
      'x-github-api-version': '2022-11-28',
      accept: 'application/vnd.github+json',
      'user-agent': 'perf-bot',
    });
    expect(JSON.parse(call.body)).toEqual({
      ref: 'main',
      inputs: request.parameters,
      return_run_details: true,
    });
  });

  test('a server that does not know the key: sent again without it, then found by its title once it is listed', async () => {
    const { clock, github, executor, request } = await open({}, { server: 'ghes' });
    const ref = refOf(await executor.startJob(request));
    expect(ref).toEqual({ url: `${github.url}/lab/jobs/actions/workflows/perf.yml` });
    expect(github.calls.map(({ status }) => status)).toEqual([422, 204]);
    expect((await executor.getJobStatus(request, ref)).phase).toBe('queued');
    await clock.advance(3_000);
    const list = async () => {
      const state = await executor.getJobStatus(request, ref);
      return state.ref.runId;
    };
    expect(await list()).toBe('19000000001');
    const query = github.calls.find(({ path }) => path.endsWith('/runs'))!.query;
    expect(Object.fromEntries(query)).toEqual({
      event: 'workflow_dispatch',
      created: '>=2026-11-24T11:59:00Z',
      per_page: '100',
      page: '1',
    });
  });

  test('a title is compared by whole names, over several pages, and of twins the first is taken', async () => {
    const own = await open({}, { runners: 0 });
    const key = own.request.attemptKey;
    const workflow = own.github.state;
    refOf(await own.executor.startJob(own.request));
    const [first] = workflow.all();
    await own.clock.advance(3_000);
    expect(await own.executor.findRun({ ...own.request, attemptKey: key.slice(0, -1) })).toBeUndefined();
    const second = { ...own.request, attemptKey: 'pb-second' };
    workflow.dispatch(first!.workflow, { PERF_BOT_RUN: 'pb-second-2' });
    await own.clock.advance(3_000);
    expect(await own.executor.findRun(second)).toBeUndefined();

    for (let n = 0; n < 150; n += 1) workflow.dispatch(first!.workflow, { PERF_BOT_RUN: `${key}-2` });
    workflow.dispatch(first!.workflow, { PERF_BOT_RUN: key });
    await own.clock.advance(3_000);
    expect(await own.executor.findRun(own.request)).toMatchObject({ runId: String(first!.id) });
    expect(own.github.calls.filter(({ path }) => path.endsWith('/runs'))).toHaveLength(4);
  });

  test.each<[string, Partial<ActionsWorkflow>, Record<string, string>, RegExp]>([
    ['an input that is not declared', { inputs: WORKFLOW.inputs.slice(1) }, {}, /did not accept .* input/i],
    [
      'a required input that is not sent',
      { inputs: [...WORKFLOW.inputs, { name: 'SIZE', required: true }] },
      {},
      /did not accept .* input/i,
    ],
    ['no workflow_dispatch trigger', { dispatchable: false }, {}, /did not accept .*workflow_dispatch/],
    ['a disabled workflow', { state: 'disabled_manually' }, {}, /is disabled in GitHub Actions/],
    ['a ref that is not there', {}, { ref: 'gone' }, /did not accept .*gone/],
    ['a repository without the App', {}, { repository: 'lab/other' }, /GitHub has no workflow/],
  ])('refused for good: %s', async (_, workflow, settings, words) => {
    const { executor, request } = await open(workflow, {}, settings);
    expect(await executor.startJob(request)).toMatchObject(refusal(words));
  });

  test('too many inputs are refused before they are sent', async () => {
    const { github, executor, request } = await open();
    const parameters = Object.fromEntries(Array.from({ length: 26 }, (_, n) => [`P${n}`, '1']));
    expect(await executor.startJob({ ...request, parameters })).toMatchObject(refusal(/at most 25 inputs/));
    expect(github.calls).toEqual([]);
  });

  test('limits are waited for, not refused', async () => {
    const { github, executor, request } = await open();
    github.breakNext({
      status: 403,
      headers: { 'retry-after': '60' },
      match: ({ path }) => path.endsWith('/dispatches'),
    });
    await expect(executor.startJob(request)).rejects.toMatchObject({ retryable: true, retryAfterMs: 60_000 });
    github.breakNext({ status: 429, match: /./ });
    await expect(executor.getJobStatus(request, { runId: '1' })).rejects.toMatchObject({
      retryable: true,
      retryAfterMs: 60_000,
    });
  });

  test('no token, nothing sent: thrown as it was', async () => {
    const { github, clock, request } = await open();
    const accessTo = () =>
      Promise.reject(new UpstreamError('the App is not installed on lab/jobs', { retryable: false }));
    const deps = { call: testCall({ ms: 10_000 }), nowMs: clock.nowMs, accessTo };
    const executor = createGitHubActionsExecutor(deps, {
      baseUrl: github.url,
      settings: { repository: 'lab/jobs' },
    });
    await expect(executor.startJob(request)).rejects.toMatchObject({ retryable: false });
    expect(await executor.checkConnection({ job: JOB, parameterNames: [] })).toMatchObject([{ ok: false }]);
    expect(github.calls).toEqual([]);
  });

  test('a known running run costs one call; a failed one tells its step', async () => {
    const { clock, github, finish, executor, request } = await open();
    const ref = refOf(await executor.startJob(request));
    await clock.advance(1_000);
    const before = github.calls.length;
    expect((await executor.getJobStatus(request, ref)).phase).toBe('running');
    expect(github.calls.length - before).toBe(1);
    await finish('failed');
    await clock.advance(1_000);
    expect(await executor.getJobStatus(request, ref)).toMatchObject({
      phase: 'failed',
      stage: 'perf / measure',
    });
  });

  test('a person’s re-run is the same run, running again', async () => {
    const { clock, github, finish, executor, request } = await open();
    const ref = refOf(await executor.startJob(request));
    await clock.advance(1_000);
    await finish('failed');
    await clock.advance(1_000);
    github.state.rerun(github.state.all()[0]!);
    await clock.advance(1_000);
    expect(await executor.getJobStatus(request, ref)).toMatchObject({
      phase: 'running',
      reason: 'run again by a person',
    });
  });

  test('a job that holds on to its cancel is forced', async () => {
    const { clock, executor, request } = await open({ ignoresStop: true });
    const ref = refOf(await executor.startJob(request));
    await clock.advance(1_000);
    await executor.cancelRun(request, ref, 'gentle');
    await clock.advance(30_000);
    expect((await executor.getJobStatus(request, ref)).phase).toBe('running');
    expect(await executor.cancelRun(request, ref, 'firm')).toBe('requested');
    await clock.advance(1_000);
    expect((await executor.getJobStatus(request, ref)).phase).toBe('cancelled');
  });

  test('the log: its end only, without our token, without timestamps', async () => {
    const { clock, github, executor, request } = await open({
      run: async (run) => {
        for (let line = 0; line < 20_000; line += 1) run.log(`line ${line}`);
        return 'failed';
      },
    });
    const ref = refOf(await executor.startJob(request));
    await clock.advance(1_000);
    const log = (await executor.logTail(request, ref, 1_000))!;
    expect(log.endsWith('line 19999\n')).toBe(true);
    expect(log).toMatch(/^line \d+\n/);
    expect(Buffer.byteLength(log)).toBeLessThanOrEqual(1_000);
    const signed = github.calls.filter(({ path }) => path.startsWith('/signed-logs/'));
    expect(signed.map(({ status, headers }) => [status, headers['authorization']])).toEqual([
      [206, undefined],
      [206, undefined],
    ]);
  });

  test('check: a missing input is an error, a missing run-name a warning', async () => {
    const { executor } = await open({
      text: TEXT.replace(/^run-name.*$/m, '').replace('APP_COMMIT', 'OTHER'),
    });
    const findings = await executor.checkConnection({ job: JOB, parameterNames: NAMES });
    expect(findings.find(({ severity }) => severity === 'error')?.message).toContain('APP_COMMIT');
    expect(findings.find(({ severity }) => severity === 'warning')?.remedy).toContain(
      'run-name: "perf ${{ inputs.PERF_BOT_RUN }}"',
    );
  });

  test('the webhook’s events come in their order, and the routes mount into another server', async () => {
    const events: string[] = [];
    const clock = createManualClock(START_MS);
    const { body, finish } = controlledBody();
    const routes = createActionsRoutes({
      workflows: [{ ...WORKFLOW, run: body }],
      clock,
      onEvent: (action, payload) =>
        void events.push(`${action} ${String(payload['display_title'])} ${String(payload['conclusion'])}`),
    });
    const server = await startStandInServer({
      name: 'another server',
      note: wholeCall,
      handle: (call) => routes.handle(call) ?? { status: 418 },
    });
    opened.push(server);
    const { url } = server;
    const request = requestFor({ job: JOB, clock }, 'pb-mounted');
    refOf(await executorFor(url, clock).startJob(request));
    expect((await testCall({ ms: 5_000 })({ method: 'GET', url: `${url}/repos/o/r/issues/1` })).status).toBe(
      418,
    );
    await clock.advance(1_000);
    await finish('succeeded');
    await clock.advance(1_000);
    expect(events).toEqual([
      'requested perf pb-mounted null',
      'in_progress perf pb-mounted null',
      'completed perf pb-mounted success',
    ]);
  });

  test.each([
    ['https://api.github.com', 'https://github.com'],
    ['https://ghe.example.com/api/v3', 'https://ghe.example.com'],
    ['https://api.acme.ghe.com', 'https://acme.ghe.com'],
    ['http://127.0.0.1:3001', 'http://127.0.0.1:3001'],
  ])('people see %s at %s', (api, web) => {
    expect(webAddress(api)).toBe(web);
  });
});
