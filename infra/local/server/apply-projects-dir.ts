/** Applies every project file of a folder when the local server starts; reports a faulty one and skips it. */
import { basename } from 'node:path';
import { UserError } from '../../../lib/bot/record/errors.ts';
import { storeProject } from '../../../lib/bot/operator/admin.ts';
import { adminDeps } from '../../../lib/wiring/admin.ts';
import type { BotEnvironment } from '../../../lib/wiring/environment.ts';
import { errorCode } from '../stores/error-code.ts';
import { projectFilesIn, readProjectText } from './project-files.ts';

export async function applyProjectsDir(
  environment: BotEnvironment,
  folder: string,
  say: (line: string) => void,
): Promise<void> {
  const admin = await adminDeps(environment).admin();
  const paths = await readablePaths(folder);
  if (!paths) return say(`PROJECTS_DIR is not a readable folder: ${folder}. No projects were applied.`);
  for (const path of paths) {
    const name = basename(path);
    try {
      const { project, findings } = await storeProject(admin, await readProjectText(path), {
        skipChecks: true,
      });
      say(`Project ${String(project['repoFullName'])} applied from ${name}.`);
      for (const { subject, message, remedy = '' } of findings)
        say(`${name}, ${subject}: ${message}. ${remedy}`);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      say(`${name} was not applied. ${error.message}`);
    }
  }
}

/** Undefined where the folder is not there. */
async function readablePaths(folder: string): Promise<string[] | undefined> {
  try {
    return await projectFilesIn(folder);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(errorCode(error) ?? '')) return undefined;
    throw error;
  }
}
