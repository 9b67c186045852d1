/** Registers the bot's webhook at each of a project's Horreum tests, and removes the bot's out-of-date ones. */
import type { HorreumAction, HorreumAdmin } from '../../horreum/horreum-admin.ts';
import { maskUrlTokens } from '../../http/redact.ts';
import { onStatus } from '../../http/upstream-error.ts';
import { UserError } from '../record/errors.ts';
import type { ProjectConfig } from '../projects/project-config.ts';
import { horreumUrl } from '../projects/project-urls.ts';

export const NO_TOKEN_SECRET =
  'The secret for URL tokens is not set. Put `urlTokenSecret` into the secret store, or set URL_TOKEN_SECRET on one machine.';

export interface ConnectDeps {
  readonly publicUrl: string;
  /** Newest first: the newest is registered. */
  readonly tokenSecrets: readonly string[];
  readonly horreum: HorreumAdmin;
}

export interface Connected {
  readonly jobs: readonly string[];
  readonly testId: string;
  readonly event: string;
  /** Masked. */
  readonly url: string;
  readonly outcome: 'registered' | 'was registered';
  readonly removed: number;
  /** The prefix that was allowed for it. */
  readonly allowedSite?: string;
}

/** The event that this Horreum sends when results are ready. Releases before 0.19 do not have `dataset_labels/computed`. */
export function eventFor(version: string): string {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return major > 0 || minor >= 19 || Number.isNaN(minor)
    ? 'dataset_labels/computed'
    : 'experiment_result/new';
}

/** `jobId` undefined: all jobs. Safe to repeat; with a new URL token secret it is the rotation. */
export async function connectHorreum(
  deps: ConnectDeps,
  project: ProjectConfig,
  jobId: string | undefined,
): Promise<Connected[]> {
  const tests = testsOf(project, jobId);
  const event = eventFor(await deps.horreum.getVersion());
  const connected: Connected[] = [];
  for (const [testId, jobs] of tests)
    connected.push({ jobs, testId, event, ...(await connectTest(deps, project, testId, event)) });
  return connected;
}

/** Two jobs may share a test. */
function testsOf(project: ProjectConfig, jobId: string | undefined): Map<string, string[]> {
  const jobs = Object.entries(project.jobs).filter(([id]) => jobId === undefined || id === jobId);
  if (jobs.length === 0)
    throw new UserError(
      `There is no job ${jobId} in ${project.repoFullName}. Jobs: ${Object.keys(project.jobs).join(', ')}`,
    );
  const tests = new Map<string, string[]>();
  for (const [id, { datastoreConfig }] of jobs)
    if (datastoreConfig)
      tests.set(datastoreConfig.testId, [...(tests.get(datastoreConfig.testId) ?? []), id]);
  if (tests.size === 0)
    throw new UserError(
      `${jobId ?? project.repoFullName} has no Horreum test. Set datastoreConfig.testId in the project file.`,
    );
  return tests;
}

async function connectTest(
  { publicUrl, tokenSecrets, horreum }: ConnectDeps,
  { projectId }: ProjectConfig,
  testId: string,
  event: string,
) {
  const [secret] = tokenSecrets;
  if (secret === undefined) throw new UserError(NO_TOKEN_SECRET);
  const url = horreumUrl(publicUrl, secret, projectId, testId, event);
  const needsTester = `The project’s Horreum key must belong to a user with the role tester in the team that owns test ${testId}`;
  const actions = await withRemedy(needsTester, () => horreum.listActions(Number(testId)));
  const kept = actions.find((action) => action.url === url && action.event === event && action.active);
  const allowedSite = kept ? undefined : await allow(horreum, url, `${new URL(publicUrl).origin}/`);
  if (!kept)
    await withRemedy(needsTester, () => horreum.createAction({ testId: Number(testId), event, url }));
  // Only now: until the new one exists, the old one may still be needed.
  const outOfDate = actions.filter((action) => action !== kept && isOurs(action, projectId, testId, event));
  for (const { id } of outOfDate) await horreum.deleteAction(id);
  return {
    url: maskUrlTokens(url),
    outcome: kept ? ('was registered' as const) : ('registered' as const),
    removed: outOfDate.length,
    ...(allowedSite === undefined ? {} : { allowedSite }),
  };
}

/** Whatever its address and token are, the URL names the project, the test and the event. */
function isOurs(action: HorreumAction, projectId: string, testId: string, event: string): boolean {
  return action.event === event && action.url.includes(`/horreum/${projectId}.${testId}.`);
}

/** Horreum compares the beginning of the URL as text. */
async function allow(horreum: HorreumAdmin, url: string, prefix: string): Promise<string | undefined> {
  const sites = await horreum.listAllowedSites();
  if (sites.some((site) => site.prefix !== '' && url.startsWith(site.prefix))) return undefined;
  await withRemedy(
    `Horreum does not allow URLs that begin with ${prefix} yet, and only an admin can change that. In Horreum, open Administration, then Actions, and add the prefix ${prefix}`,
    () => horreum.allowSite(prefix),
  );
  return prefix;
}

/** A right that the key lacks is for the operator to give. */
function withRemedy<Value>(remedy: string, act: () => Promise<Value>): Promise<Value> {
  return act().catch(
    onStatus([401, 403], ({ status }) => {
      throw new UserError(`Horreum answered ${status}. ${remedy}.`);
    }),
  );
}
