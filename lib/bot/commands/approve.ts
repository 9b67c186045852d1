/** `approve SHA`: a trusted person lets the jobs asked for on a fork's pull request run for exactly that commit. */
import { UserError } from '../record/errors.ts';
import { checkAccess, accessRulesOf } from '../projects/access.ts';
import { code } from '../text/markdown.ts';
import { changeSubject } from '../record/change-record.ts';
import { keys } from '../record/table-keys.ts';
import type { AskedFor } from '../record/run-store.ts';
import type { Answer, CommandContext } from './command-context.ts';
import type { Command } from '../grammar/parse-command.ts';
import { refuse } from './refuse.ts';
import { checkIsOpen, checkIsRecent, startRun } from './run.ts';

export async function approve(context: CommandContext, command: Command): Promise<Answer> {
  const { deps, project, gitHub, person, repository, number } = context;
  const { prompt } = deps.settings;
  checkIsRecent(context, command);
  const [access, pull] = await Promise.all([
    checkAccess(gitHub, project, undefined, 'maintain', person, repository),
    context.pull(),
  ]);
  if (!access.allowed) return refuse(context, access.missing, accessRulesOf(project, undefined));
  checkIsOpen(pull);
  const sha = (command.words[0] ?? '').toLowerCase();
  if (!/^[0-9a-f]{7,40}$/.test(sha))
    throw new UserError(`${code(sha, 50)} is no commit. Copy: ${code(`${prompt} approve ${pull.headSha}`)}`);
  if (!pull.headSha.startsWith(sha)) {
    throw new UserError(
      `${code(sha)} is not the newest commit of this pull request: that is ${code(pull.headSha.slice(0, 12))}. Look at it first; then copy: ${code(`${prompt} approve ${pull.headSha}`)}`,
    );
  }
  // Somebody who makes two commits can make both begin alike, and push the other one after the first was seen.
  if (sha !== pull.headSha)
    throw new UserError(
      `An approval needs the whole name of the commit. If this is the one that you looked at, copy: ${code(`${prompt} approve ${pull.headSha}`)}`,
    );
  const subjectKey = keys.pullRequest(repository.id, number);
  const wishes = (await deps.runs.getSubject(subjectKey))?.askedFor ?? [];
  await changeSubject(deps.runs, subjectKey, (subject) => {
    if (subject.approvedShas?.includes(pull.headSha)) return undefined;
    return { ...subject, approvedShas: [...(subject.approvedShas ?? []), pull.headSha].slice(-50) };
  });
  const kept: AskedFor[] = [];
  const refusals: string[] = [];
  for (const wish of wishes) {
    const refusal = await refusalOf(context, wish, pull);
    if (refusal === undefined) continue;
    kept.push(wish);
    refusals.push(refusal);
  }
  await changeSubject(deps.runs, subjectKey, ({ askedFor: _granted, ...subject }) =>
    kept.length > 0 ? { ...subject, askedFor: kept } : subject,
  );
  if (refusals.length > 0) return { reaction: 'eyes', reply: [...new Set(refusals)].join('\n') };
  if (wishes.length > 0) return { reaction: 'eyes' };
  return {
    reaction: 'eyes',
    reply: `${code(pull.headSha.slice(0, 12))} is approved, but nobody had asked for a job. Copy: ${code(`${prompt} run ${Object.keys(project.jobs)[0] ?? 'JOB'}`)}`,
  };
}

/** Starts what was asked for; Markdown if it can't be: the job may have rules of its own, and one wish must not hold up the others. */
async function refusalOf(
  context: CommandContext,
  wish: AskedFor,
  pull: Awaited<ReturnType<CommandContext['pull']>>,
): Promise<string | undefined> {
  const { gitHub, project, person, repository } = context;
  const access = await checkAccess(gitHub, project, project.jobs[wish.jobId], 'run', person, repository);
  if (!access.allowed) return `${code(wish.jobId)} waits on: it needs ${access.missing}.`;
  try {
    await startWish(context, wish, pull);
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

async function startWish(
  context: CommandContext,
  wish: AskedFor,
  pull: Awaited<ReturnType<CommandContext['pull']>>,
): Promise<void> {
  const job = context.project.jobs[wish.jobId];
  if (!job) return;
  const trigger = { ...context.trigger, id: `${wish.commentId}@${pull.headSha}` };
  const person = { ...wish.person, isBot: false };
  await startRun(
    { ...context, trigger, person, ordinal: wish.ordinal },
    { jobId: wish.jobId, job, pull, given: wish.arguments },
  );
}
