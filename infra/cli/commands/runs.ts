/** `runs list|show|retry` and `dlq list|replay`: shows runs and dead letters, and moves them on. */
import { stringify } from 'yaml';
import type { DeadLetter } from '../../../lib/bot/operator/dead-letters.ts';
import type { RunSummary } from '../../../lib/bot/operator/operate-runs.ts';
import { counted } from '../../../lib/bot/text/numbers.ts';
import { CliError } from '../cli-error.ts';
import { repositoryPath, type CliContext } from '../cli-context.ts';
import { showAge, showTable } from '../show.ts';

export async function listRuns(
  context: CliContext,
  repository: string | undefined,
  { pr }: { readonly pr?: string },
): Promise<void> {
  if (pr !== undefined && (repository === undefined || !/^[1-9]\d*$/.test(pr)))
    throw new CliError('--pr takes the number of a pull request, and needs OWNER/REPO.', 2);
  if (repository !== undefined) repositoryPath(repository);
  const query = {
    ...(repository === undefined ? {} : { repository }),
    ...(pr === undefined ? {} : { pull: pr }),
  };
  const admin = await context.admin();
  const runs = (await admin({ method: 'GET', path: ['admin', 'runs'], query })) as RunSummary[];
  const rows = runs.map((run) => [
    run.runKey,
    run.state,
    showAge(run.ageSeconds),
    `${run.repository}${run.subject.startsWith('#') ? '' : '@'}${run.subject}`,
    run.job,
    run.requestedBy.join(', '),
  ]);
  context.print(
    runs,
    rows.length === 0
      ? pr === undefined
        ? 'There are no open runs.'
        : 'This pull request has no runs.'
      : showTable(['RUN', 'STATE', 'AGE', 'WHERE', 'JOB', 'REQUESTED BY'], rows),
  );
}

export async function showRun(context: CliContext, runKey: string): Promise<void> {
  const run = await (await context.admin())({ method: 'GET', path: ['admin', 'runs', runKey] });
  context.print(run, stringify(run).trimEnd());
}

export async function retryRun(context: CliContext, runKey: string): Promise<void> {
  const admin = await context.admin();
  const run = (await admin({ method: 'POST', path: ['admin', 'runs', runKey, 'retry'] })) as RunSummary;
  context.print({ ok: true, run }, `Looking at ${run.runKey} (${run.state}) again.`);
}

export async function listDeadLetters(context: CliContext): Promise<void> {
  const letters = await readLetters(context);
  const rows = letters.map(({ messageId, queue, diedAtMs, body }) => [
    messageId,
    queue,
    new Date(diedAtMs).toISOString(),
    body.replaceAll(/\s+/g, ' ').slice(0, 60),
  ]);
  context.print(
    letters,
    rows.length === 0 ? 'There are no dead letters.' : showTable(['MESSAGE', 'QUEUE', 'DIED', 'BODY'], rows),
  );
}

/** Sends one again by its id, or all. */
export async function replayDeadLetters(
  context: CliContext,
  messageId: string | undefined,
  { all }: { readonly all?: boolean },
): Promise<void> {
  if ((messageId === undefined) === !all) throw new CliError('Name one message, or pass --all.', 2);
  const ids =
    messageId === undefined ? (await readLetters(context)).map((letter) => letter.messageId) : [messageId];
  const admin = await context.admin();
  for (const id of ids) {
    context.progress(`Sending ${id} again …`);
    await admin({ method: 'POST', path: ['admin', 'dead-letters', id, 'replay'] });
  }
  context.print({ ok: true, replayed: ids }, `Sent ${counted(ids.length, 'message')} again.`);
}

async function readLetters(context: CliContext): Promise<DeadLetter[]> {
  return (await (
    await context.admin()
  )({ method: 'GET', path: ['admin', 'dead-letters'] })) as DeadLetter[];
}
