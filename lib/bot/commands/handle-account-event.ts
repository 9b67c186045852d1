/** What happens around the App: a repository renamed or gone, an installation removed or paused. */
import type { AccountEvent } from '../../github/events.ts';
import type { BotDeps } from '../runs/bot-deps.ts';
import { unreachable } from '../record/errors.ts';
import { reconcileRun } from '../runs/reconcile.ts';
import type { ProjectConfig } from '../projects/project-config.ts';

export async function handleAccountEvent(deps: BotDeps, event: AccountEvent): Promise<void> {
  switch (event.kind) {
    case 'repository':
      return handleRepository(deps, event);
    case 'installation-repositories':
      for (const { id } of event.removed) await endRunsOf(deps, await deps.projects.getByRepositoryId(id));
      return;
    case 'installation':
      if (event.action !== 'deleted' && event.action !== 'suspend') return;
      for (const project of await deps.projects.list()) {
        if (project.installationId === event.installationId) await endRunsOf(deps, project);
      }
      return;
    default:
      return unreachable(event);
  }
}

async function handleRepository(
  deps: BotDeps,
  event: Extract<AccountEvent, { kind: 'repository' }>,
): Promise<void> {
  const project = await deps.projects.getByRepositoryId(event.repository.id);
  if (!project) return;
  if (event.action === 'deleted') return endRunsOf(deps, project);
  if (project.repoFullName === event.repository.fullName) return;
  await deps.projects.put(
    { ...project, repoFullName: event.repository.fullName, version: project.version + 1 },
    project.version,
  );
  deps.log.info('a project follows its repository to another name', {
    projectId: project.projectId,
    repository: event.repository.fullName,
  });
}

/** Cancels whatever of this project is open, so that nothing runs for nobody. */
export async function endRunsOf(deps: BotDeps, project: ProjectConfig | undefined): Promise<void> {
  if (!project) return;
  const change = { kind: 'cancel', by: 'the project', why: 'removed' } as const;
  for (const jobId of Object.keys(project.jobs)) {
    for (const runKey of await deps.runs.listOpen(project.projectId, jobId, 100))
      await reconcileRun(deps, runKey, { change });
  }
}
