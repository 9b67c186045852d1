/** Handles a pull request that was opened, pushed to, labelled or closed: starts automatic runs, cancels, or marks its report as out of date. */
import type { GitHubEvent } from '../../github/events.ts';
import type { GitHub } from '../../github/github.ts';
import { onRefusal } from '../../http/upstream-error.ts';
import type { BotDeps } from '../runs/bot-deps.ts';
import type { ProjectConfig } from '../projects/project-config.ts';
import { changeSubject } from '../record/change-record.ts';
import { hasEnded, newestOfEachJob } from '../record/job-run.ts';
import { keys } from '../record/table-keys.ts';
import { reconcileRun } from '../runs/reconcile.ts';
import { startAutomaticRuns } from './automatic-runs.ts';

export type PullRequestEvent = Extract<GitHubEvent, { kind: 'pull-request' }>;

export async function handlePullRequest(
  deps: BotDeps,
  event: PullRequestEvent,
  project: ProjectConfig,
): Promise<void> {
  const subjectKey = keys.pullRequest(event.repository.id, event.number);
  if (event.action === 'closed') {
    if (project.cancelOnClose !== false) await cancelRuns(deps, subjectKey);
    return;
  }
  if (event.action === 'synchronize') await noteNewHead(deps, event, subjectKey);
  await startAutomaticRuns(deps, event, project);
}

async function cancelRuns(deps: BotDeps, subjectKey: string): Promise<void> {
  const open = (await deps.runs.listBySubject(subjectKey, 100)).filter((run) => !hasEnded(run));
  const change = { kind: 'cancel', by: 'closing the pull request', why: 'closed' } as const;
  await Promise.all(open.map(({ runKey }) => reconcileRun(deps, runKey, { change })));
}

/** Remembers the new head and how far each report is behind it, then redraws the comment. */
async function noteNewHead(deps: BotDeps, event: PullRequestEvent, subjectKey: string): Promise<void> {
  const runs = await deps.runs.listBySubject(subjectKey, 40);
  const shown = newestOfEachJob(runs);
  const behind = await distances(deps, event, [...new Set(shown.map(({ headSha }) => headSha))]);
  const head = { headSha: event.headSha, headPushedAtMs: event.happenedAtMs, behind };
  await changeSubject(deps.runs, subjectKey, (subject) =>
    (subject.headPushedAtMs ?? 0) > event.happenedAtMs ? undefined : { ...subject, ...head },
  );
  const [newest] = shown;
  if (newest) await reconcileRun(deps, newest.runKey, { redraw: true });
}

async function distances(
  deps: BotDeps,
  event: PullRequestEvent,
  shas: readonly string[],
): Promise<Record<string, number | null>> {
  const gitHub = deps.gitHubOf(event.installationId);
  const measured = await Promise.all(
    shas.map(async (sha) => {
      if (sha === event.headSha) return [sha, 0] as const;
      return [sha, await commitsAhead(gitHub, event, sha)] as const;
    }),
  );
  return Object.fromEntries(measured);
}

/** Null after a rewrite of the branch, which may have removed the measured commit altogether. */
async function commitsAhead(gitHub: GitHub, event: PullRequestEvent, sha: string): Promise<number | null> {
  return gitHub
    .compareCommits(event.repository, sha, event.headSha)
    .then(({ status, aheadBy }) => (status === 'ahead' ? aheadBy : status === 'identical' ? 0 : null))
    .catch(onRefusal(() => null));
}
