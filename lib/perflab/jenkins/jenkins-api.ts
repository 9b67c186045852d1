/** Calls Jenkins: one function for each thing that is read, every link built from the configured base. */
import {
  BUILD_FIELDS,
  carriesOtherKey,
  decoded,
  ITEM_FIELDS,
  parseBuild,
  parseItem,
  type JenkinsBuild,
  type JenkinsItem,
} from './jenkins-builds.ts';
import type { LabConnection, PlatformRef, StartRequest } from '../job-executor.ts';
import { createLabClient, type LabClient, type LabDeps } from '../lab-client.ts';
import { plainLogTail } from '../log-text.ts';
import { idAt, listAt, withoutUndefined } from '../../json.ts';

export interface JenkinsApi {
  readonly client: LabClient;
  /** Path of a job or of one of its builds, without a slash at its end. */
  pathOf(job: string, buildNumber?: string): string;
  refTo(
    request: StartRequest,
    ids: { queueId?: string | undefined; runId?: string | undefined },
  ): PlatformRef;
  /** Undefined where there is none, or where it is another attempt's (a job that is made anew counts from 1 again). */
  readBuild(request: StartRequest, buildNumber: string): Promise<JenkinsBuild | undefined>;
  /** Undefined also five minutes after the item left the queue, and after a restart. */
  readItem(request: StartRequest, queueId: string): Promise<JenkinsItem | undefined>;
  /** What waits for this job. */
  waitingItems(request: StartRequest): Promise<readonly JenkinsItem[]>;
  /** The newest 50, newest first. */
  recentBuilds(request: StartRequest): Promise<readonly JenkinsBuild[]>;
  /** 1 = next in line; undefined where it can't be said. */
  queuePosition(queueId: string): Promise<number | undefined>;
  logTail(request: StartRequest, buildNumber: string, maxBytes: number): Promise<string | undefined>;
}

export function createJenkinsApi(deps: LabDeps, { baseUrl, user, token }: LabConnection): JenkinsApi {
  const hasLogin = user !== undefined || token !== undefined;
  const login = Buffer.from(`${user ?? ''}:${token ?? ''}`).toString('base64');
  const client = createLabClient(deps, {
    product: 'Jenkins',
    baseUrl,
    headers: hasLogin ? { authorization: `Basic ${login}` } : {},
    secrets: [token, login],
  });
  const readTree = (path: string, tree: string) =>
    client.read(`${path}/api/json?tree=${encodeURIComponent(tree)}`);
  const pathOf: JenkinsApi['pathOf'] = (job, buildNumber) =>
    `/${jobPath(job)}${buildNumber === undefined ? '' : `/${buildNumber}`}`;

  return {
    client,
    pathOf,

    refTo: (request, ids) =>
      withoutUndefined({ ...ids, url: `${baseUrl}${pathOf(request.job, ids.runId)}/` }),

    async readBuild(request, buildNumber) {
      const json = await readTree(pathOf(request.job, buildNumber), BUILD_FIELDS);
      const build = json === undefined ? undefined : parseBuild(json, buildNumber);
      return build && !carriesOtherKey(build, request) ? build : undefined;
    },

    async readItem(request, queueId) {
      const json = await readTree(`/queue/item/${queueId}`, ITEM_FIELDS);
      const item = json === undefined ? undefined : parseItem(json, queueId);
      return item && isOfJob(item, request.job) && !carriesOtherKey(item, request) ? item : undefined;
    },

    async waitingItems(request) {
      const json = await readTree('/queue', `items[${ITEM_FIELDS}]`);
      return listAt(json, 'items')
        .flatMap((item) => parseItem(item) ?? [])
        .filter((item) => isOfJob(item, request.job));
    },

    async recentBuilds(request) {
      const json = await readTree(pathOf(request.job), `builds[${BUILD_FIELDS}]{0,50}`);
      return listAt(json, 'builds').flatMap((build) => parseBuild(build) ?? []);
    },

    /** Items are numbered as they come. The place in line is a courtesy: a failure to learn it is none. */
    async queuePosition(queueId) {
      try {
        const items = listAt(await readTree('/queue', 'items[id]'), 'items');
        const ids = items.flatMap((item) => idAt(item, 'id') ?? []);
        return ids.includes(queueId) ? ids.filter((id) => Number(id) <= Number(queueId)).length : undefined;
      } catch {
        return undefined;
      }
    },

    /** In two steps, as every version can: first how long the log is, then its end. */
    async logTail(request, buildNumber, maxBytes) {
      const page = pathOf(request.job, buildNumber);
      const path = `${page}/logText/progressiveText`;
      const first = await client.send('GET', `${path}?start=0`, { maxBytes });
      const sizeBytes = Number(first.headers['x-text-size']);
      if (first.status === 404 || (first.truncated && Number.isNaN(sizeBytes)))
        return wholeLogTail(client, `${page}/consoleText`, maxBytes);
      if (first.status !== 200) throw client.failure(first, 'GET', path);
      if (!first.truncated || !(sizeBytes > maxBytes)) return plainLogTail(first.text, maxBytes);
      const last = await client.send('GET', `${path}?start=${sizeBytes - maxBytes}`);
      if (last.status !== 200) throw client.failure(last, 'GET', path);
      return plainLogTail(last.text, maxBytes, true);
    },
  };
}

/** `perf/getting-started` → `job/perf/job/getting-started`; a branch stored as `feat%2Fx` becomes `feat%252Fx`. Jenkins has no job named `..`. */
function jobPath(job: string): string {
  const parts = job.split('/').filter((part) => !['', '.', '..'].includes(part));
  return parts.map((part) => `job/${encodeURIComponent(part)}`).join('/');
}

/** For a server without the progressive log: the whole of it is read, as far as an answer is read at all. */
async function wholeLogTail(client: LabClient, path: string, maxBytes: number): Promise<string | undefined> {
  const whole = await client.send('GET', path);
  return whole.status === 200 ? plainLogTail(whole.text, maxBytes) : undefined;
}

/** Where the item does not say whose it is, the number that led to it does. */
function isOfJob(item: JenkinsItem, job: string): boolean {
  return item.jobPath === '' || item.jobPath === decoded(jobPath(job));
}
