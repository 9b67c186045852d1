/** Stores a project file: checks it, moves its keys to the secret store, and keeps the rest; removes a project again. */
import { ChangedMeanwhile, UserError, NotThere } from '../record/errors.ts';
import { checkKeptKeys, namesOf, withOrigins } from './project-keys.ts';
import { type ProjectConfig, type ProjectSecrets, projectIdOf } from './project-config.ts';
import { projectFileSchema, type ProjectFile } from './project-schema.ts';
import type { ProjectSecretStore, ProjectStore } from './project-store.ts';
import { counted } from '../text/numbers.ts';

export interface ApplyProjectDeps {
  readonly projects: ProjectStore;
  readonly secrets: ProjectSecretStore;
  readonly nowMs: () => number;
}

/** Throws one UserError that lists every problem with its path. */
export function readProjectFile(content: unknown): ProjectFile {
  const parsed = projectFileSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    (issue) => `- ${issue.path.join('.') || '(top level)'}: ${issue.message}`,
  );
  throw new UserError(`The project file has ${counted(problems.length, 'problem')}:\n${problems.join('\n')}`);
}

/**
 * A key that is not in the file keeps its stored value, for the same host only. Without `expectedVersion` any stored version is
 * replaced; with it, another version throws ChangedMeanwhile.
 */
export async function applyProject(
  deps: ApplyProjectDeps,
  file: ProjectFile,
  expectedVersion?: number,
): Promise<ProjectConfig> {
  const { projectId, stored } = await placeOf(deps.projects, file.repoFullName);
  const version = stored?.version ?? 0;
  if (expectedVersion !== undefined && expectedVersion !== version) {
    throw new ChangedMeanwhile(
      `The project has changed: it is at version ${version}, not ${expectedVersion}. Read it again, then store it.`,
    );
  }
  const { config, secrets } = separateSecrets(file);
  if (stored) checkKeptKeys(stored, config, secrets);
  const kept = stored ? await deps.secrets.get(projectId, true) : {};
  const before = stored ? withOrigins(stored, kept) : kept;
  const merged = { ...before, ...withOrigins(config, secrets) };
  if (Object.keys(secrets).length > 0) await deps.secrets.put(projectId, merged);
  const project: ProjectConfig = {
    ...config,
    projectId,
    secretNames: namesOf(merged),
    ...(stored?.repositoryId === undefined ? {} : { repositoryId: stored.repositoryId }),
    ...(stored?.installationId === undefined ? {} : { installationId: stored.installationId }),
    ...(stored?.isPrivate === undefined ? {} : { isPrivate: stored.isPrivate }),
    activatedAtMs: stored?.activatedAtMs ?? deps.nowMs(),
    version: version + 1,
  };
  if (!(await deps.projects.put(project, version))) {
    throw new ChangedMeanwhile('Somebody else changed the project at the same moment. Try again.');
  }
  return project;
}

/**
 * Finds the project of this name, or the id that it will get. A project keeps its id when its repository is renamed, so the id that
 * belongs to a name may be another project's by now: then the next one is taken.
 */
export async function placeOf(
  projects: ProjectStore,
  repoFullName: string,
): Promise<{ readonly projectId: string; readonly stored: ProjectConfig | undefined }> {
  const named = await projects.getByName(repoFullName);
  if (named) return { projectId: named.projectId, stored: named };
  for (let ordinal = 1; ; ordinal += 1) {
    const projectId = projectIdOf(ordinal === 1 ? repoFullName : `${repoFullName} ${ordinal}`);
    const stored = await projects.getById(projectId);
    if (!stored || stored.repoFullName.toLowerCase() === repoFullName.toLowerCase())
      return { projectId, stored };
  }
}

/** Takes a file's secrets, by name, out of it. */
export function separateSecrets(file: ProjectFile): {
  config: Omit<ProjectConfig, 'projectId' | 'secretNames' | 'activatedAtMs' | 'version'>;
  secrets: ProjectSecrets;
} {
  const { datastoreApiKey, datastoreCaCertificates, jobPlatformApiKey, labs, ...rest } = file;
  const secrets: Record<string, string> = {};
  if (datastoreApiKey !== undefined) secrets['datastoreApiKey'] = datastoreApiKey;
  if (datastoreCaCertificates !== undefined) secrets['datastoreCaCertificates'] = datastoreCaCertificates;
  if (jobPlatformApiKey !== undefined) secrets['jobPlatformApiKey'] = jobPlatformApiKey;
  if (!labs) return { config: rest, secrets };
  const openLabs = Object.entries(labs).map(([labName, { apiKey, caCertificates, ...lab }]) => {
    if (apiKey !== undefined) secrets[`lab:${labName}:apiKey`] = apiKey;
    if (caCertificates !== undefined) secrets[`lab:${labName}:caCertificates`] = caCertificates;
    return [labName, lab] as const;
  });
  return { config: { ...rest, labs: Object.fromEntries(openLabs) }, secrets };
}

/**
 * Removes the project and its secrets. The caller ends its open runs. The secrets go first: if this stops half-way, the project is
 * still there to be removed again, and no key is left behind that nothing leads to.
 */
export async function removeProject(deps: ApplyProjectDeps, repoFullName: string): Promise<ProjectConfig> {
  const project = await deps.projects.getByName(repoFullName);
  if (!project)
    throw new NotThere(`There is no project ${repoFullName}. \`perf-bot config list\` lists the projects.`);
  await deps.secrets.remove(project.projectId);
  await deps.projects.remove(project);
  return project;
}
