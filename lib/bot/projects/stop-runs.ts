/** Before a project goes: what it has open is stopped while there is still a configuration to reach the lab with. */
import type { BotDeps } from '../bot-deps.ts';
import { hasEnded } from '../runs/job-run.ts';
import { endRunsOf } from './handle-account-event.ts';
import type { ProjectConfig } from './project-config.ts';

/** A run may be in a worker's hands just now, and a lab takes a moment to stop; a lab that can't be reached keeps no project. */
const ATTEMPTS = 12;
const PAUSE_MS = 500;

export async function stopRunsOf(
  deps: BotDeps,
  project: ProjectConfig,
  pause: (ms: number) => Promise<void>,
): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    await endRunsOf(deps, project);
    if (!(await hasOpenRuns(deps, project))) return;
    await pause(PAUSE_MS);
  }
}

async function hasOpenRuns({ runs }: BotDeps, { projectId, jobs }: ProjectConfig): Promise<boolean> {
  const keys = await Promise.all(Object.keys(jobs).map((jobId) => runs.listOpen(projectId, jobId, 100)));
  const open = await Promise.all(keys.flat().map((runKey) => runs.get(runKey)));
  return open.some((run) => run !== undefined && !hasEnded(run));
}
