/** Finds the project of a repository by the repository's id, and teaches it the id, installation and visibility that its file does not have. */
import type { EventOrigin } from '../../github/events.ts';
import type { Log } from '../../log.ts';
import type { ProjectConfig } from '../projects/project-config.ts';
import type { ProjectStore } from '../projects/project-store.ts';

/**
 * The first signed delivery teaches a project its repository's id; from then on another repository that was given the same name
 * is not this project's.
 */
export async function findProject(
  { projects, log }: { readonly projects: ProjectStore; readonly log: Log },
  { repository, installationId }: EventOrigin,
): Promise<ProjectConfig | undefined> {
  const byId = await projects.getByRepositoryId(repository.id);
  const project = byId ?? (await projects.getByName(repository.fullName));
  if (!project) return undefined;
  if (project.repositoryId !== undefined && project.repositoryId !== repository.id) {
    log.warn('another repository now has the name of a project', {
      repository: repository.fullName,
      projectId: project.projectId,
    });
    return undefined;
  }
  return learnRepository(projects, project, { repository, installationId });
}

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
