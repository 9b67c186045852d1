/** `cancel [RUN|all]`: stops a run, at the lab too. The people who asked for a run may always cancel it. */
import { UserError } from '../record/errors.ts';
import { code } from '../text/markdown.ts';
import { hasEnded, type JobRun } from '../record/job-run.ts';
import { reconcileRun } from '../runs/reconcile.ts';
import { shortKey } from '../record/run-key.ts';
import type { Answer, CommandContext } from './command-context.ts';
import type { Command } from '../grammar/parse-command.ts';
import { runNamed, runsOfPullRequest } from './find-named.ts';
import { refusalFor } from './job-rights.ts';

export async function cancel(context: CommandContext, command: Command): Promise<Answer> {
  const runs = await runsOfPullRequest(context);
  const wanted = runsToCancel(context, runs, command.words[0]);
  const others = wanted.filter(({ requestedBy }) => !requestedBy.some(({ id }) => id === context.person.id));
  const refusal = await refusalFor(
    context,
    'run',
    others.map(({ jobId }) => jobId),
  );
  if (refusal) return refusal;
  context.seen();
  const change = { kind: 'cancel', by: context.person.login, why: 'person' } as const;
  await Promise.all(wanted.map(({ runKey }) => reconcileRun(context.deps, runKey, { change })));
  return { reaction: 'eyes' };
}

function runsToCancel({ deps }: CommandContext, runs: readonly JobRun[], name: string | undefined): JobRun[] {
  const { prompt } = deps.settings;
  const open = runs.filter((run) => !hasEnded(run));
  if (name !== undefined && name.toLowerCase() !== 'all') {
    const run = runNamed(runs, name);
    if (hasEnded(run))
      throw new UserError(
        `Run ${code(shortKey(run.runKey))} has already ended (${run.state}). To measure again, copy: ${code(`${prompt} rerun ${shortKey(run.runKey)}`)}`,
      );
    return [run];
  }
  if (open.length === 0)
    throw new UserError(
      `No run is open on this pull request. To measure again, copy: ${code(`${prompt} rerun`)}`,
    );
  if (name === undefined && open.length > 1) {
    throw new UserError(
      `${open.length} runs are open. Copy the one that you mean:\n${open.map(({ runKey, jobId }) => `- ${code(`${prompt} cancel ${shortKey(runKey)}`)} (${code(jobId)})`).join('\n')}\n- ${code(`${prompt} cancel all`)}`,
    );
  }
  return open;
}
