/** Where projects are kept. Implemented on DynamoDB. */
import type { ProjectConfig } from './project-config.ts';

export interface ProjectStore {
  getById(projectId: string): Promise<ProjectConfig | undefined>;
  /** By `owner/name`, case-insensitively. */
  getByName(repoFullName: string): Promise<ProjectConfig | undefined>;
  /** By GitHub's repository id, once it is known. */
  getByRepositoryId(repositoryId: number): Promise<ProjectConfig | undefined>;
  list(): Promise<readonly ProjectConfig[]>;
  /** Stores `project` if the stored version still is `expectedVersion` (0: there is none); false if it is not. */
  put(project: ProjectConfig, expectedVersion: number): Promise<boolean>;
  remove(project: ProjectConfig): Promise<void>;
}

/** Secrets by project. Implemented on Secrets Manager, locally on a file that only its owner can read. */
export interface ProjectSecretStore {
  /** `fresh`: not from a cache, for whoever will write what was read. */
  get(projectId: string, fresh?: boolean): Promise<Readonly<Record<string, string>>>;
  put(projectId: string, secrets: Readonly<Record<string, string>>): Promise<void>;
  remove(projectId: string): Promise<void>;
}
