/** The use cases of an operator: list, show, store and remove projects, and the URLs that belong to them. The API and the command line share them. */
import { UserError } from '../errors.ts';
import { applyProject, readProjectFile, removeProject, type ApplyProjectDeps } from './apply-project.ts';
import type { CheckProject } from './check-project.ts';
import { maskedProject } from './masked-project.ts';
import type { ProjectConfig } from './project-config.ts';
import { HORREUM_EVENTS, horreumUrl, perflabUrl, signedPerflab } from './project-urls.ts';
import type { Finding } from '../../perflab/job-executor.ts';

export interface AdminDeps extends ApplyProjectDeps {
  readonly publicUrl: string;
  /** Newest first. */
  readonly tokenSecrets: () => Promise<readonly string[]>;
  readonly check: CheckProject;
  /** Ends what is open of a project that goes. */
  readonly endRuns: (project: ProjectConfig) => Promise<void>;
}

export interface Applied {
  readonly project: Record<string, unknown>;
  readonly findings: readonly Finding[];
}

export async function listProjects(deps: AdminDeps): Promise<Record<string, unknown>[]> {
  return (await deps.projects.list()).map(maskedProject);
}

export async function showProject(deps: AdminDeps, repoFullName: string): Promise<Record<string, unknown>> {
  return maskedProject(await find(deps, repoFullName));
}

/** Checks the file, then every connection in it, and stores it unless an error was found (or the checks are skipped). */
export async function storeProject(
  deps: AdminDeps,
  content: unknown,
  options: { readonly skipChecks: boolean; readonly expectedVersion?: number },
): Promise<Applied> {
  const file = readProjectFile(content);
  const findings = options.skipChecks ? [] : await deps.check(file);
  const errors = findings.filter(({ ok, severity }) => !ok && severity !== 'warning');
  if (errors.length > 0) throw new ProjectRefused(findings);
  const project = await applyProject(deps, file, options.expectedVersion);
  return { project: maskedProject(project), findings };
}

/** The file is well-formed but its connections are not: every finding with its remedy. */
export class ProjectRefused extends UserError {
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    const bad = findings.filter(({ ok, severity }) => !ok && severity !== 'warning');
    super(
      `The project was not stored: ${bad.length} of ${findings.length} checks failed.\n${bad.map(({ subject, message, remedy }) => `- ${subject}: ${message}${remedy === undefined ? '' : ` → ${remedy}`}`).join('\n')}`,
    );
    this.findings = findings;
  }
}

export async function removeProjectAndRuns(deps: AdminDeps, repoFullName: string): Promise<void> {
  await deps.endRuns(await find(deps, repoFullName));
  await removeProject(deps, repoFullName);
}

export interface ProjectUrls {
  readonly perflab: string;
  readonly perflabSigned: { readonly url: string; readonly secret: string };
  readonly horreum: readonly {
    readonly job: string;
    readonly testId: string;
    readonly event: string;
    readonly url: string;
  }[];
}

export async function projectUrls(
  deps: Pick<AdminDeps, 'projects' | 'publicUrl' | 'tokenSecrets'>,
  repoFullName: string,
): Promise<ProjectUrls> {
  const { projectId, jobs } = await find(deps, repoFullName);
  const [secret] = await deps.tokenSecrets();
  if (secret === undefined)
    throw new UserError(
      'The secret of the URL tokens is not set yet: put `urlTokenSecret` into the secret store (locally URL_TOKEN_SECRET).',
    );
  return {
    perflab: perflabUrl(deps.publicUrl, secret, projectId),
    perflabSigned: signedPerflab(deps.publicUrl, secret, projectId),
    horreum: Object.entries(jobs).flatMap(([job, { datastoreConfig }]) =>
      datastoreConfig
        ? HORREUM_EVENTS.map((event) => ({
            job,
            testId: datastoreConfig.testId,
            event,
            url: horreumUrl(deps.publicUrl, secret, projectId, datastoreConfig.testId, event),
          }))
        : [],
    ),
  };
}

async function find({ projects }: Pick<AdminDeps, 'projects'>, repoFullName: string): Promise<ProjectConfig> {
  const project = await projects.getByName(repoFullName);
  if (!project)
    throw new UserError(
      `There is no project ${repoFullName}. \`perf-bot config list\` shows which there are.`,
    );
  return project;
}
