/** `recheck [RUN]`: looks at the lab and Horreum again, now. */
import { UserError } from '../record/errors.ts';
import { code } from '../text/markdown.ts';
import { hasEnded } from '../record/job-run.ts';
import { reconcileRun } from '../runs/reconcile.ts';
import type { Answer, CommandContext } from './command-context.ts';
import type { Command } from '../grammar/parse-command.ts';
import { runNamed, runsOfPullRequest } from './pick-run.ts';

export async function recheck(context: CommandContext, command: Command): Promise<Answer> {
  const runs = await runsOfPullRequest(context);
  const [name] = command.words;
  const run = name === undefined ? runs[0] : runNamed(runs, name);
  if (!run)
    throw new UserError(`Nothing was run here yet. Copy: ${code(`${context.deps.settings.prompt} list`)}`);
  context.seen();
  await reconcileRun(context.deps, run.runKey, { change: { kind: 'recheck' } });
  const couldNotTell = run.state === 'reported' && run.report?.verdict === 'cannot-tell';
  const ended = hasEnded(run) && run.state !== 'results-missing' && !couldNotTell;
  return {
    reaction: 'eyes',
    ...(ended
      ? {
          reply: `That run ended as ${run.state}; there is nothing more to look for. To measure again, copy: ${code(`${context.deps.settings.prompt} rerun`)}`,
        }
      : {}),
  };
}
