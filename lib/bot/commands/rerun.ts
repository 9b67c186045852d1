/** `rerun [RUN|failed]`: runs the same job with the same parameters again, on the newest commit. */
import { UserError } from '../record/errors.ts';
import { code } from '../text/markdown.ts';
import { hasEnded, newestOfEachJob, type JobRun } from '../record/job-run.ts';
import { shortKey } from '../record/run-key.ts';
import type { Answer, CommandContext } from './command-context.ts';
import type { Command } from '../grammar/parse-command.ts';
import { noRunsYet, runNamed, runsOfPullRequest } from './find-named.ts';
import { refusalFor } from './job-rights.ts';
import { checkIsOpen, checkIsRecent, checkNotPushedSince, isFork } from './checks-before-start.ts';
import { startRun } from './start-run.ts';

export async function rerun(context: CommandContext, command: Command): Promise<Answer> {
  checkIsRecent(context, command);
  const [runs, pull] = await Promise.all([runsOfPullRequest(context), context.pull()]);
  const wanted = runsToRepeat(context, runs, command.words[0]);
  const refusal = await refusalFor(
    context,
    'run',
    wanted.map(({ jobId }) => jobId),
  );
  if (refusal) return refusal;
  checkIsOpen(pull);
  if (isFork(context, pull))
    await checkNotPushedSince(
      context,
      pull,
      wanted.map(({ jobId, arguments: given }) => ({ jobId, given })),
    );
  const answers: Answer[] = [];
  for (const { jobId, arguments: given } of wanted) {
    const job = context.project.jobs[jobId];
    if (!job) throw new UserError(`Job ${code(jobId)} is no longer configured here.`);
    const ordinal = context.ordinal * 100;
    answers.push(await startRun({ ...context, ordinal }, { jobId, job, pull, given, again: true }));
  }
  const replies = answers.flatMap(({ reply }) => (reply === undefined ? [] : [reply]));
  return { reaction: 'eyes', ...(replies.length > 0 ? { reply: replies.join('\n\n') } : {}) };
}

function runsToRepeat(context: CommandContext, runs: readonly JobRun[], name: string | undefined): JobRun[] {
  const { prompt } = context.deps.settings;
  if (name !== undefined && name.toLowerCase() !== 'failed') return [runNamed(runs, name)];
  const newest = newestOfEachJob(runs);
  if (name === undefined) {
    const [last, second] = newest.filter((run) => hasEnded(run));
    if (last && !second) return [last];
    if (!last && newest[0])
      throw new UserError(
        `${code(newest[0].jobId)} is still ${newest[0].state}. To stop it, copy: ${code(`${prompt} cancel ${shortKey(newest[0].runKey)}`)}`,
      );
    if (!last) throw noRunsYet(context);
    throw new UserError(
      `More than one job has run. Copy the one that you mean:\n${newest.map(({ runKey, jobId }) => `- ${code(`${prompt} rerun ${shortKey(runKey)}`)} (${code(jobId)})`).join('\n')}`,
    );
  }
  const failed = newest.filter(
    ({ state }) =>
      state === 'failed' || state === 'timed-out' || state === 'results-missing' || state === 'cancelled',
  );
  if (failed.length === 0)
    throw new UserError(
      `No run of this pull request has failed. ${code(`${prompt} status`)} shows its runs.`,
    );
  return failed;
}
