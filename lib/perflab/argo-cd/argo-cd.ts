/**
 * Argo CD: it deploys and has no "run a job" of its own, so a custom resource action creates the Workflow under the
 * attempt's name (docs/perflab/argo-cd.md has the action), and the application's resource tree shows it.
 */
import type { OutsideAnswer } from '../../http/outside-call.ts';
import { UpstreamError } from '../../http/upstream-error.ts';
import { checkArgoCd } from './argo-cd-check.ts';
import { readRefusal } from './argo-cd-refusal.ts';
import {
  actionsPath,
  GROUP,
  isOutsideTree,
  logsPath,
  resourcePath,
  VERSION,
  type ArgoCdPlace,
  type Kind,
} from './argo-cd-paths.ts';
import type {
  CancelResult,
  JobExecutor,
  LabConnection,
  PlatformRef,
  PlatformState,
  StartRequest,
  StartResult,
} from '../job-executor.ts';
import { createLabClient, sendStart, type LabDeps } from '../lab-client.ts';
import { plainLogTail } from '../log-text.ts';
import { parseJson, textAt } from '../../json.ts';
import { rejected } from '../start-result.ts';
import {
  failedNode,
  isOurs,
  linesFor,
  logLines,
  RUN_LABEL,
  stateOfWorkflow,
} from '../argo/workflow-state.ts';

/** A new resource reaches the cached tree a little later; before that it is answered as "not part of the application". */
const LOST_AFTER_MS = 60_000;
/** Exactly this: with a charset behind it Argo CD answers 415. */
const JSON_BODY = { 'content-type': 'application/json' };

export function createArgoCdExecutor(
  deps: LabDeps,
  { baseUrl, token, settings }: LabConnection,
): JobExecutor {
  const bearer = token?.replace(/^Bearer\s+/i, '');
  const client = createLabClient(deps, {
    product: 'Argo CD',
    baseUrl,
    headers: bearer === undefined ? {} : { authorization: `Bearer ${bearer}` },
    secrets: [bearer],
  });
  const place: ArgoCdPlace = {
    application: settings['application'] ?? '',
    project: settings['project'] ?? 'default',
    appNamespace: settings['appNamespace'],
    namespace: settings['namespace'] ?? 'default',
  };

  function refTo({ attemptKey }: StartRequest): PlatformRef {
    const page = [
      settings['uiUrl'] ?? baseUrl,
      'applications',
      place.appNamespace ?? 'argocd',
      encodeURIComponent(place.application),
    ].join('/');
    const node = `${GROUP}/Workflow/${place.namespace}/${attemptKey}/0`;
    return { runId: attemptKey, url: `${page}?node=${encodeURIComponent(node)}` };
  }

  async function runAction(
    kind: Kind,
    resourceName: string,
    action: string,
    parameters: Readonly<Record<string, string>>,
  ): Promise<OutsideAnswer> {
    const body = JSON.stringify({
      name: place.application,
      ...(place.appNamespace === undefined ? {} : { appNamespace: place.appNamespace }),
      project: place.project,
      namespace: place.namespace,
      group: GROUP,
      version: VERSION,
      kind,
      resourceName,
      action,
      resourceActionParameters: Object.entries(parameters).map(([name, value]) => ({ name, value })),
    });
    return client.send('POST', actionsPath(place), { headers: JSON_BODY, body });
  }

  /** Undefined: not in the tree (not yet, or no more). */
  async function readNamed(request: StartRequest): Promise<unknown> {
    const path = resourcePath(place, 'Workflow', request.attemptKey);
    const answer = await client.send('GET', path, { headers: { accept: 'application/json' } });
    if (answer.status === 400 && isOutsideTree(client.said(answer))) return undefined;
    const manifest = answer.status === 200 ? textAt(parseJson(answer.text), 'manifest') : undefined;
    if (manifest === undefined) throw client.failure(answer, 'GET', path);
    return parseJson(manifest);
  }

  async function readWorkflow(request: StartRequest): Promise<unknown> {
    const workflow = await readNamed(request);
    return isOurs(workflow, request.attemptKey) ? workflow : undefined;
  }

  async function startJob(request: StartRequest): Promise<StartResult> {
    const answer = await sendStart(() =>
      runAction('WorkflowTemplate', request.job, 'perf-bot-run', request.parameters),
    );
    if ('unknown' in answer) return { kind: 'unknown', message: answer.unknown };
    if (answer.status === 200) return { kind: 'accepted', ref: refTo(request) };
    if (answer.status === 409) return adopt(request);
    return readRefusal(client, answer, request.job, place, deps.nowMs());
  }

  /** 409 is also said of other conflicts in Kubernetes: only the object itself tells whose it is. */
  async function adopt(request: StartRequest): Promise<StartResult> {
    try {
      const workflow = await readNamed(request);
      if (isOurs(workflow, request.attemptKey)) return { kind: 'accepted', ref: refTo(request) };
      if (workflow === undefined)
        return { kind: 'unknown', message: 'Argo CD answered 409, and does not show that workflow yet' };
      return rejected(
        'other',
        `A workflow named ${request.attemptKey} is not Perf Bot's (it lacks the label ${RUN_LABEL}).`,
      );
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      return { kind: 'unknown', message: error.message };
    }
  }

  async function findRun(request: StartRequest): Promise<PlatformRef | undefined> {
    return (await readWorkflow(request)) === undefined ? undefined : refTo(request);
  }

  async function getJobStatus(request: StartRequest, ref: PlatformRef): Promise<PlatformState> {
    const workflow = await readWorkflow(request);
    if (workflow !== undefined) return stateOfWorkflow(workflow, refTo(request));
    return deps.nowMs() - request.requestedAtMs < LOST_AFTER_MS
      ? { phase: 'queued', ref, reason: 'Argo CD does not show it yet' }
      : { phase: 'lost', ref, reason: `it is no longer part of the application ${place.application}` };
  }

  async function cancelRun(
    request: StartRequest,
    ref: PlatformRef,
    urgency: 'gentle' | 'firm' | 'kill',
  ): Promise<CancelResult> {
    const { phase } = await getJobStatus({ ...request, requestedAtMs: 0 }, ref);
    if (phase === 'lost') return 'not-found';
    if (phase !== 'queued' && phase !== 'running') return 'already-finished';
    const strategy = phase === 'running' && urgency === 'gentle' ? 'Stop' : 'Terminate'; // one that waits for a lock hears only Terminate
    const answer = await runAction('Workflow', request.attemptKey, 'perf-bot-stop', { strategy });
    if (answer.status !== 200) throw client.failure(answer, 'POST', actionsPath(place));
    return 'requested';
  }

  async function logTail(
    request: StartRequest,
    _ref: PlatformRef,
    maxBytes: number,
  ): Promise<string | undefined> {
    const workflow = await readWorkflow(request);
    if (workflow === undefined) return undefined;
    const path = logsPath(place, request.attemptKey, linesFor(maxBytes));
    const answer = await client.send('GET', path);
    if (answer.status === 400 || answer.status === 404) return undefined; // more pods than Argo CD streams, or none left
    if (answer.status !== 200) throw client.failure(answer, 'GET', path);
    const lines = logLines(answer.text, failedNode(workflow)?.id);
    return lines === '' ? undefined : plainLogTail(lines, maxBytes);
  }

  return {
    platform: 'argo-cd',
    can: { find: true, status: true, cancel: true, logs: true },
    checkConnection: (job) => checkArgoCd(client, place, job),
    startJob,
    findRun,
    getJobStatus,
    cancelRun,
    logTail,
  };
}
