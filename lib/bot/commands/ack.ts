/** `ack METRIC "reason"`: accepts a slower metric; recorded, shown, and the check turns. It holds until the metric is measured anew. */
import { UserError } from '../record/errors.ts';
import { code } from '../text/markdown.ts';
import type { JobRun } from '../record/job-run.ts';
import { reconcileRun } from '../runs/reconcile.ts';
import type { Answer, CommandContext } from './command-context.ts';
import { nearest } from '../text/nearest.ts';
import type { Command } from '../grammar/parse-command.ts';
import { runsOfPullRequest } from './pick-run.ts';
import { accessToJobs, refuse } from './refuse.ts';

/** It stands in the row of the metric. */
const MOST_REASON_CHARS = 500;

export async function ack(context: CommandContext, command: Command): Promise<Answer> {
  const { deps, person } = context;
  const [metric = '', ...reasonWords] = command.words;
  const reason = reasonWords.join(' ').trim();
  if (reason === '')
    throw new UserError(
      `An acknowledgement needs a reason. Copy: ${code(`${deps.settings.prompt} ack ${metric} "why it is acceptable"`)}`,
    );
  if (reason.length > MOST_REASON_CHARS)
    throw new UserError(`A reason may have at most ${MOST_REASON_CHARS} characters: link what says more.`);
  const worse = slowerIn(await runsOfPullRequest(context));
  const found = worse.filter(({ row }) => row.name === metric || row.title === metric);
  const jobIds = found.length > 0 ? found.map(({ run }) => run.jobId) : [undefined];
  const { allowed, refused } = await accessToJobs(context, 'maintain', jobIds);
  const [first] = refused;
  if (first && allowed.length === 0) return refuse(context, first.missing, first.rules);
  if (found.length === 0) throw notSlower(metric, [...new Set(worse.map(({ row }) => row.name))]);
  const change = { kind: 'acknowledge', metric, by: person.login, reason } as const;
  const accepted = found.filter(({ run }) => allowed.includes(run.jobId));
  const runKeys = new Set(accepted.map(({ run }) => run.runKey));
  await Promise.all([...runKeys].map((runKey) => reconcileRun(deps, runKey, { change })));
  if (refused.length === 0) return { reaction: '+1' };
  const left = refused.map(({ jobId = '' }) => code(jobId)).join(', ');
  return { reaction: '+1', reply: `Accepted, but not for ${left}: that is for others to accept.` };
}

/** The slower metrics of each job's newest run, newest first; a run that has not been reported tells nothing. */
function slowerIn(runs: readonly JobRun[]) {
  return runs
    .filter((run, index) => runs.findIndex(({ jobId }) => jobId === run.jobId) === index)
    .filter(({ state }) => state === 'reported')
    .flatMap((run) =>
      (run.report?.rows ?? []).filter(({ verdict }) => verdict === 'worse').map((row) => ({ run, row })),
    );
}

const MOST_NAMES = 20;

function notSlower(metric: string, slower: readonly string[]): UserError {
  const near = nearest(metric, slower);
  const names = slower
    .slice(0, MOST_NAMES)
    .map((name) => code(name))
    .join(' · ');
  const known =
    slower.length === 0
      ? 'No metric of this pull request is slower than its limit.'
      : `Slower: ${names}${near === undefined ? '' : ` - did you mean ${code(near)}?`}`;
  return new UserError(`### ❓ ${code(metric, 80)} is not slower here\n${known}`);
}
