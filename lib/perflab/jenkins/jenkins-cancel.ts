/** Stops a Jenkins run wherever it is: waiting in the queue, on its way out of it, or building. */
import { UpstreamError } from '../../http/upstream-error.ts';
import type { JenkinsApi } from './jenkins-api.ts';
import { leadsIntoJenkins } from './jenkins-trigger.ts';
import type { CancelResult, JobExecutor, PlatformRef, StartRequest, Urgency } from '../job-executor.ts';

export async function cancelJenkinsRun(
  api: JenkinsApi,
  getJobStatus: JobExecutor['getJobStatus'],
  request: StartRequest,
  ref: PlatformRef,
  urgency: Urgency,
): Promise<CancelResult> {
  if (ref.runId === undefined && ref.queueId !== undefined && (await cancelItem(api, ref.queueId)))
    return 'requested';
  const { phase, ref: found } = await getJobStatus(request, ref);
  switch (phase) {
    case 'running':
      return found.runId === undefined ? 'not-found' : stopBuild(api, request, found.runId, urgency);
    case 'queued':
      if (found.queueId === undefined) return 'not-found';
      if (ref.queueId === undefined && (await cancelItem(api, found.queueId))) return 'requested';
      throw new UpstreamError(
        `Jenkins is just taking queue item ${found.queueId} of ${request.job} out of its queue`,
        {
          retryable: true,
        },
      );
    case 'lost':
      return 'not-found';
    case 'succeeded':
    case 'unstable':
    case 'failed':
    case 'cancelled':
    case 'timed-out':
      return 'already-finished';
  }
}

/** True when it was still in the queue; it is not when it left (500) or is no longer known (404). */
async function cancelItem({ client }: JenkinsApi, queueId: string): Promise<boolean> {
  const path = `/queue/cancelItem?id=${queueId}`;
  const answer = await client.send('POST', path);
  const location = answer.headers['location'] ?? '';
  const isDone = answer.status < 300 || (answer.status === 302 && /\/queue\/?$/.test(location)); // the redirect: before 2.211
  if (isDone) return true;
  if (answer.status === 404 || answer.status === 500) return false;
  throw client.failure(answer, 'POST', path);
}

const VERBS = { gentle: 'stop', firm: 'term', kill: 'kill' } as const;

/**
 * Asynchronous: the end shows in the status. A pipeline that hangs needs `term` after some 30 s, then `kill`, which skips
 * its clean-up; other kinds of job know only `stop`.
 */
async function stopBuild(
  api: JenkinsApi,
  request: StartRequest,
  buildNumber: string,
  urgency: Urgency,
): Promise<CancelResult> {
  const path = `${api.pathOf(request.job, buildNumber)}/${VERBS[urgency]}`;
  const answer = await api.client.send('POST', path);
  if (answer.status === 404)
    return urgency === 'gentle' ? 'not-found' : stopBuild(api, request, buildNumber, 'gentle');
  const isDone =
    answer.status < 300 || (answer.status < 400 && leadsIntoJenkins(answer.headers['location'] ?? ''));
  if (!isDone) throw api.client.failure(answer, 'POST', path);
  return 'requested';
}
