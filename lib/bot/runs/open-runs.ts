/** Finds the runs of a project that have not ended, and cancels them when the project goes. */
import type { ProjectConfig } from '../projects/project-config.ts';
import { hasEnded, type JobRun } from '../record/job-run.ts';
import type { RunStore } from '../record/run-store.ts';
import type { BotDeps } from './bot-deps.ts';
import { reconcileRun } from './reconcile.ts';

type Jobs = Pick<ProjectConfig, 'projectId' | 'jobs'>;

/** At most `mostOfAJob` of each job, oldest first. The index may still list a run that has just ended. */
export async function openRunKeys(
  runs: Pick<RunStore, 'listOpen'>,
  { projectId, jobs }: Jobs,
  mostOfAJob: number,
): Promise<string[]> {
  const keys = await Promise.all(
    Object.keys(jobs).map((jobId) => runs.listOpen(projectId, jobId, mostOfAJob)),
  );
  return keys.flat();
}

export async function openRuns(
  runs: Pick<RunStore, 'listOpen' | 'get'>,
  project: Jobs,
  mostOfAJob: number,
  mostInAll = Number.POSITIVE_INFINITY,
): Promise<JobRun[]> {
  const keys = (await openRunKeys(runs, project, mostOfAJob)).slice(0, mostInAll);
  const found = await Promise.all(keys.map((runKey) => runs.get(runKey)));
  return found.filter((run): run is JobRun => run !== undefined && !hasEnded(run));
}

/** Leaves nothing running that nobody would see the end of. */
export async function cancelOpenRuns(deps: BotDeps, project: ProjectConfig): Promise<void> {
  const change = { kind: 'cancel', by: 'the project', why: 'removed' } as const;
  for (const runKey of await openRunKeys(deps.runs, project, 100))
    await reconcileRun(deps, runKey, { change });
}
