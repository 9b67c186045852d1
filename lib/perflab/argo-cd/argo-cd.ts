/**
 * Runs jobs in Argo CD. It deploys and can't run a job, so a custom resource action creates the Workflow under the
 * attempt's name (docs/perflab/argo-cd.md has the action), and the application's resource tree shows it.
 */
import { findingsOf } from '../../finding.ts';
import type { OutsideAnswer } from '../../http/outside-call.ts';
import { adoptWorkflow } from '../argo/adopt-workflow.ts';
import { failedNode, isOurs, linesFor, logLines, stateOfWorkflow } from '../argo/workflow-state.ts';
import type { JobExecutor, LabConnection, PlatformRef, StartRequest, StartResult } from '../job-executor.ts';
import type { LabDeps } from '../lab-client.ts';
import { plainLogTail } from '../log-text.ts';
import { notSeen, rejected, rejectedByLoginPage, sendStart, tooManyRequests } from '../outcomes.ts';
import { createArgoCdApi, isOutsideTree, type ArgoCdApi } from './argo-cd-api.ts';
import { checkTemplate } from './argo-cd-check.ts';

export function createArgoCdExecutor(deps: LabDeps, connection: LabConnection): JobExecutor {
  const api = createArgoCdApi(deps, connection);
  const { place } = api;

  async function readOurs({ attemptKey }: StartRequest): Promise<unknown> {
    const workflow = await api.readWorkflow(attemptKey);
    return isOurs(workflow, attemptKey) ? workflow : undefined;
  }

  const getJobStatus: JobExecutor['getJobStatus'] = async (request, ref) => {
    const workflow = await readOurs(request);
    if (workflow !== undefined) return stateOfWorkflow(workflow, api.refTo(request.attemptKey));
    return notSeen(request, ref, deps.nowMs(), {
      young: 'Argo CD does not show it yet',
      lost: `it is no longer part of the application ${place.application}`,
    });
  };

  return {
    platform: 'argo-cd',
    can: { find: true, status: true, logs: true },
    checkConnection: (job) => findingsOf('Argo CD', () => checkTemplate(api, job)),

    async startJob({ attemptKey, job, parameters }): Promise<StartResult> {
      const answer = await sendStart(() => api.create(job, parameters));
      if ('unknown' in answer) return { kind: 'unknown', message: answer.unknown };
      const refTo = (): PlatformRef => api.refTo(attemptKey);
      if (answer.status === 200) return { kind: 'accepted', ref: refTo() };
      if (answer.status !== 409) return readRefusal(api, answer, job, deps.nowMs());
      return adoptWorkflow({
        product: 'Argo CD',
        attemptKey,
        read: () => api.readWorkflow(attemptKey),
        refTo,
      });
    },

    async findRun(request) {
      return (await readOurs(request)) === undefined ? undefined : api.refTo(request.attemptKey);
    },

    getJobStatus,

    async cancelRun(request, ref, urgency) {
      const { phase } = await getJobStatus({ ...request, requestedAtMs: 0 }, ref);
      if (phase === 'lost') return 'not-found';
      if (phase !== 'queued' && phase !== 'running') return 'already-finished';
      // One that waits for a lock hears only Terminate.
      await api.stop(request.attemptKey, phase === 'running' && urgency === 'gentle' ? 'Stop' : 'Terminate');
      return 'requested';
    },

    async logTail(request, _ref, maxBytes) {
      const workflow = await readOurs(request);
      if (workflow === undefined) return undefined;
      const stream = await api.readLog(request.attemptKey, linesFor(maxBytes));
      const lines = stream === undefined ? '' : logLines(stream, failedNode(workflow)?.id);
      return lines === '' ? undefined : plainLogTail(lines, maxBytes);
    },
  };
}

/** Argo CD answers 500 to a script that fails, an action it does not have and a kind that the project forbids: for good, all three. */
const FOR_GOOD = /lua|script|action|not permitted/i;

/** What a refusal of the action that creates a workflow means. */
function readRefusal(
  { client, place }: ArgoCdApi,
  answer: OutsideAnswer,
  job: string,
  nowMs: number,
): StartResult {
  const { status } = answer;
  const said = client.said(answer);
  if (status === 429) throw tooManyRequests('Argo CD', job, answer, nowMs);
  if (status >= 300 && status < 400) return rejectedByLoginPage('Argo CD');
  if (status === 401)
    return rejected(
      'Argo CD refused the token (wrong or expired). Make a new project role token and store it for this project.',
    );
  if (status === 403)
    return rejected(
      `The bot's role has no right to run the action perf-bot-run in ${place.project}/${place.application}: ${said}`,
    );
  if (status === 404 || isOutsideTree(status, said)) {
    return rejected(
      `Argo CD has no WorkflowTemplate ${job} in the application ${place.application}: ${said}`,
    );
  }
  if (status === 400) return rejected(`Argo CD did not accept ${job}: ${said}`);
  if (status === 500 && FOR_GOOD.test(said))
    return rejected(`The action perf-bot-run failed in Argo CD: ${said}`);
  if (status > 400 && status < 500)
    return rejected(`Argo CD answered ${status} to the start of ${job}: ${said}`);
  return { kind: 'unknown', message: `Argo CD answered ${status} to the start of ${job}: ${said}` };
}
