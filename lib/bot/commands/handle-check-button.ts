/** Handles a click on a button of a check run, or on GitHub's own "Re-run": the person's access is checked again. */
import { runKeyOfAttempt } from '../../run-name.ts';
import type { GitHubEvent } from '../../github/events.ts';
import { UpstreamError } from '../../http/upstream-error.ts';
import type { BotDeps } from '../runs/bot-deps.ts';
import { UserError } from '../record/errors.ts';
import { checkAccess } from '../projects/access.ts';
import type { ProjectConfig } from '../projects/project-config.ts';
import type { JobRun } from '../record/job-run.ts';
import { reconcileRun } from '../runs/reconcile.ts';
import type { CommandContext } from './command-context.ts';
import { isFork } from './checks-before-start.ts';
import { startRun } from './start-run.ts';

export type CheckButtonEvent = Extract<GitHubEvent, { kind: 'check-button' }>;

export async function handleCheckButton(
  deps: BotDeps,
  event: CheckButtonEvent,
  project: ProjectConfig,
  deliveryId: string,
): Promise<void> {
  const runKey = runKeyOfAttempt(event.runKey);
  const run = runKey === undefined ? undefined : await deps.runs.get(runKey);
  if (!run || run.repository.id !== event.repository.id)
    return deps.log.info('a button was clicked for a run that does not exist', { runKey: event.runKey });
  const gitHub = deps.gitHubOf(event.installationId);
  const right = event.identifier === 'recheck' ? 'read' : event.identifier === 'ack' ? 'maintain' : 'run';
  const access = event.sender.isBot
    ? undefined
    : await checkAccess(gitHub, project, project.jobs[run.jobId], right, event.sender, event.repository);
  if (!access?.allowed)
    return deps.log.info('a button was clicked by somebody without the right', {
      runKey: run.runKey,
      login: event.sender.login,
    });
  switch (event.identifier) {
    case 'recheck':
      return reconcileRun(deps, run.runKey, { change: { kind: 'recheck' } });
    case 'ack':
      return acknowledgeAll(deps, run, event);
    case 'rerun':
    case 'rerequested':
      return runAgain(deps, event, project, run, deliveryId);
    default:
      return deps.log.warn('an unknown button was clicked', { identifier: event.identifier.slice(0, 40) });
  }
}

async function acknowledgeAll(deps: BotDeps, run: JobRun, { sender }: CheckButtonEvent): Promise<void> {
  const worse = (run.report?.rows ?? []).filter(
    ({ verdict, acknowledged }) => verdict === 'worse' && !acknowledged,
  );
  for (const { name } of worse) {
    await reconcileRun(deps, run.runKey, {
      change: {
        kind: 'acknowledge',
        metric: name,
        by: sender.login,
        reason: 'acknowledged with the check’s button',
      },
    });
  }
}

async function runAgain(
  deps: BotDeps,
  event: CheckButtonEvent,
  project: ProjectConfig,
  run: JobRun,
  deliveryId: string,
): Promise<void> {
  const job = project.jobs[run.jobId];
  if (run.subject.kind !== 'pull-request' || !job) return;
  const { number } = run.subject;
  const gitHub = deps.gitHubOf(event.installationId);
  const pull = await gitHub.getPullRequest(event.repository, number);
  const context: CommandContext = {
    deps,
    gitHub,
    project,
    repository: event.repository,
    installationId: event.installationId,
    number,
    person: event.sender,
    trigger: { kind: 'button', id: deliveryId, atMs: deps.nowMs() },
    ordinal: 0,
    pull: () => Promise.resolve(pull),
    seen: () => undefined,
  };
  if (pull.state !== 'open') return;
  const measured = isFork(context, pull) ? { ...pull, headSha: run.headSha } : pull;
  try {
    await startRun(context, { jobId: run.jobId, job, pull: measured, given: run.arguments, again: true });
  } catch (error) {
    if (error instanceof UserError || (error instanceof UpstreamError && !error.retryable))
      return deps.log.info('a click started nothing', { error });
    throw error;
  }
}
