/** Runs jobs in Argo Workflows: a Workflow has the attempt's own name, so Kubernetes itself refuses a second one. */
import { findingsOf } from '../../finding.ts';
import { UpstreamError } from '../../http/upstream-error.ts';
import { parseJson, textAt } from '../../json.ts';
import { adoptWorkflow } from '../argo/adopt-workflow.ts';
import { failedNode, isOurs, linesFor, logLines, stateOfWorkflow } from '../argo/workflow-state.ts';
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
import { createLabClient, type LabDeps } from '../lab-client.ts';
import { plainLogTail } from '../log-text.ts';
import { notSeen, sendStart } from '../outcomes.ts';
import { checkTemplate } from './argo-workflows-check.ts';
import { readRefusal, workflowFor } from './argo-workflows-create.ts';

/** A UUID, as Kubernetes makes them. */
const UID = /^[\w-]{1,64}$/;
const JSON_BODY = { 'content-type': 'application/json' };
const STATE_FIELDS =
  'metadata.name,metadata.uid,metadata.labels,spec.shutdown,status.phase,status.message,status.progress,status.startedAt,status.finishedAt,status.estimatedDuration';
/** Left out of an answer that would be too long with them. */
const NODES = 'status.nodes';

export function createArgoWorkflowsExecutor(
  deps: LabDeps,
  { baseUrl, token, settings }: LabConnection,
): JobExecutor {
  const bearer = token?.replace(/^Bearer\s+/i, ''); // as Argo's own page shows it for copying
  const client = createLabClient(deps, {
    product: 'Argo Workflows',
    baseUrl,
    headers: bearer === undefined ? {} : { authorization: `Bearer ${bearer}` },
    secrets: [bearer],
  });
  const namespace = settings['namespace'] ?? 'default';
  const clusterScope = settings['templateKind'] === 'ClusterWorkflowTemplate';
  const workflows = `/api/v1/workflows/${encodeURIComponent(namespace)}`;
  const pathOf = (request: StartRequest) => `${workflows}/${encodeURIComponent(request.attemptKey)}`;

  const workflowPath = (request: StartRequest, fields = STATE_FIELDS) =>
    `${pathOf(request)}?fields=${encodeURIComponent(fields)}`;

  /** Live or archived; undefined if there is none of ours. */
  async function readWorkflow(request: StartRequest): Promise<unknown> {
    const workflow = await client
      .read(workflowPath(request, `${STATE_FIELDS},${NODES}`))
      .catch((error: unknown) => {
        if (error instanceof UpstreamError && error.status === 200)
          return client.read(workflowPath(request, STATE_FIELDS));
        throw error;
      });
    return isOurs(workflow, request.attemptKey) ? workflow : undefined;
  }

  function refTo({ attemptKey }: StartRequest, workflow: unknown): PlatformRef {
    const page = `${settings['uiUrl'] ?? baseUrl}/workflows/${encodeURIComponent(namespace)}/${encodeURIComponent(attemptKey)}`;
    const uid = textAt(workflow, 'metadata', 'uid') ?? '';
    return { runId: attemptKey, url: UID.test(uid) ? `${page}?uid=${uid}` : page };
  }

  async function startJob(request: StartRequest): Promise<StartResult> {
    const body = JSON.stringify({ namespace, workflow: workflowFor(request, namespace, clusterScope) });
    const answer = await sendStart(() => client.send('POST', workflows, { headers: JSON_BODY, body }));
    if ('unknown' in answer) return { kind: 'unknown', message: answer.unknown };
    if (answer.status === 200) return { kind: 'accepted', ref: refTo(request, parseJson(answer.text)) };
    if (answer.status !== 409) return readRefusal(client, answer, request.job, namespace, deps.nowMs());
    return adoptWorkflow({
      product: 'Argo Workflows',
      attemptKey: request.attemptKey,
      read: () => client.read(workflowPath(request)),
      refTo: (workflow) => refTo(request, workflow),
    });
  }

  async function findRun(request: StartRequest): Promise<PlatformRef | undefined> {
    const workflow = await readWorkflow(request);
    return workflow === undefined ? undefined : refTo(request, workflow);
  }

  async function getJobStatus(request: StartRequest, ref: PlatformRef): Promise<PlatformState> {
    const workflow = await readWorkflow(request);
    if (workflow !== undefined) return stateOfWorkflow(workflow, refTo(request, workflow));
    return notSeen(request, ref, deps.nowMs(), {
      young: 'Argo Workflows does not show it yet',
      lost: 'Argo Workflows knows it neither live nor archived',
    });
  }

  /** A workflow that waits for a lock hears only `terminate`, which runs no exit handler; a running one is stopped, so that it does. */
  async function cancelRun(request: StartRequest, ref: PlatformRef, urgency: Urgency): Promise<CancelResult> {
    const { phase } = await getJobStatus({ ...request, requestedAtMs: 0 }, ref);
    if (phase === 'lost') return 'not-found';
    if (phase !== 'queued' && phase !== 'running') return 'already-finished';
    const path = `${pathOf(request)}/${phase === 'running' && urgency === 'gentle' ? 'stop' : 'terminate'}`;
    const answer = await client.send('PUT', path, { headers: JSON_BODY, body: '{}' });
    if (answer.status === 200) return 'requested';
    if (answer.status === 404) return 'not-found';
    if (answer.status === 500 && client.said(answer).includes('completed workflow'))
      return 'already-finished'; // since 3.5
    throw client.failure(answer, 'PUT', path);
  }

  async function logTail(
    request: StartRequest,
    _ref: PlatformRef,
    maxBytes: number,
  ): Promise<string | undefined> {
    const workflow = await readWorkflow(request);
    if (workflow === undefined) return undefined;
    const node = failedNode(workflow);
    const path = `${pathOf(request)}/log`;
    const answer = await client.send(
      'GET',
      `${path}?logOptions.container=main&logOptions.tailLines=${linesFor(maxBytes)}`,
    );
    if (answer.status !== 200 && answer.status !== 404) throw client.failure(answer, 'GET', path);
    const lines = answer.status === 200 ? logLines(answer.text, node?.id) : '';
    if (lines !== '') return plainLogTail(lines, maxBytes);
    return node && archivedLog(request, node.id, maxBytes); // the pods are gone
  }

  async function archivedLog(
    { attemptKey }: StartRequest,
    nodeId: string,
    maxBytes: number,
  ): Promise<string | undefined> {
    const parts = [namespace, 'workflows', attemptKey, nodeId, 'outputs', 'main-logs'].map(
      encodeURIComponent,
    );
    const answer = await client.send('GET', `/artifact-files/${parts.join('/')}`);
    return answer.status === 200 ? plainLogTail(answer.text, maxBytes) : undefined;
  }

  return {
    platform: 'argo-workflows',
    can: { find: true, status: true, logs: true },
    checkConnection: (job) =>
      findingsOf('Argo Workflows', () => checkTemplate(client, { namespace, clusterScope }, job)),
    startJob,
    findRun,
    getJobStatus,
    cancelRun,
    logTail,
  };
}
