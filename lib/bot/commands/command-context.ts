/** What a command is carried out with, and what it answers. */
import type { GitHub, Person, PullRequest, Reaction } from '../../github/github.ts';
import type { BotDeps } from '../runs/bot-deps.ts';
import { UserError } from '../record/errors.ts';
import type { JobDef, ProjectConfig } from '../projects/project-config.ts';
import { code } from '../text/markdown.ts';
import { formatDuration } from '../text/numbers.ts';
import type { RunTrigger } from '../record/job-run.ts';
import type { Command } from '../grammar/parse-command.ts';
import { nearest } from '../text/nearest.ts';
import { own } from '../../json.ts';

export interface CommandContext {
  readonly deps: BotDeps;
  readonly gitHub: GitHub;
  readonly project: ProjectConfig;
  readonly repository: { readonly id: number; readonly fullName: string; readonly private: boolean };
  readonly installationId: number;
  readonly number: number;
  readonly person: Person & { readonly isBot: boolean };
  readonly trigger: RunTrigger;
  /** Position of this command among those of its trigger. */
  readonly ordinal: number;
  /** The pull request as GitHub has it now; read once for all commands of a comment. */
  readonly pull: () => Promise<PullRequest>;
  /** Sends 👀 to the comment without being waited for; the caller sees to it in the end. */
  readonly seen: () => void;
}

export interface Answer {
  readonly reaction: Reaction;
  /** Markdown of a reply; absent where the status comment or the check run is the answer. */
  readonly reply?: string;
}

export type CommandHandler = (context: CommandContext, command: Command) => Promise<Answer>;

/** The job of this name; a wrong name is a UserError with the nearest one and a line to copy, never a guess. */
export function findJob(
  { project, deps }: CommandContext,
  name: string,
  command: string,
): { jobId: string; job: JobDef } {
  const job = own(project.jobs, name);
  if (job) return { jobId: name, job };
  const jobIds = Object.keys(project.jobs);
  const near = nearest(name, jobIds);
  const guess = near === undefined ? '' : ` - did you mean ${code(near)}?`;
  const list = jobIds
    .slice(0, 20)
    .map((jobId) => code(jobId))
    .join(' · ');
  const copy = near === undefined ? '' : `\nCopy: ${code(`${deps.settings.prompt} ${command} ${near}`)}`;
  throw new UserError(`### ❓ No job ${code(name, 60)} here${guess}\nJobs: ${list}${copy}`);
}

export async function usualDuration({ deps, project }: CommandContext, jobId: string): Promise<string> {
  const durations = [...(await deps.runs.durations(project.projectId, jobId))].sort(
    (one, other) => one - other,
  );
  const median = durations[Math.floor((durations.length - 1) / 2)];
  return median === undefined ? 'not run yet' : `~${formatDuration(median)}`;
}
