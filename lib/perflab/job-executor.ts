/** Describes a PerfLab as the bot sees it, whatever runs the jobs there: a folder for each platform implements it. */
import type { Finding } from '../finding.ts';

/** The platforms that a project file may name. */
export const PLATFORMS = ['jenkins', 'argo-workflows', 'argo-cd', 'github-actions', 'webhook'] as const;
export type Platform = (typeof PLATFORMS)[number];

/** The parameter that carries an attempt's name into the job, which puts it into its result. */
export const RUN_PARAMETER = 'PERF_BOT_RUN';

/**
 * Where a platform run is. `unstable`: it ran to its end but found something wrong. `lost`: the platform no longer knows it.
 * An end is said only when the platform has really ended it.
 */
export type PlatformPhase =
  'queued' | 'running' | 'succeeded' | 'unstable' | 'failed' | 'cancelled' | 'timed-out' | 'lost';

/** What is needed to find a platform run again; plain text, kept in the JobRun. Every id is a string, long numbers included. */
export interface PlatformRef {
  /** The place in the platform's queue (Jenkins: the queue item). */
  readonly queueId?: string;
  /** The run itself (Jenkins: the build number; Argo: the workflow's name; Actions: the run id). */
  readonly runId?: string;
  /** The page for people. Built from the configured base, never taken from an answer. */
  readonly url?: string;
}

/** One execution as the bot wants it. A repeated start sends exactly the same. */
export interface StartRequest {
  /** The name of this attempt, made before anything is sent: lowercase DNS-1123, at most 40 characters. */
  readonly attemptKey: string;
  /** The job's name at the platform (`platformJobId` of the project file). */
  readonly job: string;
  /** All parameters, `PERF_BOT_RUN` among them. */
  readonly parameters: Readonly<Record<string, string>>;
  /** When the attempt was first made, epoch ms; a platform run that began well before it is another's. */
  readonly requestedAtMs: number;
  /** Where the lab may say that the run ended. Only a `webhook` lab gets it with the start; other jobs have it configured. */
  readonly callbackUrl?: string | undefined;
  /** What is measured, for labs that want to know it apart from the parameters. */
  readonly subject?: MeasuredCommit | undefined;
}

export interface MeasuredCommit {
  /** `owner/name` */
  readonly repository: string;
  /** Absent for a run on a branch. */
  readonly pullRequest?: number | undefined;
  readonly commit: string;
}

export type StartResult =
  | {
      readonly kind: 'accepted';
      readonly ref: PlatformRef;
      /** Said to people, e.g. that PERF_BOT_RUN is not declared. */ readonly warning?: string;
    }
  /** Refused for good: trying again changes nothing until a person does. `message` is fit to be shown. */
  | { readonly kind: 'rejected'; readonly message: string }
  /** It may or may not have started: look with `find` before trying again. */
  | { readonly kind: 'unknown'; readonly message: string };

/** What the platform says of a run now. */
export interface PlatformState {
  readonly phase: PlatformPhase;
  /** The ref with what was learnt since, such as the build number. */
  readonly ref: PlatformRef;
  /** Why it waits or how it ended, in the platform's words, unescaped. */
  readonly reason?: string;
  /** Of a bad end: the lab says that the job is set up wrongly, so that it never began. */
  readonly fault?: 'configuration';
  /** Said to people beside a good end, e.g. that only the exit handler failed. */
  readonly warning?: string;
  /** 1 = next in line. */
  readonly queuePosition?: number;
  /** The stage or step that runs, or in which it failed. */
  readonly stage?: string;
  /** 0 to 1. */
  readonly progress?: number;
  readonly startedAtMs?: number;
  readonly finishedAtMs?: number;
  readonly estimatedDurationMs?: number;
}

export type Urgency = 'gentle' | 'firm' | 'kill';

export type CancelResult = 'requested' | 'already-finished' | 'not-found';

/** What `checkConnection` needs to know of a job. */
export interface JobToCheck {
  readonly job: string;
  /** The parameter names that the bot will send. */
  readonly parameterNames: readonly string[];
}

/**
 * A PerfLab. Every method throws UpstreamError when the platform can't be asked (retryable or not);
 * `start` never does after its request may have arrived: it answers `unknown` instead.
 */
export interface JobExecutor {
  readonly platform: Platform;
  /** What this platform can be asked; every one starts and cancels runs. */
  readonly can: {
    readonly find: boolean;
    readonly status: boolean;
    readonly logs: boolean;
  };
  /** Looks whether the connection works and the job can be started as configured; changes nothing. */
  checkConnection(job: JobToCheck): Promise<readonly Finding[]>;
  startJob(request: StartRequest): Promise<StartResult>;
  /** The platform run of this attempt, if one exists: asked after an unknown outcome. */
  findRun(request: StartRequest): Promise<PlatformRef | undefined>;
  getJobStatus(request: StartRequest, ref: PlatformRef): Promise<PlatformState>;
  /** Asks the platform to stop; the end shows in `getJobStatus`. `urgency` rises when a gentle stop was not obeyed. */
  cancelRun(request: StartRequest, ref: PlatformRef, urgency: Urgency): Promise<CancelResult>;
  /** The last lines of the run's log, at most `maxBytes` bytes, ANSI codes stripped; undefined where there is none. */
  logTail(request: StartRequest, ref: PlatformRef, maxBytes: number): Promise<string | undefined>;
}

/** How to reach one lab: made from the project's configuration and its secret. */
export interface LabConnection {
  /** Base URL, a context path kept, no trailing slash. */
  readonly baseUrl: string;
  readonly user?: string | undefined;
  /** API token, bearer token or signing secret. */
  readonly token?: string | undefined;
  /** What only this platform knows: namespace, application, repository, ref… */
  readonly settings: Readonly<Record<string, string>>;
}
