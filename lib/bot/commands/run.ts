/** `run JOB [KEY=VALUE…] [SHA]`: measures the pull request at exactly the commit that the person saw. */
import type { PullRequest } from '../../github/github.ts';
import { lineToCopy } from '../grammar/copyable.ts';
import type { Command } from '../grammar/parse-command.ts';
import { checkAccess, accessRulesOf } from '../projects/access.ts';
import { allowsParameters, jobParameters } from '../projects/job-parameters.ts';
import type { JobDef } from '../projects/project-config.ts';
import { UserError } from '../record/errors.ts';
import { code } from '../text/markdown.ts';
import { approvalOf } from './approve.ts';
import { checkIsOpen, checkIsRecent, checkNotPushedSince, isFork } from './checks-before-start.ts';
import type { Answer, CommandContext } from './command-context.ts';
import { jobNamed } from './find-named.ts';
import { refuse } from './job-rights.ts';
import { rememberRequest } from './remember-request.ts';
import { whatIsSent } from './show-parameters.ts';
import { startRun } from './start-run.ts';

export async function run(context: CommandContext, command: Command): Promise<Answer> {
  const [name = '', namedSha] = command.words;
  const { jobId, job } = jobNamed(context, name, 'run');
  checkIsRecent(context, command);
  const [access, pull] = await Promise.all([
    checkAccess(context.gitHub, context.project, job, 'run', context.person, context.repository),
    context.pull(),
  ]);
  const forked = isFork(context, pull);
  if (!access.allowed) {
    const rights = { missing: access.missing, rules: accessRulesOf(context.project, job) };
    if (!forked) return refuse(context, rights);
    if (!allowsParameters(job, command.pairs))
      return refuse(context, rights, { line: approvalOf(context.deps.settings.prompt, pull, jobId, {}) });
    const isNew = await rememberRequest(context, jobId, command.pairs);
    return refuse(context, rights, { ...whatToApprove(context, jobId, job, pull, command), isNew });
  }
  checkIsOpen(pull);
  if (namedSha !== undefined) checkIsNewest(context, pull, namedSha, command);
  // Many commits can share the beginning of a SHA, and a fork's author can make one that does.
  if (forked && namedSha?.toLowerCase() !== pull.headSha)
    await checkNotPushedSince(context, pull, [{ jobId, given: command.pairs }]);
  return startRun(context, { jobId, job, pull, given: command.pairs });
}

/** What the approver has to see: every value that would reach the lab, and the line that approves exactly these. */
function whatToApprove(
  { deps, repository, number }: CommandContext,
  jobId: string,
  job: JobDef,
  pull: PullRequest,
  { pairs }: Command,
) {
  const measured = {
    repoFullName: repository.fullName,
    pullRequestNumber: number,
    headSha: pull.headSha,
  };
  return {
    line: approvalOf(deps.settings.prompt, pull, jobId, pairs),
    sent: whatIsSent(jobId, job, jobParameters(job, pairs, measured)),
  };
}

function checkIsNewest({ deps }: CommandContext, pull: PullRequest, named: string, command: Command): void {
  if (/^[0-9a-f]{7,40}$/i.test(named) && pull.headSha.startsWith(named.toLowerCase())) return;
  const newest = { ...command, words: [command.words[0] ?? '', pull.headSha.slice(0, 7)] };
  throw new UserError(
    `${code(named, 50)} is not the newest commit of this pull request (${code(pull.headSha.slice(0, 7))}).\nCopy: ${lineToCopy(deps.settings.prompt, newest)}`,
  );
}
