/** Checks what must be true before anything starts: the pull request is open, the command is recent, and the person has seen the commit. */
import type { PullRequest } from '../../github/github.ts';
import { lineToCopy } from '../grammar/copyable.ts';
import type { Command } from '../grammar/parse-command.ts';
import { UserError } from '../record/errors.ts';
import { keys } from '../record/table-keys.ts';
import { code } from '../text/markdown.ts';
import type { CommandContext } from './command-context.ts';

export function isFork({ repository }: CommandContext, pull: PullRequest): boolean {
  return pull.headRepositoryId !== repository.id;
}

export function checkIsOpen(pull: PullRequest): void {
  if (pull.state !== 'open')
    throw new UserError(
      `This pull request is ${pull.merged ? 'merged' : 'closed'}, so nothing is measured on it any more.`,
    );
}

/** GitHub re-sends a delivery for up to 7 days. A command that looks older than that has a wrong time, and counts as recent. */
const LONGEST_REDELIVERY_MS = 8 * 24 * 60 * 60_000;

/** A command that was lost for hours is answered, not carried out: nobody is waiting for it any more. */
export function checkIsRecent({ deps, trigger }: CommandContext, command: Command): void {
  const ageMs = deps.nowMs() - trigger.atMs;
  if (ageMs <= deps.settings.commandMaxAgeMs || ageMs > LONGEST_REDELIVERY_MS) return;
  const hours = Math.round(ageMs / 3_600_000);
  throw new UserError(
    `This command reached Perf Bot ${hours} h after it was written, so it was not carried out. If you still want it, copy: ${lineToCopy(deps.settings.prompt, command)}`,
  );
}

/**
 * A fork's commit that the person can't have seen is not measured; they are asked to look at it first. GitHub has no push times as
 * such: the later of the push's delivery and the fork's own `pushed_at` counts.
 */
export async function checkNotPushedSince(
  { deps, repository, number, trigger }: CommandContext,
  pull: PullRequest,
  wanted: readonly { readonly jobId: string; readonly given: Readonly<Record<string, string>> }[],
): Promise<void> {
  const subject = await deps.runs.getSubject(keys.pullRequest(repository.id, number));
  const deliveredAtMs = subject?.headSha === pull.headSha ? (subject.headPushedAtMs ?? 0) : 0;
  const pushedAtMs = Math.max(deliveredAtMs, pull.headRepositoryPushedAtMs ?? 0);
  const isGone = pull.headRepositoryId === undefined;
  const isApproved = subject?.approvedShas?.includes(pull.headSha) ?? false;
  if (isApproved || (!isGone && pushedAtMs <= trigger.atMs)) return;
  const fact = isGone
    ? 'Nothing was started: the fork of this pull request no longer exists'
    : 'Nothing was started: this fork was pushed to after your command';
  const exact = wanted.map(({ jobId, given }) =>
    lineToCopy(deps.settings.prompt, { name: 'run', words: [jobId, pull.headSha], pairs: given }),
  );
  throw new UserError(
    `### 🔎 ${fact}\nThe newest commit is now ${code(pull.headSha.slice(0, 12))}. Review it; to run exactly that commit, copy: ${exact.join(' · ')}`,
  );
}
