/** Finds commands that GitHub did not deliver: asks for failed deliveries again, and reads recent comments. */
import { counterKeys } from '../record/table-keys.ts';
import type { ListedComment } from '../../github/github.ts';
import { onUpstreamError } from '../../http/upstream-error.ts';
import type { BotDeps } from '../runs/bot-deps.ts';
import type { ProjectConfig } from '../projects/project-config.ts';
import { commandLines } from '../grammar/command-lines.ts';
import { learnRepository } from './find-project.ts';

const LOOK_EVERY_MS = 5 * 60_000;
/** A delivery has this long to arrive before it is looked for. */
const PATIENCE_MS = 2 * 60_000;
const DELIVERIES_BACK_MS = 6 * 60 * 60_000;
const MOST_REDELIVERIES = 100;
/** Projects whose comments are listed in one sweep; the next sweep continues with others. */
const PROJECTS_A_SWEEP = 30;
const ACTED_ON = [
  'issue_comment',
  'pull_request',
  'check_run',
  'push',
  'workflow_run',
  'installation',
  'installation_repositories',
  'repository',
];

/** Looks at most every five minutes, however many sweepers run. */
export async function findLostCommands(deps: BotDeps): Promise<void> {
  const nowMs = deps.nowMs();
  const slot = Math.floor(nowMs / LOOK_EVERY_MS);
  if (!(await deps.runs.countUpTo(counterKeys.lookForLost(slot), 1, nowMs + 24 * 60 * 60_000))) return;
  const [projects] = await Promise.all([
    deps.projects.list(),
    tolerating(deps, 'failed deliveries', () => redeliverFailed(deps, nowMs)),
  ]);
  const groups = Math.max(1, Math.ceil(projects.length / PROJECTS_A_SWEEP));
  const mine = projects.filter((_, index) => index % groups === slot % groups);
  for (const project of mine)
    await tolerating(deps, 'recent comments', () => findCommands(deps, project, nowMs, groups));
}

async function tolerating(deps: BotDeps, what: string, act: () => Promise<void>): Promise<void> {
  await act().catch(onUpstreamError((error) => deps.log.warn(`${what} could not be looked at`, { error })));
}

/** An event counts as delivered when any attempt of it was answered well; GitHub itself never tries twice. */
async function redeliverFailed(deps: BotDeps, nowMs: number): Promise<void> {
  const deliveries = await deps.gitHubAsApp.listDeliveries(nowMs - DELIVERIES_BACK_MS);
  const delivered = new Set(deliveries.filter(({ succeeded }) => succeeded).map(({ guid }) => guid));
  const failed = deliveries.filter(
    ({ guid, event, deliveredAtMs }) =>
      !delivered.has(guid) && ACTED_ON.includes(event) && deliveredAtMs < nowMs - PATIENCE_MS,
  );
  const newestOfEach = failed.filter(
    ({ guid }, index) => failed.findIndex((other) => other.guid === guid) === index,
  );
  for (const { id, guid, event } of newestOfEach.slice(0, MOST_REDELIVERIES)) {
    if (!(await deps.runs.countUpTo(counterKeys.redelivered(guid), 3, nowMs + 4 * 24 * 60 * 60_000)))
      continue;
    await deps.gitHubAsApp.redeliver(id);
    deps.log.info('a failed delivery is asked for again', { event, delivery: guid });
  }
}

async function findCommands(
  deps: BotDeps,
  project: ProjectConfig,
  nowMs: number,
  groups: number,
): Promise<void> {
  const known = await withRepository(deps, project);
  if (known?.repositoryId === undefined || known.installationId === undefined) return;
  const { repositoryId, installationId } = known;
  const repository = { id: repositoryId, fullName: project.repoFullName };
  const lookBackMs = Math.min(deps.settings.commandMaxAgeMs, (groups + 1) * LOOK_EVERY_MS + PATIENCE_MS);
  const comments = await deps.gitHubOf(installationId).listRecentComments(repository, nowMs - lookBackMs);
  for (const comment of comments.filter((one) => mayBeLost(deps, project, one, nowMs))) {
    if ((await deps.runs.counted(counterKeys.handled(repositoryId, comment.id))) > 0 || !comment.author)
      continue;
    deps.log.warn('a command that never came as a delivery', {
      repository: repository.fullName,
      comment: comment.id,
    });
    const { id, body, url, createdAtMs, number, onPullRequest, author } = comment;
    await deps.commandQueue.send({
      version: 1,
      deliveryId: `found-${id}`,
      delivery: {
        kind: 'comment',
        repository: { ...repository, private: known.isPrivate ?? true },
        installationId,
        number,
        onPullRequest,
        comment: { id, body, url, createdAtMs },
        author,
      },
    });
  }
}

/** A project whose first delivery was lost knows its repository only by name: GitHub is asked for the rest, once. */
async function withRepository(deps: BotDeps, project: ProjectConfig): Promise<ProjectConfig | undefined> {
  if (project.repositoryId !== undefined && project.installationId !== undefined) return project;
  const found = await deps.gitHubAsApp.findInstalledRepository(project.repoFullName);
  // Another name is another repository's, or was this one's before: a delivery will tell.
  if (found?.fullName.toLowerCase() !== project.repoFullName.toLowerCase()) return undefined;
  if (project.repositoryId !== undefined && project.repositoryId !== found.id) return undefined;
  const { installationId, ...repository } = found;
  return learnRepository(deps.projects, project, { repository, installationId });
}

/** Only unedited comments with a command, written after the project was stored and not long ago: nothing old ever runs. */
function mayBeLost(deps: BotDeps, project: ProjectConfig, comment: ListedComment, nowMs: number): boolean {
  const ageMs = nowMs - comment.createdAtMs;
  return (
    !comment.isEdited &&
    comment.author?.isBot === false &&
    comment.createdAtMs >= project.activatedAtMs &&
    ageMs >= PATIENCE_MS &&
    ageMs <= deps.settings.commandMaxAgeMs &&
    commandLines(comment.body, deps.settings.prompt).length > 0
  );
}
