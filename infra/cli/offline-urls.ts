/** Makes a project's URLs without a running bot, from PROJECTS_DIR, PUBLIC_URL and the secret that the local server uses. */
import { resolve } from 'node:path';
import { readProjectFile } from '../../lib/bot/projects/apply-project.ts';
import { projectUrls, type ProjectUrls } from '../../lib/bot/operator/admin.ts';
import { projectIdOf, type ProjectConfig } from '../../lib/bot/projects/project-config.ts';
import { secretList } from '../../lib/wiring/environment.ts';
import { keptSecret } from '../local/stores/file-secrets.ts';
import { projectFilesIn, readProjectText } from '../local/server/project-files.ts';
import type { CliIo } from './cli-io.ts';
import { dataDir } from './target.ts';

/** Undefined if no file there is for this repository. */
export async function offlineUrls(io: CliIo, repoFullName: string): Promise<ProjectUrls | undefined> {
  const project = await findProject(io, repoFullName);
  if (!project) return undefined;
  const { env } = io;
  const publicUrl = (env['PUBLIC_URL'] || `http://localhost:${env['PORT'] || '3000'}`).replace(/\/+$/, '');
  return projectUrls(
    {
      projects: { getByName: () => Promise.resolve(project) },
      publicUrl,
      tokenSecrets: async () =>
        secretList(env['URL_TOKEN_SECRET'] || (await keptSecret(dataDir(io), 'url-token-secret'))),
    },
    repoFullName,
  );
}

async function findProject({ env, cwd }: CliIo, repoFullName: string): Promise<ProjectConfig | undefined> {
  if (!env['PROJECTS_DIR']) return undefined;
  for (const path of await projectFilesIn(resolve(cwd, env['PROJECTS_DIR']))) {
    const content = await readProjectText(path);
    const said = (content as { repoFullName?: unknown } | null)?.repoFullName;
    if (typeof said !== 'string' || said.toLowerCase() !== repoFullName.toLowerCase()) continue;
    const file = readProjectFile(content);
    return {
      ...file,
      projectId: projectIdOf(file.repoFullName),
      secretNames: [],
      activatedAtMs: 0,
      version: 0,
    } as ProjectConfig;
  }
  return undefined;
}
