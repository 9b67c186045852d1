/** Before a project goes: what it has open is stopped while there is still a configuration to reach the lab with. */
import type { BotDeps } from '../runs/bot-deps.ts';
import { UserError } from '../record/errors.ts';
import { hasEnded, type JobRun } from '../record/job-run.ts';
import { endRunsOf } from '../commands/handle-account-event.ts';
import type { ProjectConfig } from '../projects/project-config.ts';

/** A run may be in a worker's hands just now, and a lab takes a moment to stop; a lab that can't be reached keeps no project. */
const ATTEMPTS = 12;
const PAUSE_MS = 500;

/** Throws UserError while a run is held by a function: one that has died holds it for less than a minute. */
export async function stopRunsOf(
  deps: BotDeps,
  project: ProjectConfig,
  pause: (ms: number) => Promise<void>,
): Promise<void> {
  let open: readonly JobRun[] = [];
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    await endRunsOf(deps, project);
    open = await openRuns(deps, project);
    if (open.length === 0) return;
    await pause(PAUSE_MS);
  }
  if (open.some(({ leaseUntilMs = 0 }) => leaseUntilMs > deps.nowMs()))
    throw new UserError(
      'The project was not removed: a run of it is being worked on just now. Try again in a minute.',
    );
}

async function openRuns({ runs }: BotDeps, { projectId, jobs }: ProjectConfig): Promise<readonly JobRun[]> {
  const keys = await Promise.all(Object.keys(jobs).map((jobId) => runs.listOpen(projectId, jobId, 100)));
  const open = await Promise.all(keys.flat().map((runKey) => runs.get(runKey)));
  return open.filter((run): run is JobRun => run !== undefined && !hasEnded(run));
}
