/** Reads Jenkins' queue items and builds, and decides which of them belongs to an attempt of ours. */
import { RUN_PARAMETER, type PlatformState, type StartRequest } from '../job-executor.ts';
import { at, idAt, listAt, numberAt, own, textAt, withoutUndefined } from '../../json.ts';

export const BUILD_FIELDS =
  'number,queueId,building,result,timestamp,duration,estimatedDuration,actions[parameters[name,value]]';
export const ITEM_FIELDS =
  'id,why,cancelled,inQueueSince,task[url],executable[number],actions[parameters[name,value]]';

type Parameters = ReadonlyMap<string, string | boolean | number>;

export interface JenkinsBuild {
  readonly number: string;
  readonly queueId: string | undefined;
  readonly building: boolean;
  readonly result: string | undefined;
  /** Absent where the other side says none. */
  readonly startedAtMs: number | undefined;
  readonly durationMs: number;
  readonly estimatedDurationMs: number | undefined;
  readonly parameters: Parameters;
}

export interface JenkinsItem {
  readonly id: string;
  readonly why: string | undefined;
  readonly cancelled: boolean;
  readonly inQueueSinceMs: number;
  /** `job/perf/job/getting-started`, percent-decoded; the host in front of it can't be relied on. Empty where it is not said. */
  readonly jobPath: string;
  readonly buildNumber: string | undefined;
  readonly parameters: Parameters;
}

/** `asked`: the number that it was asked for by. Undefined where nothing says which build it is. */
export function parseBuild(json: unknown, asked?: string): JenkinsBuild | undefined {
  const number = idAt(json, 'number') ?? asked;
  if (number === undefined) return undefined;
  const estimateMs = numberAt(json, 'estimatedDuration') ?? -1;
  return {
    number,
    queueId: idAt(json, 'queueId'),
    building: at(json, 'building') === true,
    result: textAt(json, 'result'),
    startedAtMs: numberAt(json, 'timestamp'),
    durationMs: numberAt(json, 'duration') ?? 0,
    estimatedDurationMs: estimateMs > 0 ? estimateMs : undefined,
    parameters: parseParameters(json),
  };
}

/** Likewise. */
export function parseItem(json: unknown, asked?: string): JenkinsItem | undefined {
  const id = idAt(json, 'id') ?? asked;
  if (id === undefined) return undefined;
  return {
    id,
    why: textAt(json, 'why'),
    cancelled: at(json, 'cancelled') === true,
    inQueueSinceMs: numberAt(json, 'inQueueSince') ?? 0,
    jobPath: pathInUrl(textAt(json, 'task', 'url') ?? ''),
    buildNumber: idAt(json, 'executable', 'number'),
    parameters: parseParameters(json),
  };
}

function pathInUrl(url: string): string {
  const path = url.slice(Math.max(0, url.indexOf('/job/') + 1)).replace(/\/$/, '');
  return decoded(path);
}

export function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** `actions` holds empty objects and foreign classes too; a secret parameter shows no value. */
function parseParameters(json: unknown): Parameters {
  const shown = listAt(json, 'actions').flatMap((action) => listAt(action, 'parameters'));
  return new Map(
    shown.flatMap((parameter): [string, string | boolean | number][] => {
      const name = textAt(parameter, 'name');
      const value = at(parameter, 'value');
      const isPlain = typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number';
      return name !== undefined && isPlain ? [[name, value]] : [];
    }),
  );
}

/** It was started under our name. */
export function carriesKey(
  { parameters }: { parameters: Parameters },
  { attemptKey }: StartRequest,
): boolean {
  return parameters.get(RUN_PARAMETER) === attemptKey;
}

/** It was started under another's name: whatever id led here, it is not ours. */
export function carriesOtherKey(
  { parameters }: { parameters: Parameters },
  { attemptKey }: StartRequest,
): boolean {
  const key = parameters.get(RUN_PARAMETER);
  return key !== undefined && key !== '' && key !== attemptKey;
}

/**
 * For a job that does not declare our parameter (Jenkins drops it silently): every other parameter that we sent and the
 * build shows is equal, and there is at least one.
 */
export function looksAlike({ parameters }: { parameters: Parameters }, request: StartRequest): boolean {
  if (parameters.has(RUN_PARAMETER)) return false;
  const compared = Object.entries(request.parameters).filter(([name]) => parameters.has(name));
  return compared.length > 0 && compared.every(([name, sent]) => isSameValue(parameters.get(name), sent));
}

/** A boolean parameter is true only for the text `true`; a string parameter may trim. */
function isSameValue(shown: string | boolean | number | undefined, sent: string): boolean {
  if (typeof shown === 'boolean') return shown === (sent === 'true');
  return String(shown).trim() === sent.trim();
}

/** The state that a build is in; it has ended only when it is no longer building and has a result (pipelines set one early). */
export function stateOfBuild(build: JenkinsBuild, ref: PlatformState['ref']): PlatformState {
  const known = withoutUndefined({
    ref,
    startedAtMs: build.startedAtMs,
    estimatedDurationMs: build.estimatedDurationMs,
  });
  if (build.building || build.result === undefined) return { ...known, phase: 'running' };
  const finishedAtMs = build.startedAtMs === undefined ? undefined : build.startedAtMs + build.durationMs;
  return withoutUndefined({
    ...known,
    ...(own(RESULTS, build.result) ?? { phase: 'failed' as const, reason: build.result }),
    finishedAtMs,
  });
}

/** hudson.model.Result. A pipeline's own `timeout` is ABORTED too: Jenkins does not say who it was. */
const RESULTS: Readonly<Record<string, Pick<PlatformState, 'phase' | 'reason'>>> = {
  SUCCESS: { phase: 'succeeded' },
  UNSTABLE: { phase: 'unstable' },
  FAILURE: { phase: 'failed' },
  NOT_BUILT: { phase: 'failed', reason: 'not built' },
  ABORTED: { phase: 'cancelled', reason: 'aborted in Jenkins (by a person or a time-out)' },
};
