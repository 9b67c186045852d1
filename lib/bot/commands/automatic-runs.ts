/** Starts the runs that a project's automatic rules ask for: on a label, an opened pull request, or a push to a branch. */
import type { PullRequest } from '../../github/github.ts';
import type { BotDeps } from '../runs/bot-deps.ts';
import { UserError } from '../record/errors.ts';
import { withoutBotsOwn } from '../projects/bots-parameters.ts';
import { jobParameters } from '../projects/job-parameters.ts';
import type { ProjectConfig } from '../projects/project-config.ts';
import { checkName } from '../reports/words/check-of-run.ts';
import { createRun, type RunRequest } from '../runs/create-run.ts';
import { hasEnded, subjectKeyOf, type RunSubject, type RunTrigger } from '../record/job-run.ts';
import { keys } from '../record/table-keys.ts';
import { reconcileRun, startFreshRun } from '../runs/reconcile.ts';
import { matchesPaths, rulesSetOffBy, type AutomaticEvent, type TriggeredRule } from './automatic-rules.ts';

export async function startAutomaticRuns(
  deps: BotDeps,
  event: AutomaticEvent,
  project: ProjectConfig,
): Promise<void> {
  const candidates = rulesSetOffBy(project, event);
  const needsPaths = candidates.some(({ rule }) => rule.paths !== undefined);
  const changed =
    event.kind === 'push'
      ? event.changedPaths
      : needsPaths
        ? await deps.gitHubOf(event.installationId).listChangedPaths(event.repository, event.number)
        : [];
  const triggered = candidates.filter(({ rule }) => matchesPaths(rule, changed));
  if (triggered.length === 0) return sayNothingApplies(deps, event, project);
  const pull =
    event.kind === 'push'
      ? undefined
      : await deps.gitHubOf(event.installationId).getPullRequest(event.repository, event.number);
  for (const one of triggered) {
    try {
      await startOne(deps, event, project, one, pull);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      deps.log.error('an automatic rule could not be carried out', { error, job: one.jobId });
    }
  }
}

async function startOne(
  deps: BotDeps,
  event: AutomaticEvent,
  project: ProjectConfig,
  triggered: TriggeredRule,
  pull: PullRequest | undefined,
): Promise<void> {
  const { jobId, job, rule, index } = triggered;
  const subject: RunSubject =
    event.kind === 'push'
      ? { kind: 'push', branch: event.branch }
      : { kind: 'pull-request', number: event.number, fromFork: event.fromFork };
  const given = Object.fromEntries(withoutBotsOwn(job, rule.parameters ?? {}));
  const request: RunRequest = {
    project,
    jobId,
    job,
    repository: event.repository,
    installationId: event.installationId,
    subject,
    headSha: event.headSha,
    baseRef: event.kind === 'push' ? event.branch : (pull?.baseRef ?? event.baseRef),
    ...(pull?.baseSha ? { baseSha: pull.baseSha } : {}),
    parameters: jobParameters(job, given, {
      repoFullName: event.repository.fullName,
      pullRequestNumber: event.kind === 'push' ? undefined : event.number,
      headSha: event.headSha,
    }),
    arguments: given,
    requestedBy: event.sender,
    automatic: true,
    trigger: triggerOf(deps, event, index),
    ordinal: index,
  };
  if (rule.cancelOlder) await cancelOlder(deps, request);
  const created = await createRun(deps, request, () => Promise.resolve());
  if (created.kind === 'fresh') await startFreshRun(deps, created.run);
}

function triggerOf(deps: BotDeps, event: AutomaticEvent, index: number): RunTrigger {
  const kind = event.kind === 'push' ? 'push' : event.action === 'labeled' ? 'label' : 'opened';
  return {
    kind,
    id: `${event.headSha}#${event.kind === 'push' ? event.branch : event.number}#${index}`,
    atMs: deps.nowMs(),
  };
}

async function cancelOlder(deps: BotDeps, request: RunRequest): Promise<void> {
  if (request.subject.kind !== 'pull-request') return;
  const runs = await deps.runs.listBySubject(subjectKeyOf(request), 40);
  const older = runs.filter(
    (run) =>
      run.jobId === request.jobId && run.automatic && !hasEnded(run) && run.headSha !== request.headSha,
  );
  const change = { kind: 'cancel', by: 'a newer push', why: 'superseded' } as const;
  await Promise.all(older.map(({ runKey }) => reconcileRun(deps, runKey, { change })));
}

/** Where the check is required, a pull request that no rule applies to must not wait for it for ever. */
async function sayNothingApplies(
  deps: BotDeps,
  event: AutomaticEvent,
  project: ProjectConfig,
): Promise<void> {
  const isNewHead = event.kind === 'pull-request' && event.action !== 'labeled';
  if (!project.check?.completeWhenNothingApplies || !isNewHead) return;
  const gitHub = deps.gitHubOf(event.installationId);
  const runs = await deps.runs.listBySubject(keys.pullRequest(event.repository.id, event.number), 40);
  const externalId = `none-${event.headSha}`;
  for (const jobId of Object.keys(project.jobs)) {
    const name = checkName(jobId);
    // GitHub shows the newest check of a name: a run that somebody asked for meanwhile must not be hidden.
    if (runs.some((run) => run.jobId === jobId && run.headSha === event.headSha)) continue;
    if (await gitHub.findCheckRun(event.repository, event.headSha, name, externalId)) continue;
    await gitHub.createCheckRun(event.repository, {
      name,
      headSha: event.headSha,
      externalId,
      status: 'completed',
      conclusion: 'neutral',
      title: 'Nothing to measure',
      summary: 'No automatic rule of this project applies to this pull request.',
    });
  }
}
