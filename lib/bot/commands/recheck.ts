/** `recheck [RUN]`: looks at the lab and Horreum again now. */
import type { Command } from '../grammar/parse-command.ts';
import { hasEnded } from '../record/job-run.ts';
import { mayGetResults } from '../runs/change-run.ts';
import { reconcileRun } from '../runs/reconcile.ts';
import { code } from '../text/markdown.ts';
import type { Answer, CommandContext } from './command-context.ts';
import { noRunsYet, runNamed, runsOfPullRequest } from './find-named.ts';

export async function recheck(context: CommandContext, command: Command): Promise<Answer> {
  const { deps } = context;
  const runs = await runsOfPullRequest(context);
  const [name] = command.words;
  const run = name === undefined ? runs[0] : runNamed(runs, name);
  if (!run) throw noRunsYet(context);
  context.seen();
  await reconcileRun(deps, run.runKey, { change: { kind: 'recheck' } });
  if (!hasEnded(run) || mayGetResults(run)) return { reaction: 'eyes' };
  return {
    reaction: 'eyes',
    reply: `That run ended as ${run.state}, so there is nothing more to look for. To measure again, copy: ${code(`${deps.settings.prompt} rerun`)}`,
  };
}
