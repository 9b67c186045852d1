/** `run JOB [KEY=VALUE…] [SHA]`: measures the pull request at exactly the commit that the person saw. */
import type { PullRequest } from '../../github/github.ts';
import { UserError } from '../record/errors.ts';
import { checkAccess, accessRulesOf } from '../projects/access.ts';
import { allowsParameters, jobParameters } from '../projects/job-parameters.ts';
import type { JobDef } from '../projects/project-config.ts';
import { lineToCopy } from '../grammar/copyable.ts';
import { code } from '../text/markdown.ts';
import { createRun } from '../runs/create-run.ts';
import { hasEnded, type JobRun } from '../record/job-run.ts';
import { keys } from '../record/table-keys.ts';
import { reconcileRun, startFreshRun } from '../runs/reconcile.ts';
import { findJob, type Answer, type CommandContext } from './command-context.ts';
import type { Command } from '../grammar/parse-command.ts';
import { chargeQuota } from './quotas.ts';
import { askedFor, refuse } from './refuse.ts';

export async function run(context: CommandContext, command: Command): Promise<Answer> {
  const [name = '', namedSha] = command.words;
  const { jobId, job } = findJob(context, name, 'run');
  checkIsRecent(context, command);
  const [access, pull] = await Promise.all([
    checkAccess(context.gitHub, context.project, job, 'run', context.person, context.repository),
    context.pull(),
  ]);
  const forked = isFork(context, pull);
  if (!access.allowed) {
    const wish = {
      jobId,
      arguments: command.pairs,
      person: context.person,
      commentId: context.trigger.commentId ?? 0,
      ordinal: context.ordinal,
    };
    if (forked && allowsParameters(job, command.pairs)) await askedFor(context, wish);
    return refuse(
      context,
      access.missing,
      accessRulesOf(context.project, job),
      forked ? pull.headSha : undefined,
    );
  }
  checkIsOpen(pull);
  if (namedSha !== undefined) checkSha(context, pull, namedSha, command);
  // The beginning of a name is that of many commits, and a fork's author may have made another.
  if (forked && namedSha?.toLowerCase() !== pull.headSha)
    await checkNotPushedSince(context, pull, [{ jobId, given: command.pairs }]);
  return startRun(context, { jobId, job, pull, given: command.pairs });
}

export interface WantedRun {
  readonly jobId: string;
  readonly job: JobDef;
  readonly pull: PullRequest;
  readonly given: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** A run that ended in the meantime is no answer: another one is what is wanted. */
  readonly again?: boolean;
}

/** Everything is decided: makes the record, sends 👀 and starts the job side by side. */
export async function startRun(
  context: CommandContext,
  { jobId, job, pull, given, timeoutMs, again = false }: WantedRun,
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
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
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

async function join({ deps, person }: CommandContext, open: JobRun): Promise<Answer> {
  if (hasEnded(open))
    return {
      reaction: 'eyes',
      reply: `${code(open.jobId)} was measured for this commit with the same parameters after you had asked for it: ${open.published.checkRunUrl === undefined ? `it is ${open.state}` : `[it is ${open.state}](${open.published.checkRunUrl})`}.`,
    };
  const change = { kind: 'join', person: { id: person.id, login: person.login } } as const;
  if (!open.requestedBy.some(({ id }) => id === person.id)) await reconcileRun(deps, open.runKey, { change });
  const follow =
    open.published.checkRunUrl === undefined ? '' : ` [Follow it here](${open.published.checkRunUrl}).`;
  return {
    reaction: 'eyes',
    reply: `${code(open.jobId)} is already ${open.state} for this commit with the same parameters. You joined it and will be told when there is a verdict.${follow}`,
  };
}

export function isFork({ repository }: CommandContext, pull: PullRequest): boolean {
  return pull.headRepositoryId !== repository.id;
}

export function checkIsOpen(pull: PullRequest): void {
  if (pull.state !== 'open')
    throw new UserError(
      `This pull request is ${pull.merged ? 'merged' : 'closed'}: nothing is measured on it any more.`,
    );
}

/** GitHub re-sends a delivery for up to 7 days; a stamp beyond that is no late delivery but a clock that says nothing. */
const LONGEST_REDELIVERY_MS = 8 * 24 * 60 * 60_000;

/** A command that was lost for hours is answered, not run: nobody waits for it any more. */
export function checkIsRecent({ deps, trigger }: CommandContext, command: Command): void {
  const ageMs = deps.nowMs() - trigger.atMs;
  if (ageMs <= deps.settings.commandMaxAgeMs || ageMs > LONGEST_REDELIVERY_MS) return;
  const hours = Math.round(ageMs / 3_600_000);
  throw new UserError(
    `This command reached me ${hours} h after it was written, so I did not carry it out. If you still want it, copy: ${lineToCopy(deps.settings.prompt, command)}`,
  );
}

function checkSha({ deps }: CommandContext, pull: PullRequest, named: string, command: Command): void {
  if (/^[0-9a-f]{7,40}$/i.test(named) && pull.headSha.startsWith(named.toLowerCase())) return;
  const newest = { ...command, words: [command.words[0] ?? '', pull.headSha.slice(0, 7)] };
  throw new UserError(
    `${code(named, 50)} is not the newest commit of this pull request (${code(pull.headSha.slice(0, 7))}).\nCopy: ${lineToCopy(deps.settings.prompt, newest)}`,
  );
}

/**
 * A fork's commit that the person can't have seen is asked about, not run. GitHub tells no push times as such: the newest of
 * the delivery that told of the push and the fork's own `pushed_at` counts.
 */
export async function checkNotPushedSince(
  context: CommandContext,
  pull: PullRequest,
  wanted: readonly Pick<WantedRun, 'jobId' | 'given'>[],
): Promise<void> {
  const { deps, repository, number, trigger } = context;
  const subject = await deps.runs.getSubject(keys.pullRequest(repository.id, number));
  const toldAtMs = subject?.headSha === pull.headSha ? (subject.headPushedAtMs ?? 0) : 0;
  const pushedAtMs = Math.max(toldAtMs, pull.headRepositoryPushedAtMs ?? 0);
  const isGone = pull.headRepositoryId === undefined;
  const isApproved = subject?.approvedShas?.includes(pull.headSha) ?? false;
  if (isApproved || (!isGone && pushedAtMs <= trigger.atMs)) return;
  const why = isGone
    ? 'The fork of this pull request is gone'
    : 'This fork was pushed to after you wrote that';
  const exact = wanted.map(({ jobId, given }) =>
    lineToCopy(deps.settings.prompt, { name: 'run', words: [jobId, pull.headSha], pairs: given }),
  );
  throw new UserError(
    `### 🔎 ${why}, so I did not start anything\nIts newest commit is now ${code(pull.headSha.slice(0, 12))}. Look at it; to run exactly that, copy: ${exact.join(' · ')}`,
  );
}
