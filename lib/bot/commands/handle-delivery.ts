/** One signed delivery of [commands]: finds its project and hands it to what acts on it. */
import type { AccountEvent, Delivery, EventOrigin } from '../../github/events.ts';
import type { BotDeps } from '../runs/bot-deps.ts';
import { unreachable } from '../record/errors.ts';
import type { CommandMessage } from '../record/messages.ts';
import type { ProjectConfig } from '../projects/project-config.ts';
import { handleAccountEvent } from './handle-account-event.ts';
import { readProjectsOnce } from '../projects/project-store.ts';
import { reconcileRun } from '../runs/reconcile.ts';
import { startAutomaticRuns } from './automatic-runs.ts';
import { handleCheckButton } from './handle-check-button.ts';
import { handleComment } from './handle-comment.ts';
import { handlePullRequest } from './handle-pull-request.ts';
import { learnRepository } from './learn-repository.ts';

export async function handleDelivery(
  given: BotDeps,
  message: CommandMessage,
  isRetry: boolean,
): Promise<void> {
  const deps = { ...given, projects: readProjectsOnce(given.projects) };
  const { delivery, deliveryId } = message;
  if (isAccountEvent(delivery)) return handleAccountEvent(deps, delivery);
  // Somebody waits for 👀: the installation's token is fetched while the project is looked up.
  if (delivery.kind === 'comment') deps.gitHubOf(delivery.installationId);
  const project = await projectOf(deps, delivery);
  switch (delivery.kind) {
    case 'comment':
      return handleComment(deps, delivery, project, isRetry);
    case 'pull-request':
      return project && handlePullRequest(deps, delivery, project);
    case 'check-button':
      return project && handleCheckButton(deps, delivery, project, deliveryId);
    case 'push':
      return project && startAutomaticRuns(deps, delivery, project);
    case 'platform-run': {
      const attempt = /\bpb-[a-z2-7]{26}/.exec(delivery.displayTitle)?.[0];
      return attempt === undefined ? undefined : reconcileRun(deps, attempt, { hintedAtMs: deps.nowMs() });
    }
    default:
      return unreachable(delivery);
  }
}

function isAccountEvent(delivery: Delivery): delivery is AccountEvent {
  return (
    delivery.kind === 'installation' ||
    delivery.kind === 'installation-repositories' ||
    delivery.kind === 'repository'
  );
}

/**
 * The project of a repository, by its id where that is known. The first signed delivery teaches a project its repository's id;
 * from then on another repository that got the same name is not it.
 */
async function projectOf(
  deps: BotDeps,
  { repository, installationId }: EventOrigin,
): Promise<ProjectConfig | undefined> {
  const byId = await deps.projects.getByRepositoryId(repository.id);
  const project = byId ?? (await deps.projects.getByName(repository.fullName));
  if (!project) return undefined;
  if (project.repositoryId !== undefined && project.repositoryId !== repository.id) {
    deps.log.warn('another repository now has the name of a project', {
      repository: repository.fullName,
      projectId: project.projectId,
    });
    return undefined;
  }
  return learnRepository(deps.projects, project, { repository, installationId });
}
