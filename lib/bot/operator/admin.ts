/** An operator's use cases for projects: list, show, check, store, connect and remove them, and print their URLs. The API and the command line share them. */
import type { Finding } from '../../finding.ts';
import type { HorreumAdmin } from '../../horreum/horreum-admin.ts';
import type { DeadLetterStore } from './dead-letters.ts';
import { counted } from '../text/numbers.ts';
import { UserError, NotThere } from '../record/errors.ts';
import type { CommandMessage, Queue } from '../record/messages.ts';
import type { OperateRunsDeps } from './operate-runs.ts';
import {
  applyProject,
  placeOf,
  readProjectFile,
  removeProject,
  separateSecrets,
  type ApplyProjectDeps,
} from '../projects/apply-project.ts';
import { idleParameters } from '../projects/bots-parameters.ts';
import { checkKeptKeys } from '../projects/project-keys.ts';
import { connectHorreum, NO_TOKEN_SECRET, type Connected } from './connect-horreum.ts';
import { maskedProject, type ProjectConfig } from '../projects/project-config.ts';
import { projectFileSchema, type ProjectFile } from '../projects/project-schema.ts';
import type { ProjectStore } from '../projects/project-store.ts';
import {
  HORREUM_EVENTS,
  horreumUrl,
  perflabUrl,
  signedPerflab,
  verdictAccess,
} from '../projects/project-urls.ts';

export interface AdminDeps extends ApplyProjectDeps, OperateRunsDeps {
  readonly publicUrl: string;
  /** Newest first. */
  readonly tokenSecrets: () => Promise<readonly string[]>;
  /** Tries every connection of the file; each finding comes with its remedy. Never throws for what an outside system answers. */
  readonly check: (file: ProjectFile, projectId: string) => Promise<readonly Finding[]>;
  /** Checks what belongs to no single project: the App, its webhook, the queues, the dead letters. */
  readonly checkSystem: () => Promise<readonly Finding[]>;
  /** With the project's own key; undefined where no Horreum is configured. */
  readonly horreumOf: (project: ProjectConfig) => Promise<HorreumAdmin | undefined>;
  readonly letters: DeadLetterStore;
  readonly commandQueue: Queue<CommandMessage>;
  /** Ends the open runs of a project that is removed. */
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
  return maskedProject(await projectNamed(deps, repoFullName));
}

/** Checks the file, then every connection in it, and stores it unless an error was found. */
export async function storeProject(
  deps: AdminDeps,
  content: unknown,
  options: { readonly skipChecks: boolean; readonly expectedVersion?: number },
): Promise<Applied> {
  const file = readProjectFile(content);
  const { projectId, stored } = await placeOf(deps.projects, file.repoFullName);
  const { config, secrets } = separateSecrets(file);
  // Before the checks, since they already send the stored keys.
  if (stored) checkKeptKeys(stored, config, secrets);
  const checked = options.skipChecks ? [] : await deps.check(file, projectId);
  const findings = [...checked, ...idleParameters(file)];
  const errors = findings.filter(({ ok, severity }) => !ok && severity !== 'warning');
  if (errors.length > 0) throw new ProjectRefused(findings);
  const project = await applyProject(deps, file, options.expectedVersion);
  return { project: maskedProject(project), findings };
}

/** Tries every connection of a stored project. */
export async function checkStored(deps: AdminDeps, repoFullName: string): Promise<readonly Finding[]> {
  const project = await projectNamed(deps, repoFullName);
  const file = fileOf(project);
  return [...(await deps.check(file, project.projectId)), ...idleParameters(file)];
}

/** The part of a stored project that is in its file; the keys are in the secret store. */
function fileOf(project: ProjectConfig): ProjectFile {
  const names = Object.keys(projectFileSchema.shape);
  return Object.fromEntries(
    Object.entries(project).filter(([name]) => names.includes(name)),
  ) as unknown as ProjectFile;
}

/** Registers the bot's webhook at Horreum, or replaces it. */
export async function connectProject(
  deps: AdminDeps,
  repoFullName: string,
  jobId: string | undefined,
): Promise<Connected[]> {
  const project = await projectNamed(deps, repoFullName);
  const horreum = await deps.horreumOf(project);
  if (!horreum)
    throw new UserError('Horreum is not configured. Set datastoreUrl in the project file, or HORREUM_URL.');
  const tokenSecrets = await deps.tokenSecrets();
  return connectHorreum({ publicUrl: deps.publicUrl, tokenSecrets, horreum }, project, jobId);
}

/** The file is well-formed, but some of its connections fail. */
export class ProjectRefused extends UserError {
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    const bad = findings.filter(({ ok, severity }) => !ok && severity !== 'warning');
    super(
      `The project was not stored: ${bad.length} of ${counted(findings.length, 'check')} failed.\n${bad.map(({ subject, message, remedy }) => `- ${subject}: ${message}${remedy === undefined ? '' : ` → ${remedy}`}`).join('\n')}`,
    );
    this.findings = findings;
  }
}

export async function removeProjectAndRuns(deps: AdminDeps, repoFullName: string): Promise<void> {
  await deps.endRuns(await projectNamed(deps, repoFullName));
  await removeProject(deps, repoFullName);
}

export interface ProjectUrls {
  readonly perflab: string;
  readonly perflabSigned: { readonly url: string; readonly secret: string };
  readonly verdict: { readonly url: string; readonly token: string };
  readonly horreum: readonly {
    readonly job: string;
    readonly testId: string;
    readonly event: string;
    readonly url: string;
  }[];
}

export async function projectUrls(
  deps: { readonly projects: Pick<ProjectStore, 'getByName'> } & Pick<
    AdminDeps,
    'publicUrl' | 'tokenSecrets'
  >,
  repoFullName: string,
): Promise<ProjectUrls> {
  const { projectId, jobs } = await projectNamed(deps, repoFullName);
  const [secret] = await deps.tokenSecrets();
  if (secret === undefined) throw new UserError(NO_TOKEN_SECRET);
  return {
    perflab: perflabUrl(deps.publicUrl, secret, projectId),
    perflabSigned: signedPerflab(deps.publicUrl, secret, projectId),
    verdict: verdictAccess(deps.publicUrl, secret, projectId),
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

async function projectNamed(
  { projects }: { readonly projects: Pick<ProjectStore, 'getByName'> },
  repoFullName: string,
): Promise<ProjectConfig> {
  const project = await projects.getByName(repoFullName);
  if (!project)
    throw new NotThere(`There is no project ${repoFullName}. \`perf-bot config list\` lists the projects.`);
  return project;
}
