/** Runs jobs in GitHub Actions: dispatches a workflow with the App's own token; the run's id comes with the answer, or its title names it. */
import { findingsOf } from '../../finding.ts';
import { idAt, listAt, numberAt, parseJson, textAt, withoutUndefined } from '../../json.ts';
import type {
  CancelResult,
  JobExecutor,
  LabConnection,
  PlatformRef,
  PlatformState,
  StartRequest,
  StartResult,
  Urgency,
} from '../job-executor.ts';
import type { LabClient } from '../lab-client.ts';
import { notSeen, sendStart } from '../outcomes.ts';
import { connectToGitHub, type GitHubActionsDeps } from './actions-client.ts';
import { checkWorkflow } from './github-actions-check.ts';
import { knowsNoRunDetails, readRefusal, tooManyInputs } from './github-dispatch.ts';
import { readJobLogTail } from './github-job-log.ts';
import { isTitledWith, stateOfRun, telltaleJob, webAddress } from './github-runs.ts';

/** How far GitHub's clock and ours may be apart. */
const CLOCK_SKEW_MS = 60_000;
/** Filters find no more than 1,000 runs. */
const MAX_PAGES = 10;

export function createGitHubActionsExecutor(
  deps: GitHubActionsDeps,
  { baseUrl, settings }: LabConnection,
): JobExecutor {
  const repository = settings['repository'] ?? '';
  const repositoryPath = `/repos/${repository.split('/').map(encodeURIComponent).join('/')}`;
  const workflowOf = ({ job }: { job: string }) => settings['workflow'] ?? job;
  const workflowPath = (job: { job: string }) =>
    `${repositoryPath}/actions/workflows/${encodeURIComponent(workflowOf(job))}`;
  const runPath = (runId: string) => `${repositoryPath}/actions/runs/${encodeURIComponent(runId)}`;

  const connect = () => connectToGitHub(deps, baseUrl, repository);

  function refTo(request: StartRequest, runId: string | undefined): PlatformRef {
    const page =
      runId === undefined
        ? `workflows/${encodeURIComponent(workflowOf(request))}`
        : `runs/${encodeURIComponent(runId)}`;
    return withoutUndefined({ runId, url: `${webAddress(baseUrl)}/${repository}/actions/${page}` });
  }

  async function startJob(request: StartRequest): Promise<StartResult> {
    const refused = tooManyInputs(request);
    if (refused) return refused;
    const client = await connect();
    const ref = settings['ref'] ?? (await defaultBranch(client));
    const dispatch = { ref, inputs: request.parameters };
    let answer = await sendDispatch(client, request, { ...dispatch, return_run_details: true });
    if ('status' in answer && knowsNoRunDetails(answer))
      answer = await sendDispatch(client, request, dispatch);
    if ('unknown' in answer) return { kind: 'unknown', message: answer.unknown };
    const runId = answer.status === 200 ? idAt(parseJson(answer.text), 'workflow_run_id') : undefined;
    if (runId !== undefined || answer.status === 204) return { kind: 'accepted', ref: refTo(request, runId) };
    return readRefusal(answer, `workflow ${workflowOf(request)} of ${repository}`, client.said(answer));
  }

  const sendDispatch = (client: LabClient, request: StartRequest, dispatch: object) =>
    sendStart(() =>
      client.send('POST', `${workflowPath(request)}/dispatches`, { body: JSON.stringify(dispatch) }),
    );

  async function defaultBranch(client: LabClient): Promise<string> {
    return textAt(await client.read(repositoryPath), 'default_branch') ?? 'main';
  }

  async function findRunId(client: LabClient, request: StartRequest): Promise<string | undefined> {
    const since = new Date(request.requestedAtMs - CLOCK_SKEW_MS).toISOString().replace(/\.\d+/, '');
    const found: string[] = [];
    for (let page = 1; page <= MAX_PAGES; page += 1) {
      const query = new URLSearchParams({
        event: 'workflow_dispatch',
        created: `>=${since}`,
        per_page: '100',
        page: String(page),
      });
      const json = await client.read(`${workflowPath(request)}/runs?${query.toString()}`);
      const runs = listAt(json, 'workflow_runs');
      found.push(
        ...runs
          .filter((run) => isTitledWith(run, request.attemptKey))
          .flatMap((run) => idAt(run, 'id') ?? []),
      );
      if (page * 100 >= (numberAt(json, 'total_count') ?? 0)) break;
    }
    return found.at(-1); // the list has the newest first; of twins the first is the run
  }

  async function findRun(request: StartRequest): Promise<PlatformRef | undefined> {
    const runId = await findRunId(await connect(), request);
    return runId === undefined ? undefined : refTo(request, runId);
  }

  async function getJobStatus(request: StartRequest, ref: PlatformRef): Promise<PlatformState> {
    const client = await connect();
    const runId = ref.runId ?? (await findRunId(client, request));
    const run = runId === undefined ? undefined : await client.read(runPath(runId));
    if (runId === undefined || run === undefined)
      return notSeen(request, ref, deps.nowMs(), {
        young: 'GitHub does not show it yet',
        lost: 'GitHub knows no run with this id or title (the workflow’s run-name must hold PERF_BOT_RUN)',
      });
    const state = stateOfRun(run, refTo(request, runId));
    if (state.phase !== 'failed' && state.phase !== 'timed-out') return state;
    return withoutUndefined({ ...state, stage: await failedStage(client, runId) });
  }

  /** A courtesy: not knowing the step is no failure. */
  async function failedStage(client: LabClient, runId: string): Promise<string | undefined> {
    try {
      return telltaleJob(await client.read(`${runPath(runId)}/jobs?filter=latest`))?.stage;
    } catch {
      return undefined;
    }
  }

  async function cancelRun(request: StartRequest, ref: PlatformRef, urgency: Urgency): Promise<CancelResult> {
    const client = await connect();
    const runId = ref.runId ?? (await findRunId(client, request));
    if (runId === undefined) return 'not-found';
    const path = `${runPath(runId)}/${urgency === 'gentle' ? 'cancel' : 'force-cancel'}`;
    const answer = await client.send('POST', path);
    if (answer.status === 202) return 'requested';
    if (answer.status === 404) return 'not-found';
    if (answer.status === 409) return 'already-finished';
    throw client.failure(answer, 'POST', path);
  }

  async function logTail(
    _request: StartRequest,
    { runId }: PlatformRef,
    maxBytes: number,
  ): Promise<string | undefined> {
    if (runId === undefined) return undefined;
    const client = await connect();
    const job = telltaleJob(await client.read(`${runPath(runId)}/jobs?filter=latest`));
    if (job === undefined) return undefined;
    const path = `${repositoryPath}/actions/jobs/${job.id}/logs`;
    const answer = await client.send('GET', path);
    if (answer.status === 404 || answer.status === 410) return undefined; // before the job's end, or expired
    if (answer.status !== 302) throw client.failure(answer, 'GET', path);
    return readJobLogTail(deps.call, baseUrl, answer.headers['location'] ?? '', maxBytes);
  }

  return {
    platform: 'github-actions',
    can: { find: true, status: true, logs: true },
    checkConnection: (job) =>
      findingsOf('GitHub', async () => {
        const place = {
          repository,
          repositoryPath,
          workflow: workflowOf(job),
          workflowPath: workflowPath(job),
        };
        return checkWorkflow(await connect(), place, job);
      }),
    startJob,
    findRun,
    getJobStatus,
    cancelRun,
    logTail,
  };
}
