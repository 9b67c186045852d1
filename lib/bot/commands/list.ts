/** `list`: shows the jobs of this repository with what one needs to know to run them. */
import { accessRulesOf, whatIsMissing } from '../projects/access.ts';
import { withoutBotsOwn } from '../projects/bots-parameters.ts';
import type { Param } from '../projects/job-schema.ts';
import { code, table, words } from '../text/markdown.ts';
import { formatDuration } from '../text/numbers.ts';
import type { Answer, CommandContext } from './command-context.ts';

export async function list(context: CommandContext): Promise<Answer> {
  const { project } = context;
  const rows = await Promise.all(
    Object.entries(project.jobs).map(async ([jobId, job]) => [
      code(jobId),
      words(job.description ?? job.name ?? ''),
      await usualDuration(context, jobId),
      withoutBotsOwn(job, job.configurableParams ?? {})
        .map(([name, param]) => parameter(name, param))
        .join('<br>') || 'none',
      whatIsMissing(accessRulesOf(project, job)),
    ]),
  );
  const columns = ['Job', 'Measures', 'Takes', 'Parameters', 'To run it you need'].map((title) => ({
    title,
    align: 'left' as const,
  }));
  return { reaction: 'eyes', reply: `### Jobs of ${code(project.repoFullName)}\n\n${table(columns, rows)}` };
}

function parameter(name: string, { description, values, pattern, default: standard }: Param): string {
  const allowed = values
    ? `: ${values
        .slice(0, 12)
        .map((value) => code(value))
        .join(' ')}`
    : pattern === undefined
      ? ''
      : `: matches ${code(pattern)}`;
  const otherwise = standard === undefined ? '' : `, default ${code(standard)}`;
  return `${code(name)}${allowed}${otherwise}${description === undefined ? '' : ` ${words(description, 120)}`}`;
}

/** The median of the last runs. */
export async function usualDuration({ deps, project }: CommandContext, jobId: string): Promise<string> {
  const durations = [...(await deps.runs.durations(project.projectId, jobId))].sort(
    (one, other) => one - other,
  );
  const median = durations[Math.floor((durations.length - 1) / 2)];
  return median === undefined ? 'not run yet' : `~${formatDuration(median)}`;
}
