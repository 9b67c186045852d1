/** `queue`: what waits or runs at the lab for this project. */
import { code } from '../text/markdown.ts';
import { hasEnded } from '../record/job-run.ts';
import type { Answer, CommandContext } from './command-context.ts';
import { runTable } from './status.ts';

const MOST_SHOWN = 30;

export async function queue({ deps, project, repository }: CommandContext): Promise<Answer> {
  const keys = (
    await Promise.all(
      Object.keys(project.jobs).map((jobId) => deps.runs.listOpen(project.projectId, jobId, MOST_SHOWN)),
    )
  ).flat();
  const runs = (await Promise.all(keys.slice(0, MOST_SHOWN).map((runKey) => deps.runs.get(runKey)))).filter(
    (run) => run !== undefined && !hasEnded(run),
  );
  const open = runs
    .filter((run) => run !== undefined)
    .sort((one, other) => one.createdAtMs - other.createdAtMs);
  if (open.length === 0)
    return { reaction: 'eyes', reply: `Nothing waits or runs for ${code(repository.fullName)}.` };
  return {
    reaction: 'eyes',
    reply: `### Open runs of ${code(repository.fullName)}, oldest first\n\n${runTable(open, deps.nowMs())}`,
  };
}
