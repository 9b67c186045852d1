/** Answers that no lab gives by itself: an id in them leads to no other page, a word of theirs is nothing that objects have, a file costs no time. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createManualClock } from '../../../infra/local/perflab/stand-in-clock.ts';
import { UpstreamError } from '../../../lib/http/upstream-error.ts';
import { createArgoWorkflowsExecutor } from '../../../lib/perflab/argo-workflows.ts';
import { createGitHubActionsExecutor } from '../../../lib/perflab/github-actions.ts';
import { createJenkinsExecutor } from '../../../lib/perflab/jenkins.ts';
import type { JobExecutor, LabConnection } from '../../../lib/perflab/job-executor.ts';
import { createWebhookExecutor } from '../../../lib/perflab/webhook.ts';
import { accessWith, requestFor, SECRET, START_MS, testCall } from './executor-contract.ts';

const clock = createManualClock(START_MS);
const deps = { call: testCall({ ms: 5_000 }), nowMs: clock.nowMs, accessTo: accessWith(SECRET) };
const request = requestFor({ job: 'perf.yml', clock });

const opened: Server[] = [];
afterEach(async () => {
  for (const server of opened.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** An executor towards a lab that answers this text to everything below `/base` (another where it is asked for a file), and all addresses that it was asked for. */
async function openSaying(
  answer: string,
  create: (given: typeof deps, connection: LabConnection) => JobExecutor,
  settings: Readonly<Record<string, string>> = {},
  file = '',
) {
  const asked: string[] = [];
  const server = createServer((incoming, response) => {
    asked.push(incoming.url ?? '');
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(incoming.url?.includes('/contents/') ? file : answer);
  });
  opened.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/base`;
  return { asked, executor: create(deps, { baseUrl, token: SECRET, settings }) };
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
      expect(asked.filter((address) => !ours.test(address))).toEqual([]);
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
      expect(asked.filter((address) => !ours.test(address))).toEqual([]);
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
