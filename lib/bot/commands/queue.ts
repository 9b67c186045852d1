/** `queue`: shows what is waiting or running at the lab for this project. */
import { openRuns } from '../runs/open-runs.ts';
import { code } from '../text/markdown.ts';
import type { Answer, CommandContext } from './command-context.ts';
import { runTable } from './status.ts';

const MOST_SHOWN = 30;

export async function queue({ deps, project, repository }: CommandContext): Promise<Answer> {
  const open = (await openRuns(deps.runs, project, MOST_SHOWN, MOST_SHOWN)).sort(
    (one, other) => one.createdAtMs - other.createdAtMs,
  );
  const name = code(repository.fullName);
  if (open.length === 0) return { reaction: 'eyes', reply: `Nothing is waiting or running for ${name}.` };
  return {
    reaction: 'eyes',
    reply: `### Open runs of ${name}, oldest first\n\n${runTable(open, deps.nowMs())}`,
  };
}
