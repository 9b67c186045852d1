/** A project store for the length of one message: a project that was read is not read again. */
import type { ProjectConfig } from './project-config.ts';
import type { ProjectStore } from './project-store.ts';

export function readProjectsOnce(projects: ProjectStore): ProjectStore {
  const known = new Map<string, Promise<ProjectConfig | undefined>>();
  const keep = async (reading: Promise<ProjectConfig | undefined>) => {
    const project = await reading;
    if (project) known.set(project.projectId, Promise.resolve(project));
    return project;
  };
  return {
    getById(projectId) {
      const reading = known.get(projectId) ?? projects.getById(projectId);
      known.set(projectId, reading);
      reading.catch(() => known.delete(projectId));
      return reading;
    },
    getByName: (repoFullName) => keep(projects.getByName(repoFullName)),
    getByRepositoryId: (repositoryId) => keep(projects.getByRepositoryId(repositoryId)),
    list: () => projects.list(),
    async put(project, expectedVersion) {
      known.delete(project.projectId);
      const isStored = await projects.put(project, expectedVersion);
      if (isStored) known.set(project.projectId, Promise.resolve(project));
      return isStored;
    },
    async remove(project) {
      known.delete(project.projectId);
      await projects.remove(project);
    },
  };
}
