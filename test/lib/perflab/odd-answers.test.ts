/** Answers that no lab gives do no harm: an id in them leads to no other page, a word of theirs is nothing that objects have, a file costs no time. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { createManualClock } from '../../../infra/local/stand-in/clock.ts';
import { UpstreamError } from '../../../lib/http/upstream-error.ts';
import { createArgoWorkflowsExecutor } from '../../../lib/perflab/argo-workflows/argo-workflows.ts';
import { createGitHubActionsExecutor } from '../../../lib/perflab/github-actions/github-actions.ts';
import { createJenkinsExecutor } from '../../../lib/perflab/jenkins/jenkins.ts';
import type { JobExecutor, LabConnection } from '../../../lib/perflab/job-executor.ts';
import { createWebhookExecutor } from '../../../lib/perflab/webhook/webhook.ts';
import { accessWith, requestFor, SECRET, START_MS, testCall } from './executor-contract.ts';
import { startRawServer, type RawServer } from '../http/raw-server.ts';

const clock = createManualClock(START_MS);
const deps = { call: testCall({ ms: 5_000 }), nowMs: clock.nowMs, accessTo: accessWith(SECRET) };
const request = requestFor({ job: 'perf.yml', clock });
const jenkinsRun = requestFor({ job: 'perf/getting-started', clock });

const opened: RawServer[] = [];
afterEach(() => Promise.all(opened.splice(0).map((server) => server.close())));

/** An executor towards a lab that answers this text to everything below `/base` (another where it is asked for a file), and all addresses that it was asked for. */
async function openSaying(
  answer: string,
  create: (given: typeof deps, connection: LabConnection) => JobExecutor,
  settings: Readonly<Record<string, string>> = {},
  file = '',
) {
  const server = await startRawServer((response, { path }) =>
    response
      .writeHead(200, { 'content-type': 'application/json', 'x-text-size': '3' })
      .end(path.includes('/contents/') ? file : answer),
  );
  opened.push(server);
  const executor = create(deps, { baseUrl: `${server.url}/base`, token: SECRET, settings });
  return { executor, asked: () => server.calls.map(({ path }) => path) };
}

describe('an id that is none', () => {
  test.each(['..', '.', '../../../user', '7/../../..', '%2e%2e', '1e21'])(
    'in GitHub’s answers: %s',
    async (id) => {
      const run = { id, workflow_run_id: id, display_title: request.attemptKey, status: 'completed' };
      const answer = { ...run, workflow_runs: [run], jobs: [{ id, conclusion: 'failure' }] };
      const { asked, executor } = await openSaying(JSON.stringify(answer), createGitHubActionsExecutor, {
        repository: 'o/r',
      });
      expect(await executor.startJob(request)).not.toMatchObject({ kind: 'accepted' });
      expect(await executor.findRun(request)).toBeUndefined();
      await executor.getJobStatus(request, {});
      await executor.logTail(request, { runId: '7' }, 100);
      const ours = /^\/base\/repos\/o\/r(\/actions\/(workflows\/perf\.yml\/|runs\/7\/jobs)|$)/;
      expect(asked().filter((address) => !ours.test(address))).toEqual([]);
    },
  );

  test.each(['..', '.', '../../../../user', 'A b', 'x'.repeat(300)])(
    'of a pod in Argo’s answers: %s',
    async (id) => {
      const labels = { 'perf-bot/run': request.attemptKey };
      const nodes = { a: { type: 'Pod', phase: 'Failed', id } };
      const answer = JSON.stringify({ metadata: { labels, uid: id }, status: { phase: 'Failed', nodes } });
      const { asked, executor } = await openSaying(answer, createArgoWorkflowsExecutor);
      await executor.logTail(request, {}, 100);
      expect((await executor.getJobStatus(request, {})).ref.url).toMatch(/\/workflows\/default\/pb-\w+$/);
      const ours = /^\/base\/api\/v1\/workflows\/default\/pb-/;
      expect(asked().filter((address) => !ours.test(address))).toEqual([]);
    },
  );
});

describe.each(['constructor', '__proto__', 'toString'])('a word that objects have: %s', (word) => {
  test('as the result of a build', async () => {
    const { executor } = await openSaying(
      `{"number":3,"building":false,"result":"${word}"}`,
      createJenkinsExecutor,
    );
    const state = await executor.getJobStatus(request, { runId: '3' });
    expect(state).toMatchObject({ phase: 'failed', reason: word });
  });

  test('as the conclusion of a workflow run', async () => {
    const answer = `{"id":7,"status":"completed","conclusion":"${word}"}`;
    const { executor } = await openSaying(answer, createGitHubActionsExecutor, { repository: 'o/r' });
    const state = await executor.getJobStatus(request, { runId: '7' });
    expect(state).toMatchObject({ phase: 'failed', reason: word });
  });

  test('as the status that a lab tells', async () => {
    const { executor } = await openSaying(`{"status":"${word}"}`, createWebhookExecutor, {
      answersStatus: 'yes',
    });
    await expect(executor.getJobStatus(request, {})).rejects.toThrow(UpstreamError);
  });
});

describe('a number of Jenkins that is none', () => {
  const ELSEWHERE = [
    '../../../../../../admin/secret?x=',
    '..',
    '.',
    '%2e%2e',
    '3/../../..',
    '3?x=',
    '-3',
    '1e21',
    '',
    null,
  ];
  const NUMBERS = [...ELSEWHERE, 1e21, 3.5, { a: 1 }, '9'.repeat(19)];

  /** A Jenkins that calls everything by this number. */
  function openNumbered(number: unknown) {
    const all = { number, id: number, queueId: number, executable: { number }, building: true };
    const one = {
      ...all,
      actions: [{ parameters: [{ name: 'PERF_BOT_RUN', value: jenkinsRun.attemptKey }] }],
    };
    return openSaying(JSON.stringify({ ...one, items: [one], builds: [one] }), createJenkinsExecutor);
  }

  test.each(NUMBERS.map((number) => [number]))('%j leads to no other page', async (number) => {
    const { asked, executor } = await openNumbered(number);
    const found = await executor.findRun(jenkinsRun);
    expect(found).toBeUndefined();
    for (const ref of [{ queueId: '7' }, { queueId: '7', runId: '3' }, {}]) {
      const { ref: learnt } = await executor.getJobStatus(jenkinsRun, ref);
      expect(learnt.runId ?? '3').toBe('3');
      expect(learnt.queueId ?? '7').toBe('7');
      await executor.cancelRun(jenkinsRun, learnt, 'gentle').catch(() => undefined);
      await executor.logTail(jenkinsRun, learnt, 100);
    }
    const ours =
      /^\/base\/(queue\/(api\/json|item\/7\/api\/json|cancelItem\?id=7$)|job\/perf\/job\/getting-started\/(3\/)?(api\/json|stop$|logText\/progressiveText\?start=0$))/;
    expect(asked().filter((address) => !ours.test(address))).toEqual([]);
  });

  test('neither does a job that is configured as one above', async () => {
    const { asked, executor } = await openNumbered(3);
    await executor.getJobStatus({ ...jenkinsRun, job: '../../../admin' }, { runId: '3' });
    expect(asked().filter((address) => !address.startsWith('/base/job/admin/3/'))).toEqual([]);
  });
});

test.each(['\n', '-\n', ' ', 'on:', 'run-name: PERF_BOT_RU '])(
  'a workflow file of megabytes of %j is checked in no time',
  async (part) => {
    const file = part.repeat(4_194_304 / part.length);
    const workflow = '{"state":"active","path":".github/workflows/perf.yml"}';
    const settings = { repository: 'o/r' };
    const { executor } = await openSaying(workflow, createGitHubActionsExecutor, settings, file);
    const findings = await executor.checkConnection({ job: request.job, parameterNames: [] });
    expect(findings.filter(({ ok }) => !ok)).toMatchObject([{ message: 'has no workflow_dispatch trigger' }]);
  },
);
