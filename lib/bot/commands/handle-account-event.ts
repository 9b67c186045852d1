/** Handles what happens around the App: a repository is renamed or removed, or an installation is removed or suspended. */
import type { AccountEvent } from '../../github/events.ts';
import type { BotDeps } from '../runs/bot-deps.ts';
import { unreachable } from '../record/errors.ts';
import { cancelOpenRuns } from '../runs/open-runs.ts';

export async function handleAccountEvent(deps: BotDeps, event: AccountEvent): Promise<void> {
  switch (event.kind) {
    case 'repository':
      return handleRepository(deps, event);
    case 'installation-repositories':
      for (const { id } of event.removed) {
        const project = await deps.projects.getByRepositoryId(id);
        if (project) await cancelOpenRuns(deps, project);
      }
      return;
    case 'installation':
      if (event.action !== 'deleted' && event.action !== 'suspend') return;
      for (const project of await deps.projects.list()) {
        if (project.installationId === event.installationId) await cancelOpenRuns(deps, project);
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
  if (event.action === 'deleted') return cancelOpenRuns(deps, project);
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
