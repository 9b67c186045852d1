/** A project's secrets, of which each key counts only where it was given for the host that it would be sent to. */
import { usableSecrets } from '../bot/projects/project-keys.ts';
import type { ProjectConfig, ProjectSecrets } from '../bot/projects/project-config.ts';
import type { BotEnvironment } from './environment.ts';

type Project = Pick<ProjectConfig, 'projectId' | 'secretNames' | 'datastoreUrl' | 'jobPlatformUrl' | 'labs'>;

export async function secretsOf(environment: BotEnvironment, project: Project): Promise<ProjectSecrets> {
  if (project.secretNames.length === 0) return {};
  const { projectSecrets } = environment;
  const usable = usableSecrets(project, await projectSecrets.get(project.projectId));
  if (project.secretNames.every((name) => Object.hasOwn(usable, name))) return usable;
  // The project was changed since its secrets were read: a key for its new address may be there by now.
  return usableSecrets(project, await projectSecrets.get(project.projectId, true));
}
