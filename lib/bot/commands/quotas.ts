/** How much one person, one bot and one project may have running: charged before a run is created. */
import { counterKeys } from '../record/table-keys.ts';
import { UserError } from '../record/errors.ts';
import { code } from '../text/markdown.ts';
import type { CommandContext } from './command-context.ts';
import { counted } from '../text/numbers.ts';

const DAY_MS = 24 * 60 * 60_000;

/** Throws UserError when a quota is used up. */
export async function chargeQuota(context: CommandContext): Promise<void> {
  const { deps, project, person } = context;
  const { runsAtATime, runsPerPersonPerDay, runsPerBotPerDay = 0 } = project.quotas ?? {};
  if (runsAtATime !== undefined) {
    const open = (
      await Promise.all(
        Object.keys(project.jobs).map((jobId) => deps.runs.listOpen(project.projectId, jobId, runsAtATime)),
      )
    ).flat();
    if (open.length >= runsAtATime)
      throw new UserError(
        `${open.length} of ${runsAtATime} runs of this project are open already. ${code(`${deps.settings.prompt} queue`)} shows them.`,
      );
  }
  const limit = person.isBot ? runsPerBotPerDay : runsPerPersonPerDay;
  if (limit === undefined) return;
  const nowMs = deps.nowMs();
  const day = new Date(nowMs).toISOString().slice(0, 10);
  const expiresAtMs = nowMs + 2 * DAY_MS;
  if (await deps.runs.countUpTo(counterKeys.quota(project.projectId, person.id, day), limit, expiresAtMs))
    return;
  throw new UserError(
    `Your quota of ${counted(limit, 'run')} a day is used up; it starts anew at 00:00 UTC.`,
  );
}
