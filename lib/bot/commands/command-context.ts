/** What a command is given, and what it answers with: the types that every command shares. */
import type { GitHub, Person, PullRequest, Reaction } from '../../github/github.ts';
import type { Command } from '../grammar/parse-command.ts';
import type { ProjectConfig } from '../projects/project-config.ts';
import type { RunTrigger } from '../record/job-run.ts';
import type { BotDeps } from '../runs/bot-deps.ts';

export interface CommandContext {
  readonly deps: BotDeps;
  readonly gitHub: GitHub;
  readonly project: ProjectConfig;
  readonly repository: { readonly id: number; readonly fullName: string; readonly private: boolean };
  readonly installationId: number;
  /** The pull request's. */
  readonly number: number;
  readonly person: Person & { readonly isBot: boolean };
  readonly trigger: RunTrigger;
  /** Position of this command among those of its trigger. */
  readonly ordinal: number;
  /** The pull request as it is on GitHub now; read once for all commands of a comment. */
  readonly pull: () => Promise<PullRequest>;
  /** Sends 👀 to the comment without waiting for it; the caller waits for it at the end. */
  readonly seen: () => void;
}

export interface Answer {
  readonly reaction: Reaction;
  /** Markdown of a reply; absent where the status comment or the check run is the answer. */
  readonly reply?: string;
}

export type CommandHandler = (context: CommandContext, command: Command) => Promise<Answer>;
