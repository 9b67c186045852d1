/** `approve SHA [JOB KEY=VALUE…]`: lets a trusted person run what others asked for on a fork's pull request, for exactly one commit and exactly the values that they name. */
import type { PullRequest } from '../../github/github.ts';
import { lineToCopy } from '../grammar/copyable.ts';
import type { Command } from '../grammar/parse-command.ts';
import { checkAccess } from '../projects/access.ts';
import { jobParameters } from '../projects/job-parameters.ts';
import { changeSubject } from '../record/change-record.ts';
import { UserError } from '../record/errors.ts';
import type { AskedFor } from '../record/run-store.ts';
import { keys } from '../record/table-keys.ts';
import { code, words } from '../text/markdown.ts';
import { checkIsOpen, checkIsRecent } from './checks-before-start.ts';
import type { Answer, CommandContext } from './command-context.ts';
import { refuse, rightsFor } from './job-rights.ts';
import { asksFor, forgetRequests } from './remember-request.ts';
import { whatIsSent } from './show-parameters.ts';
import { startRun } from './start-run.ts';

export async function approve(context: CommandContext, command: Command): Promise<Answer> {
  const { deps, project, repository, number } = context;
  checkIsRecent(context, command);
  const [{ refused }, pull] = await Promise.all([
    rightsFor(context, 'maintain', [undefined]),
    context.pull(),
  ]);
  if (refused[0]) return refuse(context, refused[0]);
  checkIsOpen(pull);
  const [sha = '', jobId] = command.words;
  checkIsHead(context, pull, sha);
  const subjectKey = keys.pullRequest(repository.id, number);
  const requests = (await deps.runs.getSubject(subjectKey))?.askedFor ?? [];
  const approved = requests.filter((request) =>
    jobId === undefined
      ? Object.keys(request.arguments).length === 0
      : asksFor(request, jobId, command.pairs),
  );
  if (jobId !== undefined && approved.length === 0)
    throw new UserError(
      `Nobody waits for ${code(jobId, 80)} with these values. To run it yourself, copy: ${lineToCopy(deps.settings.prompt, { name: 'run', words: [jobId, pull.headSha], pairs: command.pairs })}`,
    );
  await changeSubject(deps.runs, subjectKey, (subject) => {
    if (subject.approvedShas?.includes(pull.headSha)) return undefined;
    return { ...subject, approvedShas: [...(subject.approvedShas ?? []), pull.headSha].slice(-50) };
  });
  const outcomes: { readonly waits: boolean; readonly says: string }[] = [];
  for (const request of approved) outcomes.push(await startUnlessRefused(context, request, pull));
  const others = jobId === undefined ? requests.filter((request) => !approved.includes(request)) : [];
  await forgetRequests(
    context,
    approved.filter((_, index) => outcomes[index]?.waits === false),
  );
  const parts = [
    ...new Set(outcomes.map(({ says }) => says)),
    ...others.map((one) => asking(context, one, pull)),
  ];
  if (parts.length > 0) return { reaction: 'eyes', reply: parts.join('\n\n') };
  return {
    reaction: 'eyes',
    reply: `${code(pull.headSha.slice(0, 12))} is approved, but nobody has asked for a job yet. Copy: ${code(`${deps.settings.prompt} run ${Object.keys(project.jobs)[0] ?? 'JOB'}`)}`,
  };
}

/** The line that approves exactly this request: values that somebody chose are written out in it. */
export function approvalOf(
  prompt: string,
  { headSha }: PullRequest,
  jobId: string,
  given: Readonly<Record<string, string>>,
): string {
  const named = Object.keys(given).length > 0;
  return lineToCopy(prompt, { name: 'approve', words: named ? [headSha, jobId] : [headSha], pairs: given });
}

/** Markdown for a request with values of its own that nobody has approved yet. */
function asking(context: CommandContext, { jobId, arguments: given, person }: AskedFor, pull: PullRequest) {
  const asked = `${words(person.login)} asks for ${code(jobId)} with other values.`;
  try {
    const { sent } = requested(context, jobId, given, pull);
    const line = approvalOf(context.deps.settings.prompt, pull, jobId, given);
    return `${asked} ${sent}\n\nTo approve exactly that, copy: ${line}`;
  } catch (error) {
    if (error instanceof UserError) return `${asked} That can no longer be started: ${error.message}`;
    throw error;
  }
}

/** Throws UserError where the job is gone or takes these values no longer. */
function requested(
  { project, repository, number }: CommandContext,
  jobId: string,
  given: Readonly<Record<string, string>>,
  { headSha }: PullRequest,
) {
  const job = project.jobs[jobId];
  if (!job) throw new UserError(`Job ${code(jobId)} is no longer configured here.`);
  const measured = { repoFullName: repository.fullName, pullRequestNumber: number, headSha };
  return { job, sent: whatIsSent(jobId, job, jobParameters(job, given, measured)) };
}

/** Two commits can be made to begin alike, so that the other one is pushed after the first was reviewed: only the full SHA counts. */
function checkIsHead({ deps }: CommandContext, { headSha }: PullRequest, named: string): void {
  const sha = named.toLowerCase();
  if (sha === headSha) return;
  const copy = code(`${deps.settings.prompt} approve ${headSha}`);
  if (!/^[0-9a-f]{7,40}$/.test(sha))
    throw new UserError(`${code(sha, 50)} is not a commit SHA. Copy: ${copy}`);
  if (headSha.startsWith(sha))
    throw new UserError(`Use the full commit SHA. If this is the commit that you reviewed, copy: ${copy}`);
  throw new UserError(
    `${code(sha)} is not the newest commit of this pull request; that is ${code(headSha.slice(0, 12))}. Review it first, then copy: ${copy}`,
  );
}

/** `waits`: somebody else, or a later try, may still start it. The job may have rules of its own, and one request must not hold up the others. */
async function startUnlessRefused(
  context: CommandContext,
  request: AskedFor,
  pull: PullRequest,
): Promise<{ readonly waits: boolean; readonly says: string }> {
  const { gitHub, project, person, repository } = context;
  const { jobId, arguments: given } = request;
  const access = await checkAccess(gitHub, project, project.jobs[jobId], 'run', person, repository);
  if (!access.allowed)
    return { waits: true, says: `${code(jobId)} is still waiting: it needs ${access.missing}.` };
  let startable = false;
  try {
    const { job, sent } = requested(context, jobId, given, pull);
    startable = true;
    const answer = await startRun(
      {
        ...context,
        trigger: { ...context.trigger, id: `${request.commentId}@${pull.headSha}` },
        person: { ...request.person, isBot: false },
        ordinal: request.ordinal,
      },
      { jobId, job, pull, given },
    );
    return { waits: false, says: `Approved for ${words(request.person.login)}: ${answer.reply ?? sent}` };
  } catch (error) {
    if (error instanceof UserError) return { waits: startable, says: error.message };
    throw error;
  }
}
