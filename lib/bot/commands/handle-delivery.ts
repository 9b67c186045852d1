/** Handles one signed delivery from the commands queue: finds its project and hands both to what acts on this kind of event. */
import { runKeyIn } from '../../run-name.ts';
import type { AccountEvent, Delivery } from '../../github/events.ts';
import { readProjectsOnce } from '../projects/project-store.ts';
import { unreachable } from '../record/errors.ts';
import type { CommandMessage } from '../record/messages.ts';
import type { BotDeps } from '../runs/bot-deps.ts';
import { reconcileRun } from '../runs/reconcile.ts';
import { startAutomaticRuns } from './automatic-runs.ts';
import { findProject } from './find-project.ts';
import { handleAccountEvent } from './handle-account-event.ts';
import { handleCheckButton } from './handle-check-button.ts';
import { handleComment } from './handle-comment.ts';
import { handlePullRequest } from './handle-pull-request.ts';

export async function handleDelivery(
  given: BotDeps,
  { delivery, deliveryId }: CommandMessage,
  isRetry: boolean,
): Promise<void> {
  const deps = { ...given, projects: readProjectsOnce(given.projects) };
  if (isAccountEvent(delivery)) return handleAccountEvent(deps, delivery);
  if (delivery.kind === 'comment') {
    // Before the project is read: the client begins to fetch its token, and somebody is waiting for 👀.
    const gitHub = deps.gitHubOf(delivery.installationId);
    return handleComment(deps, gitHub, delivery, await findProject(deps, delivery), isRetry);
  }
  const project = await findProject(deps, delivery);
  switch (delivery.kind) {
    case 'pull-request':
      return project && handlePullRequest(deps, delivery, project);
    case 'check-button':
      return project && handleCheckButton(deps, delivery, project, deliveryId);
    case 'push':
      return project && startAutomaticRuns(deps, delivery, project);
    case 'platform-run': {
      const runKey = runKeyIn(delivery.displayTitle);
      return runKey === undefined ? undefined : reconcileRun(deps, runKey, { hintedAtMs: deps.nowMs() });
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
