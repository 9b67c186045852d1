/** Shows a run's verdict to machines: a public repository's to anybody, any other to holders of the project's token. Nobody learns which runs exist. */
import { runKeyOfAttempt } from '../../run-name.ts';
import { counterKeys } from '../record/table-keys.ts';
import type { ProjectStore } from '../projects/project-store.ts';
import { machineVerdict, type MachineVerdict } from '../reports/machine-verdict.ts';
import type { RunStore } from '../record/run-store.ts';

export interface VerdictDeps {
  readonly runs: Pick<RunStore, 'get' | 'countUpTo'>;
  readonly projects: Pick<ProjectStore, 'getById'>;
  /** The id of the project that the token is for; undefined if the token is not valid. */
  readonly projectOfToken: (token: string) => Promise<string | undefined>;
  readonly nowMs: () => number;
}

export interface VerdictQuestion {
  readonly runKey: string;
  readonly token: string | undefined;
  /** Who asks, such as an IP address: what the rate of those without a token is counted by. */
  readonly caller: string;
}

export type VerdictAnswer =
  | {
      readonly kind: 'found';
      readonly verdict: MachineVerdict;
      /** Rises with every change. */
      readonly version: number;
      readonly isPublic: boolean;
    }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'too-many'; readonly retryAfterSeconds: number };

const WINDOW_MS = 60_000;
const MOST_A_MINUTE = { ofAnybody: 60, withToken: 600 };

export async function showVerdict(deps: VerdictDeps, question: VerdictQuestion): Promise<VerdictAnswer> {
  const nowMs = deps.nowMs();
  const window = Math.floor(nowMs / WINDOW_MS);
  // Behind a proxy all callers have one address: whoever holds a token is not counted with strangers.
  const ownProject = question.token === undefined ? undefined : await deps.projectOfToken(question.token);
  const [who, most] =
    ownProject === undefined
      ? [question.caller.slice(0, 60), MOST_A_MINUTE.ofAnybody]
      : [ownProject, MOST_A_MINUTE.withToken];
  const counter = counterKeys.verdictRead(who, window);
  if (!(await deps.runs.countUpTo(counter, most, (window + 2) * WINDOW_MS)))
    return { kind: 'too-many', retryAfterSeconds: Math.ceil(((window + 1) * WINDOW_MS - nowMs) / 1000) };
  const runKey = runKeyOfAttempt(question.runKey);
  const run = runKey === undefined ? undefined : await deps.runs.get(runKey);
  if (!run) return { kind: 'not-found' };
  const project = await deps.projects.getById(run.projectId);
  // A repository may have been made private since; a project that is gone says nothing any more.
  const isPublic = project !== undefined && !run.repository.private && project.isPrivate !== true;
  if (!isPublic && ownProject !== run.projectId) return { kind: 'not-found' };
  return {
    kind: 'found',
    verdict: machineVerdict(run, Number.MAX_SAFE_INTEGER),
    version: run.version,
    isPublic,
  };
}
