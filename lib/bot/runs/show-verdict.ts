/** A run's verdict for machines: a public repository's to anybody, others to holders of the project's token; nobody learns which runs exist. */
import { counterKeys } from '../record/table-keys.ts';
import type { ProjectStore } from '../projects/project-store.ts';
import { machineVerdict, type MachineVerdict } from '../reports/machine-verdict.ts';
import type { RunStore } from '../record/run-store.ts';

export interface VerdictDeps {
  readonly runs: Pick<RunStore, 'get' | 'countUpTo'>;
  readonly projects: Pick<ProjectStore, 'getById'>;
  /** Whether this is a token of the project's. */
  readonly mayRead: (token: string, projectId: string) => Promise<boolean>;
  readonly nowMs: () => number;
}

export interface VerdictQuestion {
  readonly runKey: string;
  readonly token: string | undefined;
  /** Who asks, such as an IP address: what the rate is counted by. */
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
const MOST_A_MINUTE = 60;

export async function showVerdict(deps: VerdictDeps, question: VerdictQuestion): Promise<VerdictAnswer> {
  const nowMs = deps.nowMs();
  const window = Math.floor(nowMs / WINDOW_MS);
  const counter = counterKeys.verdictRead(question.caller.slice(0, 60), window);
  if (!(await deps.runs.countUpTo(counter, MOST_A_MINUTE, (window + 2) * WINDOW_MS)))
    return { kind: 'too-many', retryAfterSeconds: Math.ceil(((window + 1) * WINDOW_MS - nowMs) / 1000) };
  const runKey = /^(pb-[a-z2-7]{26})(-\d+)?$/.exec(question.runKey)?.[1];
  const run = runKey === undefined ? undefined : await deps.runs.get(runKey);
  if (!run) return { kind: 'not-found' };
  const project = await deps.projects.getById(run.projectId);
  // A repository may have been made private since; a project that is gone says nothing any more.
  const isPublic = project !== undefined && !run.repository.private && project.isPrivate !== true;
  const allowed =
    isPublic || (question.token !== undefined && (await deps.mayRead(question.token, run.projectId)));
  if (!allowed) return { kind: 'not-found' };
  return {
    kind: 'found',
    verdict: machineVerdict(run, Number.MAX_SAFE_INTEGER),
    version: run.version,
    isPublic,
  };
}
