/** `ack METRIC "reason"`: accepts a slower metric; recorded, shown, and the check turns. It holds until the metric is measured anew. */
import { UserError } from '../errors.ts';
import { checkAccess, rulesFor } from '../projects/access.ts';
import { code } from '../reports/markdown.ts';
import { reconcileRun } from '../runs/reconcile.ts';
import type { Answer, CommandContext } from './command-context.ts';
import { nearest } from './nearest.ts';
import type { Command } from './parse-command.ts';
import { runsOfPullRequest } from './pick-run.ts';
import { refuse } from './refuse.ts';

export async function ack(context: CommandContext, command: Command): Promise<Answer> {
  const { deps, project, gitHub, person, repository } = context;
  const access = await checkAccess(gitHub, project, undefined, 'maintain', person, repository);
  if (!access.allowed) return refuse(context, access.missing, rulesFor(project, undefined));
  const [metric = '', ...reasonWords] = command.words;
  const reason = reasonWords.join(' ').trim();
  if (reason === '')
    throw new UserError(
      `An acknowledgement needs a reason. Copy: ${code(`${deps.settings.prompt} ack ${metric} "why it is acceptable"`)}`,
    );
  const runs = await runsOfPullRequest(context);
  const current = runs.filter(
    (run, index) => runs.findIndex(({ jobId }) => jobId === run.jobId) === index && run.state === 'reported',
  );
  const worse = current.flatMap((run) =>
    (run.report?.rows ?? []).filter(({ verdict }) => verdict === 'worse').map((row) => ({ run, row })),
  );
  const found = worse.filter(({ row }) => row.name === metric || row.title === metric);
  if (found.length === 0) {
    const names = [...new Set(worse.map(({ row }) => row.name))];
    const near = nearest(metric, names);
    const known =
      names.length === 0
        ? 'No metric of this pull request is slower than its limit.'
        : `Slower: ${names
            .slice(0, 20)
            .map((name) => code(name))
            .join(' · ')}${near === undefined ? '' : ` - did you mean ${code(near)}?`}`;
    throw new UserError(`### ❓ ${code(metric, 80)} is not slower here\n${known}`);
  }
  const change = { kind: 'acknowledge', metric, by: person.login, reason } as const;
  await Promise.all(
    [...new Set(found.map(({ run }) => run.runKey))].map((runKey) => reconcileRun(deps, runKey, { change })),
  );
  return { reaction: '+1' };
}
