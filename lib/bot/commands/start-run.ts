/** Starts a run that somebody may have: charges it to the quotas, makes its record or joins an equal one, and starts the job. */
import type { PullRequest } from '../../github/github.ts';
import { jobParameters } from '../projects/job-parameters.ts';
import type { JobDef } from '../projects/project-config.ts';
import { UserError } from '../record/errors.ts';
import { hasEnded, type JobRun } from '../record/job-run.ts';
import { counterKeys } from '../record/table-keys.ts';
import { createRun } from '../runs/create-run.ts';
import { openRunKeys } from '../runs/open-runs.ts';
import { reconcileRun, startFreshRun } from '../runs/reconcile.ts';
import { code } from '../text/markdown.ts';
import { counted } from '../text/numbers.ts';
import { isFork } from './checks-before-start.ts';
import type { Answer, CommandContext } from './command-context.ts';

export interface WantedRun {
  readonly jobId: string;
  readonly job: JobDef;
  readonly pull: PullRequest;
  readonly given: Readonly<Record<string, string>>;
  /** A new run is wanted, even if an equal one ended in the meantime. */
  readonly again?: boolean;
}

/** Sends 👀 and starts the job side by side. */
export async function startRun(
  context: CommandContext,
  { jobId, job, pull, given, again = false }: WantedRun,
): Promise<Answer> {
  const { deps, project, repository, number } = context;
  const parameters = jobParameters(job, given, {
    repoFullName: repository.fullName,
    pullRequestNumber: number,
    headSha: pull.headSha,
  });
  const created = await createRun(
    deps,
    {
      project,
      jobId,
      job,
      repository,
      installationId: context.installationId,
      subject: { kind: 'pull-request', number, fromFork: isFork(context, pull) },
      headSha: pull.headSha,
      baseRef: pull.baseRef,
      ...(pull.baseSha === '' ? {} : { baseSha: pull.baseSha }),
      parameters,
      arguments: given,
      requestedBy: context.person,
      automatic: false,
      trigger: context.trigger,
      ordinal: context.ordinal,
      again,
    },
    () => chargeQuota(context),
  );
  context.seen();
  switch (created.kind) {
    case 'fresh':
      await startFreshRun(deps, created.run);
      return { reaction: 'eyes' };
    case 'repeated':
      if (!hasEnded(created.run))
        await deps.runQueue.send({ version: 1, kind: 'look', runKey: created.run.runKey }, 1);
      return { reaction: 'eyes' };
    case 'joined':
      return join(context, created.run);
  }
}

async function join({ deps, person }: CommandContext, equal: JobRun): Promise<Answer> {
  const { jobId, state } = equal;
  const { checkRunUrl } = equal.published;
  if (hasEnded(equal))
    return {
      reaction: 'eyes',
      reply: `${code(jobId)} was measured for this commit with the same parameters after you asked: ${checkRunUrl === undefined ? `it is ${state}` : `[it is ${state}](${checkRunUrl})`}.`,
    };
  const change = { kind: 'join', person: { id: person.id, login: person.login } } as const;
  if (!equal.requestedBy.some(({ id }) => id === person.id))
    await reconcileRun(deps, equal.runKey, { change });
  const follow = checkRunUrl === undefined ? '' : ` [Follow it here](${checkRunUrl}).`;
  return {
    reaction: 'eyes',
    reply: `${code(jobId)} is already ${state} for this commit with the same parameters. You joined that run and are notified when there is a verdict.${follow}`,
  };
}

const DAY_MS = 24 * 60 * 60_000;

/** Throws UserError when a quota of the person, the bot or the project is used up. */
async function chargeQuota({ deps, project, person }: CommandContext): Promise<void> {
  const { runsAtATime, runsPerPersonPerDay, runsPerBotPerDay = 0 } = project.quotas ?? {};
  if (runsAtATime !== undefined) {
    const open = await openRunKeys(deps.runs, project, runsAtATime);
    if (open.length >= runsAtATime)
      throw new UserError(
        `This project already has ${open.length} of at most ${runsAtATime} runs open. ${code(`${deps.settings.prompt} queue`)} shows them.`,
      );
  }
  const limit = person.isBot ? runsPerBotPerDay : runsPerPersonPerDay;
  if (limit === undefined) return;
  const nowMs = deps.nowMs();
  const day = new Date(nowMs).toISOString().slice(0, 10);
  const quotaKey = counterKeys.quota(project.projectId, person.id, day);
  if (await deps.runs.countUpTo(quotaKey, limit, nowMs + 2 * DAY_MS)) return;
  throw new UserError(`Your quota of ${counted(limit, 'run')} a day is used up. It is reset at 00:00 UTC.`);
}
