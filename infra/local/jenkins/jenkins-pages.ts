/** Shows jobs, queue items and builds as Jenkins does: `api/json`, logs, and the three ways to stop a build. */
import { html, json, type StandInAnswer, type StandInCall } from '../stand-in/calls.ts';
import { exportActions, exportDefinitions, jobPath, type JenkinsJob } from './jenkins-jobs.ts';
import type { Build, JenkinsState, QueueItem } from './jenkins-state.ts';
import { applyTree } from './tree-query.ts';

const MAX_BUILDS_SHOWN = 100;

/** The answer of an `api/json`, cut down to what the query's `tree` asks for. */
export function exported(call: StandInCall, value: unknown): StandInAnswer {
  return json(200, applyTree(value, call.query.get('tree')));
}

export function exportJob(state: JenkinsState, job: JenkinsJob, rootUrl: string): unknown {
  const builds = state.buildsOf(job).slice(0, MAX_BUILDS_SHOWN);
  const definitions = exportDefinitions(job);
  return {
    _class: job.freestyle
      ? 'hudson.model.FreeStyleProject'
      : 'org.jenkinsci.plugins.workflow.job.WorkflowJob',
    actions: [{}],
    name: job.name.split('/').at(-1),
    fullName: job.name,
    url: `${rootUrl}/${jobPath(job.name)}/`,
    buildable: job.buildable ?? true,
    concurrentBuild: job.concurrent ?? false,
    nextBuildNumber: (builds[0]?.number ?? 0) + 1,
    builds: builds.map((build) => exportBuild(build)),
    property: [
      {},
      ...(definitions.length > 0
        ? [{ _class: 'hudson.model.ParametersDefinitionProperty', parameterDefinitions: definitions }]
        : []),
    ],
  };
}

function exportBuild(build: Build): unknown {
  const { run, job, number, queueId } = build;
  return {
    _class: job.freestyle ? 'hudson.model.FreeStyleBuild' : 'org.jenkinsci.plugins.workflow.job.WorkflowRun',
    actions: exportActions(build.parametersShown ? build.parameters : undefined),
    number,
    id: String(number),
    displayName: `#${number}`,
    fullDisplayName: `${job.name.replaceAll('/', ' » ')} #${number}`,
    url: run.url,
    queueId,
    building: !run.end,
    result: run.end ? RESULTS[run.end.outcome] : (job.earlyResult ?? null),
    timestamp: run.startedAtMs,
    duration: run.end ? run.end.atMs - run.startedAtMs : 0,
    estimatedDuration: job.estimatedDurationMs ?? -1,
  };
}

const RESULTS = {
  succeeded: 'SUCCESS',
  unstable: 'UNSTABLE',
  failed: 'FAILURE',
  aborted: 'ABORTED',
} as const;

export function exportItem(state: JenkinsState, item: QueueItem, rootUrl: string): unknown {
  const left = item.leftAtMs !== undefined;
  const blocked = state.isBlocked(item);
  return {
    _class: left
      ? 'hudson.model.Queue$LeftItem'
      : blocked
        ? 'hudson.model.Queue$BlockedItem'
        : 'hudson.model.Queue$BuildableItem',
    actions: exportActions(item.parameters),
    id: item.id,
    url: `queue/item/${item.id}/`,
    blocked,
    buildable: !left && !blocked,
    stuck: false,
    inQueueSince: item.inQueueSinceMs,
    task: { name: item.job.name.split('/').at(-1), url: `${rootUrl}/${jobPath(item.job.name)}/` },
    why: state.why(item),
    ...(left
      ? {
          cancelled: item.cancelled,
          executable: item.build ? { number: item.build.number, url: item.build.run.url } : null,
        }
      : {}),
  };
}

/** Undefined where Jenkins has no such page. */
export function buildPage(
  call: StandInCall,
  build: Build,
  page: string,
  caller: { readonly user: string; readonly mayCancel: boolean },
): StandInAnswer | undefined {
  const { run, job } = build;
  if (page === '/api/json') return exported(call, exportBuild(build));
  if (page === '/consoleText') return plain(Buffer.from(run.log), {});
  if (page === '/logText/progressiveText') {
    const whole = Buffer.from(run.log);
    const asked = Number(call.query.get('start') ?? 0);
    const start = asked > whole.byteLength ? 0 : asked;
    const more: Record<string, string> = run.end ? {} : { 'x-more-data': 'true' };
    return plain(whole.subarray(start), { 'x-text-size': String(whole.byteLength), ...more });
  }
  if (page === '/stop' || page === '/term' || page === '/kill') {
    if (page !== '/stop' && job.freestyle) return undefined;
    if (call.method !== 'POST') return html(405, 'Method Not Allowed');
    if (!caller.mayCancel) return html(403, `${caller.user} is missing the Job/Cancel permission`);
    if (!run.end) {
      if (page === '/kill') run.kill();
      else run.stop(page === '/term');
    }
    return { status: 302, headers: { location: run.url } };
  }
  if (page === '' || page === '/' || page === '/console') {
    return html(200, `${job.name} #${build.number} (stand-in for Jenkins): ${run.log}`);
  }
  return undefined;
}

function plain(body: Buffer, headers: Record<string, string>): StandInAnswer {
  return { status: 200, headers: { 'content-type': 'text/plain;charset=utf-8', ...headers }, body };
}
