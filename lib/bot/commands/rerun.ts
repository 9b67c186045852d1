/** `rerun [RUN|failed]`: the same job and parameters again, on the present head. */
import { UserError } from '../record/errors.ts';
import { code } from '../text/markdown.ts';
import { hasEnded, type JobRun } from '../record/job-run.ts';
import { shortKey } from '../record/run-key.ts';
import type { Answer, CommandContext } from './command-context.ts';
import type { Command } from '../grammar/parse-command.ts';
import { runNamed, runsOfPullRequest } from './pick-run.ts';
import { refusalFor } from './refuse.ts';
import { checkIsOpen, checkIsRecent, checkNotPushedSince, isFork, startRun } from './run.ts';

export async function rerun(context: CommandContext, command: Command): Promise<Answer> {
  checkIsRecent(context, command);
  const [runs, pull] = await Promise.all([runsOfPullRequest(context), context.pull()]);
  const wanted = whichRuns(context, runs, command.words[0]);
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
    if (!job) throw new UserError(`The job ${code(jobId)} is no longer configured here.`);
    const ordinal = context.ordinal * 100;
    answers.push(await startRun({ ...context, ordinal }, { jobId, job, pull, given, again: true }));
  }
  const replies = answers.flatMap(({ reply }) => (reply === undefined ? [] : [reply]));
  return { reaction: 'eyes', ...(replies.length > 0 ? { reply: replies.join('\n\n') } : {}) };
}

function whichRuns({ deps }: CommandContext, runs: readonly JobRun[], name: string | undefined): JobRun[] {
  const { prompt } = deps.settings;
  if (name !== undefined && name.toLowerCase() !== 'failed') return [runNamed(runs, name)];
  const newest = runs.filter((run, index) => runs.findIndex(({ jobId }) => jobId === run.jobId) === index);
  if (name === undefined) {
    const [last, second] = newest.filter((run) => hasEnded(run));
    if (last && !second) return [last];
    if (!last && newest[0])
      throw new UserError(
        `${code(newest[0].jobId)} is still ${newest[0].state}. To stop it, copy: ${code(`${prompt} cancel ${shortKey(newest[0].runKey)}`)}`,
      );
    if (!last) throw new UserError(`Nothing was run here yet. Copy: ${code(`${prompt} list`)}`);
    throw new UserError(
      `More than one job was run; say which:\n${newest.map(({ runKey, jobId }) => `- ${code(`${prompt} rerun ${shortKey(runKey)}`)} (${code(jobId)})`).join('\n')}`,
    );
  }
  const failed = newest.filter(
    ({ state }) =>
      state === 'failed' || state === 'timed-out' || state === 'results-missing' || state === 'cancelled',
  );
  if (failed.length === 0)
    throw new UserError(`Nothing failed on this pull request. ${code(`${prompt} status`)} shows its runs.`);
  return failed;
}
