/** Runs jobs in Jenkins: starts builds by queue item, never by a guessed number, and finds them again by the name that we gave them. */
import { findingsOf } from '../../finding.ts';
import { createJenkinsApi, type JenkinsApi } from './jenkins-api.ts';
import {
  carriesKey,
  carriesOtherKey,
  looksAlike,
  stateOfBuild,
  type JenkinsBuild,
  type JenkinsItem,
} from './jenkins-builds.ts';
import { cancelJenkinsRun } from './jenkins-cancel.ts';
import { CHECK_FIELDS, findingsOfJob } from './jenkins-check.ts';
import { queueIdIn, readRefusal, triggerForm } from './jenkins-trigger.ts';
import type {
  JobExecutor,
  LabConnection,
  PlatformRef,
  PlatformState,
  StartRequest,
} from '../job-executor.ts';
import type { LabDeps } from '../lab-client.ts';
import { notSeen, sendStart } from '../outcomes.ts';
import { withoutUndefined } from '../../json.ts';

/** How far the clocks of Jenkins and the bot may be apart. */
const CLOCK_SKEW_MS = 60_000;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

export function createJenkinsExecutor(deps: LabDeps, connection: LabConnection): JobExecutor {
  const api = createJenkinsApi(deps, connection);
  const { client } = api;
  const findRun = (request: StartRequest) => findJenkinsRun(api, request);
  const getJobStatus = (request: StartRequest, ref: PlatformRef) =>
    readJenkinsState(api, deps.nowMs, request, ref);

  return {
    platform: 'jenkins',
    can: { find: true, status: true, logs: true },

    checkConnection: (job) =>
      findingsOf('Jenkins', async () => {
        const path = `${api.pathOf(job.job)}/api/json?tree=${encodeURIComponent(CHECK_FIELDS)}`;
        const answer = await client.send('GET', path);
        return findingsOfJob(answer, job, client.said(answer));
      }),

    async startJob(request) {
      const form = triggerForm(request);
      if (!('body' in form)) return form;
      const path = `${api.pathOf(request.job)}/buildWithParameters?delay=0sec`;
      const answer = await sendStart(() => client.send('POST', path, { headers: FORM, body: form.body }));
      if ('unknown' in answer) return { kind: 'unknown', message: answer.unknown };
      // 201: a new queue item; 303: one with equal parameters already waits, and Jenkins would build it only once.
      const queueId = answer.status < 400 ? queueIdIn(answer.headers['location']) : undefined;
      if (queueId !== undefined) return { kind: 'accepted', ref: api.refTo(request, { queueId }) };
      return readRefusal(answer, request.job, client.said(answer), deps.nowMs());
    },

    findRun,
    getJobStatus,
    cancelRun: (request, ref, urgency) => cancelJenkinsRun(api, getJobStatus, request, ref, urgency),
    logTail: async (request, { runId }, maxBytes) =>
      runId === undefined ? undefined : api.logTail(request, runId, maxBytes),
  };
}

/** Items only move from the queue to the builds, so the queue is read first: read in this order none can slip through. */
async function findJenkinsRun(api: JenkinsApi, request: StartRequest): Promise<PlatformRef | undefined> {
  const sinceMs = request.requestedAtMs - CLOCK_SKEW_MS;
  const items = await api.waitingItems(request);
  const item =
    items.find((one) => carriesKey(one, request)) ??
    items.find((one) => looksAlike(one, request) && one.inQueueSinceMs >= sinceMs);
  if (item) return api.refTo(request, { queueId: item.id });
  const builds = await api.recentBuilds(request);
  const build =
    builds.findLast((one) => carriesKey(one, request)) ??
    builds.find(
      (one) =>
        looksAlike(one, request) &&
        (one.startedAtMs ?? 0) >= sinceMs &&
        !endedBefore(one, request.requestedAtMs),
    );
  return build && refToBuild(api, request, build);
}

async function readJenkinsState(
  api: JenkinsApi,
  nowMs: () => number,
  request: StartRequest,
  ref: PlatformRef,
): Promise<PlatformState> {
  if (ref.runId !== undefined) {
    const build = await api.readBuild(request, ref.runId);
    return build ? stateOfBuild(build, refToBuild(api, request, build, ref.queueId)) : nowhere();
  }
  if (ref.queueId === undefined) {
    const found = await findJenkinsRun(api, request);
    return found ? readJenkinsState(api, nowMs, request, found) : nowhere();
  }
  const item = await api.readItem(request, ref.queueId);
  if (item?.buildNumber !== undefined) {
    return readJenkinsState(api, nowMs, request, { queueId: item.id, runId: item.buildNumber });
  }
  if (item) return stateOfItem(api, request, item);
  const build = await findBuildOfItem(api, request, ref.queueId);
  return build ? stateOfBuild(build, refToBuild(api, request, build, ref.queueId)) : nowhere();

  function nowhere(): PlatformState {
    return notSeen(request, ref, nowMs(), {
      young: 'Jenkins does not show it yet',
      lost: 'Jenkins knows neither its queue item nor its build',
    });
  }
}

async function stateOfItem(
  api: JenkinsApi,
  request: StartRequest,
  item: JenkinsItem,
): Promise<PlatformState> {
  const ref = api.refTo(request, { queueId: item.id });
  if (item.cancelled)
    return { phase: 'cancelled', ref, reason: 'cancelled while it waited in the queue of Jenkins' };
  const queuePosition = await api.queuePosition(item.id);
  return withoutUndefined({ phase: 'queued', ref, reason: item.why, queuePosition });
}

/** The build that came of a queue item which Jenkins no longer knows. */
async function findBuildOfItem(
  api: JenkinsApi,
  request: StartRequest,
  queueId: string,
): Promise<JenkinsBuild | undefined> {
  const builds = await api.recentBuilds(request);
  return (
    builds.findLast((build) => carriesKey(build, request)) ??
    builds.find((build) => build.queueId === queueId && !carriesOtherKey(build, request))
  );
}

function refToBuild(
  api: JenkinsApi,
  request: StartRequest,
  build: JenkinsBuild,
  queueId = build.queueId,
): PlatformRef {
  return api.refTo(request, { queueId, runId: build.number });
}

/** An earlier attempt's build with the same parameters. */
function endedBefore(
  { building, result, startedAtMs = 0, durationMs }: JenkinsBuild,
  timeMs: number,
): boolean {
  return !building && result !== undefined && startedAtMs + durationMs < timeMs;
}
