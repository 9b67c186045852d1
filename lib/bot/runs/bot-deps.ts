/** Lists everything that the bot can reach. lib/wiring puts it together, or a test. */
import type { GitHubAsApp, GitHubOf } from '../../github/github.ts';
import type { Datastore } from '../../horreum/datastore.ts';
import type { Log } from '../../log.ts';
import type { JobExecutor } from '../../perflab/job-executor.ts';
import type { CommandMessage, Queue, RunMessage } from '../record/messages.ts';
import type { JobDef, ProjectConfig } from '../projects/project-config.ts';
import type { ProjectStore } from '../projects/project-store.ts';
import type { RunStore } from '../record/run-store.ts';

export interface BotSettings {
  /** The word that starts a command: `/perf-bot`. */
  readonly prompt: string;
  /** For jobs that name no limit of their own. */
  readonly runTimeoutMs: number;
  readonly resultsTimeoutMs: number;
  /** A command older than this is answered, not run. */
  readonly commandMaxAgeMs: number;
  /** A next look that is at least this far away is left to the sweeper. */
  readonly sweepIntervalMs: number;
}

export interface BotDeps {
  readonly runs: RunStore;
  readonly projects: ProjectStore;
  readonly gitHubOf: GitHubOf;
  readonly gitHubAsApp: GitHubAsApp;
  /** The lab of this job, with its credentials. */
  readonly executorOf: (project: ProjectConfig, job: JobDef) => Promise<JobExecutor>;
  /** Shows what may be written in this repository: a public one gets the values of PUBLIC uploads only. */
  readonly datastoreOf: (
    project: ProjectConfig,
    repository: { readonly private: boolean },
  ) => Promise<Datastore>;
  readonly commandQueue: Queue<CommandMessage>;
  readonly runQueue: Queue<RunMessage>;
  readonly settings: BotSettings;
  readonly log: Log;
  /** A number for the operator's alarms. */
  readonly countMetric: (name: 'RunsPastDeadline', value: number) => void;
  readonly nowMs: () => number;
}
