/** `config apply|list|show|remove`: stores, shows and removes projects. */
import type { Finding } from '../../../lib/finding.ts';
import { stringify } from 'yaml';
import { UserError } from '../../../lib/bot/record/errors.ts';
import { errorCode } from '../../local/stores/error-code.ts';
import { CliError } from '../cli-error.ts';
import { repositoryPath, type CliContext } from '../cli-context.ts';
import { readProjectText } from '../../local/server/project-files.ts';
import { showFindings, showTable } from '../show.ts';

interface Applied {
  readonly project: { readonly repoFullName: string; readonly version: number };
  readonly findings: readonly Finding[];
}

export interface ApplyOptions {
  readonly skipChecks?: boolean;
  readonly ifVersion?: string;
}

export async function applyConfig(context: CliContext, path: string, options: ApplyOptions): Promise<void> {
  const content = await readFile(path);
  const admin = await context.admin();
  const name = (content as { repoFullName?: unknown } | null)?.repoFullName;
  if (!options.skipChecks) context.progress(`Trying every connection of ${path} …`);
  const skip: Record<string, string> = options.skipChecks ? { 'skip-checks': 'true' } : {};
  const request =
    options.ifVersion === undefined
      ? ({ method: 'POST', path: ['config'] } as const)
      : ({
          method: 'PUT',
          path: ['config', ...repositoryPath(String(name))],
          headers: { 'if-match': `"${version(options.ifVersion)}"` },
        } as const);
  const { project, findings } = (await admin({ ...request, query: skip, json: content })) as Applied;
  const stored = `Stored ${project.repoFullName} as version ${project.version}.`;
  context.print(
    { ok: true, project, findings },
    [...(findings.length > 0 ? [showFindings(findings)] : []), stored].join('\n'),
  );
}

export async function listConfigs(context: CliContext): Promise<void> {
  const projects = (await (
    await context.admin()
  )({ method: 'GET', path: ['config'] })) as {
    repoFullName: string;
    version: number;
    jobs: Record<string, unknown>;
  }[];
  const rows = projects.map(({ repoFullName, version, jobs }) => [
    repoFullName,
    String(version),
    Object.keys(jobs).join(', '),
  ]);
  context.print(
    projects,
    rows.length === 0
      ? 'There are no projects yet. To add one: perf-bot config apply FILE'
      : showTable(['REPOSITORY', 'VERSION', 'JOBS'], rows),
  );
}

export async function showConfig(context: CliContext, repository: string): Promise<void> {
  const admin = await context.admin();
  const project = await admin({ method: 'GET', path: ['config', ...repositoryPath(repository)] });
  context.print(project, stringify(project).trimEnd());
}

export async function removeConfig(
  context: CliContext,
  repository: string,
  { yes }: { readonly yes?: boolean },
): Promise<void> {
  const path = ['config', ...repositoryPath(repository)];
  const { confirm } = context.io;
  if (!yes && !confirm) throw new CliError('Not interactive: pass --yes.', 2);
  if (!yes && !(await confirm?.(`Remove ${repository}, its keys and its open runs?`)))
    throw new CliError('Nothing was removed.');
  await (
    await context.admin()
  )({ method: 'DELETE', path });
  context.print({ ok: true, removed: repository }, `Removed ${repository}.`);
}

async function readFile(path: string): Promise<unknown> {
  try {
    return await readProjectText(path);
  } catch (error) {
    if (error instanceof UserError) throw new CliError(error.message);
    const code = errorCode(error);
    if (code !== undefined) throw new CliError(`Cannot read ${path}: ${code}`, 2);
    throw error;
  }
}

function version(text: string): number {
  if (!/^\d+$/.test(text))
    throw new CliError('--if-version takes a version number; `config show` prints it.', 2);
  return Number(text);
}
