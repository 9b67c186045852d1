/** The stores of projects and of their secrets, and a project store that reads each project once. */
import type { ProjectConfig } from './project-config.ts';

/** Implemented on DynamoDB. */
export interface ProjectStore {
  getById(projectId: string): Promise<ProjectConfig | undefined>;
  /** By `owner/name`, case-insensitively. */
  getByName(repoFullName: string): Promise<ProjectConfig | undefined>;
  /** By GitHub's repository id, once it is known. */
  getByRepositoryId(repositoryId: number): Promise<ProjectConfig | undefined>;
  list(): Promise<readonly ProjectConfig[]>;
  /** Stores `project` if the stored version is still `expectedVersion` (0: none is stored); false if it is not. */
  put(project: ProjectConfig, expectedVersion: number): Promise<boolean>;
  remove(project: ProjectConfig): Promise<void>;
}

/** Secrets by project. Implemented on Secrets Manager, and locally on a file that only its owner can read. */
export interface ProjectSecretStore {
  /** `fresh` bypasses the cache, for callers that write back what they read. */
  get(projectId: string, fresh?: boolean): Promise<Readonly<Record<string, string>>>;
  put(projectId: string, secrets: Readonly<Record<string, string>>): Promise<void>;
  remove(projectId: string): Promise<void>;
}

/** A project store for the length of one message: a project that was read is not read again. */
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
