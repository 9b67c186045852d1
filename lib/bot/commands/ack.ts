/** `ack METRIC "REASON"`: accepts a slower metric until it is measured again; the report shows it and the check turns neutral. */
import { UserError } from '../record/errors.ts';
import { code } from '../text/markdown.ts';
import { newestOfEachJob, type JobRun } from '../record/job-run.ts';
import { reconcileRun } from '../runs/reconcile.ts';
import type { Answer, CommandContext } from './command-context.ts';
import { didYouMean } from '../text/nearest.ts';
import type { Command } from '../grammar/parse-command.ts';
import { runsOfPullRequest } from './find-named.ts';
import { rightsFor, refuse } from './job-rights.ts';

/** The reason is shown in the metric's row. */
const MOST_REASON_CHARS = 500;

export async function ack(context: CommandContext, command: Command): Promise<Answer> {
  const { deps, person } = context;
  const [metric = '', ...reasonWords] = command.words;
  const reason = reasonWords.join(' ').trim();
  if (reason === '')
    throw new UserError(
      `REASON is missing. Copy: ${code(`${deps.settings.prompt} ack ${metric} "why it is acceptable"`)}`,
    );
  if (reason.length > MOST_REASON_CHARS)
    throw new UserError(`A reason can have at most ${MOST_REASON_CHARS} characters. For more, link to it.`);
  const slower = slowerIn(await runsOfPullRequest(context));
  const found = slower.filter(({ row }) => row.name === metric || row.title === metric);
  const jobIds = found.length > 0 ? found.map(({ run }) => run.jobId) : [undefined];
  const { allowed, refused } = await rightsFor(context, 'maintain', jobIds);
  const [first] = refused;
  if (first && allowed.length === 0) return refuse(context, first);
  if (found.length === 0) throw notSlower(metric, [...new Set(slower.map(({ row }) => row.name))]);
  const change = { kind: 'acknowledge', metric, by: person.login, reason } as const;
  const accepted = found.filter(({ run }) => allowed.includes(run.jobId));
  const runKeys = new Set(accepted.map(({ run }) => run.runKey));
  await Promise.all([...runKeys].map((runKey) => reconcileRun(deps, runKey, { change })));
  if (refused.length === 0) return { reaction: '+1' };
  const left = refused.map(({ jobId = '' }) => code(jobId)).join(', ');
  return { reaction: '+1', reply: `Accepted, but not for ${left}: there you do not have the right.` };
}

/** The slower metrics of each job's newest run, newest first; a run without a report has none. */
function slowerIn(runs: readonly JobRun[]) {
  return newestOfEachJob(runs)
    .filter(({ state }) => state === 'reported')
    .flatMap((run) =>
      (run.report?.rows ?? []).filter(({ verdict }) => verdict === 'worse').map((row) => ({ run, row })),
    );
}

const MOST_NAMES = 20;

function notSlower(metric: string, slower: readonly string[]): UserError {
  const names = slower
    .slice(0, MOST_NAMES)
    .map((name) => code(name))
    .join(' · ');
  const known =
    slower.length === 0
      ? 'No metric of this pull request is slower than its limit allows.'
      : `${didYouMean(metric, slower)}Slower metrics: ${names}`;
  return new UserError(`### ❓ ${code(metric, 80)} is not slower here\n${known}`);
}
