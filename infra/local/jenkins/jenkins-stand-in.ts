/** Stands in for Jenkins over HTTP: folders, queue, builds, logs and the answers that surprise a client; answers and pages say so. */
import { createRealClock, type StandInClock } from '../stand-in/clock.ts';
import { startStandInServer, wholeCall, type StandInServer } from '../stand-in/server.ts';
import { html, type StandInAnswer, type StandInCall } from '../stand-in/calls.ts';
import { buildPage, exportItem, exportJob, exported } from './jenkins-pages.ts';
import { foldersAbove, jobPath, readParameters, type JenkinsJob } from './jenkins-jobs.ts';
import { createJenkinsState, type Build, type JenkinsState } from './jenkins-state.ts';

export interface JenkinsStandInOptions {
  readonly jobs: readonly JenkinsJob[];
  readonly port?: number;
  readonly user?: string;
  readonly token?: string;
  /** `/jenkins` where Jenkins lives below a path. */
  readonly contextPath?: string;
  /** The root URL in answers and Location headers when a proxy or a setting makes it wrong. */
  readonly believedRootUrl?: string;
  readonly executors?: number;
  readonly clock?: StandInClock | undefined;
  /** How much faster than real time builds go when no clock is given. */
  readonly speed?: number;
  /** How long `executable` and a build's parameters stay hidden. */
  readonly lagMs?: number;
  /** What the token may do. */
  readonly rights?: { readonly build?: boolean; readonly cancel?: boolean };
}

export interface JenkinsStandIn extends StandInServer {
  readonly state: JenkinsState;
  /** True: every call is answered 503 until it is false again. */
  starting: boolean;
  /** Forgets the items that left the queue and, unless told otherwise, those that wait in it. */
  restart(options?: { keepWaiting?: boolean }): void;
  /** All builds of a job, newest first. */
  builds(jobName: string): readonly Build[];
  deleteBuild(jobName: string, number: number): void;
}

const VERSION = '2.568.2';
const DEFAULT_QUIET_PERIOD_MS = 5_000;

export async function startJenkinsStandIn(options: JenkinsStandInOptions): Promise<JenkinsStandIn> {
  const { jobs, user = 'perf-bot', token = 'jenkins-token', contextPath = '', rights = {} } = options;
  const clock = options.clock ?? createRealClock(options.speed);
  const jobsByPath = new Map(jobs.map((job) => [`/${jobPath(job.name)}`, job]));
  const rootUrl = (): string => options.believedRootUrl ?? `${server.url}${contextPath}`;
  const state = createJenkinsState({
    clock,
    rootUrl,
    executors: options.executors ?? 2,
    lagMs: options.lagMs ?? 50,
  });
  const folders = new Set(jobs.flatMap(({ name }) => foldersAbove(name)));
  let starting = false;

  function handle(call: StandInCall): StandInAnswer {
    const answer = route(call);
    return { ...answer, headers: { 'x-jenkins': VERSION, ...answer.headers } };
  }

  function route(call: StandInCall): StandInAnswer {
    if (starting) return html(503, 'Please wait while Jenkins is getting ready to work');
    if (!call.path.startsWith(`${contextPath}/`)) return html(404, 'Not Found');
    const path = call.path.slice(contextPath.length);
    const isPeoplesPage = call.method === 'GET' && !path.includes('/api/') && !path.endsWith('Text');
    if (!isPeoplesPage && call.headers['authorization'] !== basic(user, token)) {
      const anonymous = call.headers['authorization'] === undefined;
      return anonymous ? html(403, 'Authentication required') : html(401, 'Invalid password/token for user');
    }
    return queueRoute(call, path) ?? jobRoute(call, path) ?? html(404, 'Not Found');
  }

  function queueRoute(call: StandInCall, path: string): StandInAnswer | undefined {
    if (path === '/api/json')
      return exported(call, { _class: 'hudson.model.Hudson', mode: 'NORMAL', quietingDown: false });
    if (path === '/queue/api/json') {
      return exported(call, { items: state.waiting().map((item) => exportItem(state, item, rootUrl())) });
    }
    const itemId = /^\/queue\/item\/(\d+)\/api\/json$/.exec(path)?.[1];
    if (itemId) {
      const item = state.item(Number(itemId));
      return item ? exported(call, exportItem(state, item, rootUrl())) : html(404, 'Not Found');
    }
    if (path !== '/queue/cancelItem') return undefined;
    if (call.method !== 'POST') return html(405, 'Method Not Allowed');
    const item = state.item(Number(call.query.get('id')));
    if (!item) return { status: 404 };
    if (rights.cancel === false) return { status: 422, body: 'No permission to cancel' };
    return state.cancel(item) ? { status: 204 } : { status: 500, body: 'Could not cancel run' };
  }

  function jobRoute(call: StandInCall, path: string): StandInAnswer | undefined {
    const [, base = '', rest = ''] = /^((?:\/job\/[^/]+)+)(\/.*)?$/.exec(path) ?? [];
    if (folders.has(base) && rest === '/api/json') {
      return exported(call, {
        _class: 'com.cloudbees.hudson.plugins.folder.Folder',
        fullName: decodeURIComponent(base.slice(5)),
      });
    }
    const job = jobsByPath.get(base);
    if (!job) return undefined;
    if (rest === '/api/json') return exported(call, exportJob(state, job, rootUrl()));
    if (rest === '/build' || rest === '/buildWithParameters') return trigger(call, job, rest);
    const [, number, page = ''] = /^\/(\d+)(\/.*)?$/.exec(rest) ?? [];
    if (number === undefined)
      return rest === '/' || rest === '' ? html(200, `${job.name} (stand-in for Jenkins)`) : undefined;
    const build = state.build(job, Number(number));
    return build ? buildPage(call, build, page, { user, mayCancel: rights.cancel !== false }) : undefined;
  }

  function trigger(call: StandInCall, job: JenkinsJob, verb: string): StandInAnswer {
    if (call.method !== 'POST') return html(405, 'Form needs to be submitted using POST');
    if (rights.build === false) {
      return html(403, `${user} is missing the Job/Build permission`, {
        'x-required-permission': 'hudson.model.Item.Build',
      });
    }
    if (job.buildable === false) return html(409, `${job.name} is not buildable`);
    const isParameterized = (job.parameters ?? []).length > 0;
    if (verb === '/build' && isParameterized) return html(400, 'Nothing is submitted');
    if (verb === '/buildWithParameters' && !isParameterized)
      return html(400, `${job.name} is not parameterized`);
    const form = new URLSearchParams(call.body);
    for (const [name, value] of call.query) form.append(name, value);
    const read = readParameters(job, form);
    if (!read.ok) return html(500, read.message);
    const delaySeconds = /^(\d+)(?:sec)?$/.exec(form.get('delay') ?? '')?.[1];
    const quietMs = delaySeconds === undefined ? DEFAULT_QUIET_PERIOD_MS : Number(delaySeconds) * 1000;
    const { item, isNew } = state.submit(job, read.parameters, quietMs);
    return { status: isNew ? 201 : 303, headers: { location: `${rootUrl()}/queue/item/${item.id}/` } };
  }

  const server = await startStandInServer({ name: 'jenkins', port: options.port, note: wholeCall, handle });
  return {
    ...server,
    url: `${server.url}${contextPath}`,
    state,
    get starting() {
      return starting;
    },
    set starting(value) {
      starting = value;
    },
    restart: ({ keepWaiting = false } = {}) => state.restart(keepWaiting),
    builds: (jobName) => state.buildsOf(jobNamed(jobs, jobName)),
    deleteBuild: (jobName, number) => state.deleteBuild(jobNamed(jobs, jobName), number),
    close() {
      state.stopAll();
      return server.close();
    },
  };
}

function basic(user: string, token: string): string {
  return `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}`;
}

function jobNamed(jobs: readonly JenkinsJob[], name: string): JenkinsJob {
  const job = jobs.find((one) => one.name === name);
  if (!job) throw new Error(`the stand-in has no job ${name}`);
  return job;
}
