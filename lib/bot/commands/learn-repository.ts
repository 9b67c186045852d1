/** A project learns the id, the installation and the visibility of its repository, of which its file knows only the name. */
import type { EventOrigin } from '../../github/events.ts';
import type { ProjectConfig } from '../projects/project-config.ts';
import type { ProjectStore } from '../projects/project-store.ts';

/** Undefined if the project was removed meanwhile. */
export async function learnRepository(
  projects: ProjectStore,
  project: ProjectConfig,
  { repository, installationId }: EventOrigin,
): Promise<ProjectConfig | undefined> {
  const isKnown =
    project.repositoryId === repository.id &&
    project.installationId === installationId &&
    project.isPrivate === repository.private;
  if (isKnown) return project;
  const taught = {
    ...project,
    repositoryId: repository.id,
    installationId,
    isPrivate: repository.private,
    version: project.version + 1,
  };
  return (await projects.put(taught, project.version)) ? taught : projects.getById(project.projectId);
}
