/** A run's record: one execution that somebody asked for, with all that is needed to finish it without GitHub's payload. */
import type { Person, RepositoryRef } from '../../github/github.ts';
import type { Platform, PlatformPhase, PlatformRef } from '../../perflab/job-executor.ts';
import type { Report } from './report.ts';
import { attemptKeyOf } from '../../run-name.ts';
import { keys } from './table-keys.ts';

/** Where a run can be, in the only order that it can go; the last five are ends. */
export const RUN_STATES = [
  'requested',
  'queued',
  'running',
  'uploaded',
  'reported',
  'failed',
  'cancelled',
  'timed-out',
  'results-missing',
] as const;
export type RunState = (typeof RUN_STATES)[number];

const FIRST_END = RUN_STATES.indexOf('reported');

/** What the run is about: a pull request, or a commit on a branch (a baseline). */
export type RunSubject =
  | { readonly kind: 'pull-request'; readonly number: number; readonly fromFork: boolean }
  | { readonly kind: 'push'; readonly branch: string };

export interface RunTrigger {
  readonly kind: 'comment' | 'button' | 'label' | 'push' | 'opened';
  readonly id: string;
  /** The comment to react to. */
  readonly commentId?: number;
  readonly atMs: number;
}

/** The platform's side of the present attempt. */
export interface PlatformRun {
  readonly attempt: number;
  /** When this attempt was first made; the same for all repeated starts of it. */
  readonly requestedAtMs: number;
  /** Starts whose outcome is not known. The first is counted before it is sent, so that a crash leaves a trace. */
  readonly unknownStarts: number;
  /** Looks that did not find the run anywhere, in a row and some seconds apart: a platform's list may lag behind. */
  readonly misses: number;
  /** When the last miss was counted, or a start was repeated. */
  readonly missedAtMs?: number;
  readonly ref?: PlatformRef;
  readonly phase?: PlatformPhase;
  readonly reason?: string;
  /** What the lab says beside a good end. */
  readonly warning?: string;
  readonly stage?: string;
  readonly progress?: number;
  readonly queuePosition?: number;
  readonly startedAtMs?: number;
  readonly endedAtMs?: number;
  readonly estimatedDurationMs?: number;
}

/** What an upload that was found still lacks: `answers` are those to the bot's own questions. */
export type WaitingFor = 'labels' | 'results' | 'answers';

/** The upload's side. */
export interface HorreumLeg {
  readonly testId: string;
  readonly viewId?: string;
  /** Uploads up to this id were there before the run was started, so none of them is its own. */
  readonly newestBefore?: number;
  /** Uploads that Horreum announced and of which nothing can be said yet. */
  readonly candidates?: readonly { readonly runId: number; readonly sinceMs: number }[];
  /** Why Horreum could not be asked, for the report if nothing comes. */
  readonly trouble?: string;
  /** When an upload was last looked for. */
  readonly lookedAtMs?: number;
  readonly runId?: number;
  readonly url?: string;
  readonly foundAtMs?: number;
  readonly readyAtMs?: number;
  readonly waitingFor?: WaitingFor;
  /** Evaluations by Horreum that failed so far. */
  readonly evaluationTries?: number;
  /** Why an upload that was found can't be shown. */
  readonly refused?: string;
}

export type FailureClass = 'code' | 'lab' | 'configuration' | 'unstable' | 'aborted' | 'bot';

export interface Failure {
  readonly looksLike: FailureClass;
  /** In words, unescaped. */
  readonly reason: string;
  readonly stage?: string;
  readonly logTail?: string;
  /** The line that shows whose fault it is. */
  readonly evidence?: string;
}

/** What GitHub shows of the run, so that GitHub is only written to when something has changed. */
export interface Published {
  readonly checkRunId?: number;
  readonly checkRunUrl?: string;
  /** What the check run last said: the state of an open run, the news of an ended one. */
  readonly checkDigest?: string;
  readonly checkShownAtMs?: number;
  /** GitHub ignores a completed check that is set back to in progress. */
  readonly checkCompleted?: boolean;
  /** GitHub takes no comments here: this run does not ask again. */
  readonly commentsRefused?: boolean;
  /** The news that the status comment last showed, as a digest, and when the comment was last seen to. */
  readonly statusNews?: string;
  readonly statusShownAtMs?: number;
  readonly mentionId?: number;
  /** A creation whose outcome is unknown is looked for before it is tried again. */
  readonly mentionAttemptedAtMs?: number;
  /** Everything that shows the end is on GitHub. */
  readonly settled?: boolean;
}

export interface JobRun {
  readonly runKey: string;
  readonly version: number;
  readonly projectId: string;
  readonly repository: RepositoryRef & { readonly private: boolean };
  readonly installationId: number;
  readonly subject: RunSubject;
  readonly jobId: string;
  readonly platform: Platform;
  /** The commit that is measured: fixed when the command was carried out, never read again. */
  readonly headSha: string;
  readonly baseRef: string;
  readonly baseSha?: string;
  /** Exactly what is sent to the PerfLab. */
  readonly parameters: Readonly<Record<string, string>>;
  /** What the commenter gave, for the report and a rerun. */
  readonly arguments: Readonly<Record<string, string>>;
  readonly requestedBy: readonly Person[];
  readonly automatic: boolean;
  readonly trigger: RunTrigger;
  readonly claimKey: string;
  readonly state: RunState;
  readonly history: readonly { readonly state: RunState; readonly atMs: number }[];
  readonly createdAtMs: number;
  /** The run ends as timed out after this. */
  readonly deadlineAtMs: number;
  readonly resultsTimeoutMs: number;
  readonly platformRun: PlatformRun;
  readonly horreum?: HorreumLeg;
  readonly warning?: string;
  readonly cancelRequested?: {
    readonly by: string;
    readonly atMs: number;
    readonly why: 'person' | 'deadline' | 'superseded' | 'closed' | 'removed';
    /** The run was given up before the lab said that the job is over. */
    readonly unconfirmed?: true;
  };
  readonly failure?: Failure;
  /** What an earlier attempt died of. */
  readonly earlierFailure?: Failure;
  readonly report?: Report;
  readonly endedAtMs?: number;
  readonly published: Published;
  /** When the last finished look began: a hint from before then needs no look of its own. */
  readonly lookedAtMs?: number;
  /** Number of the next look; a message for another look is out of date. */
  readonly lookNumber: number;
  /** When the sweeper looks if nothing else did; absent once nothing is left to do. */
  readonly dueAtMs?: number;
  readonly leaseUntilMs?: number;
}

export function hasEnded(run: JobRun): boolean {
  return RUN_STATES.indexOf(run.state) >= FIRST_END;
}

/** The run, moved on to `state` at `nowMs`: only ever forward; an ended run stays as it is. */
export function moveTo(run: JobRun, state: RunState, nowMs: number): JobRun {
  if (hasEnded(run) || RUN_STATES.indexOf(state) <= RUN_STATES.indexOf(run.state)) return run;
  const history = [...run.history, { state, atMs: nowMs }];
  const moved = { ...run, state, history };
  return hasEnded(moved) ? { ...moved, endedAtMs: nowMs } : moved;
}

/** `runs` are newest first. */
export function newestOfEachJob(runs: readonly JobRun[]): JobRun[] {
  return runs.filter((run, index) => runs.findIndex(({ jobId }) => jobId === run.jobId) === index);
}

export function attemptKey(run: JobRun): string {
  return attemptKeyOf(run.runKey, run.platformRun.attempt);
}

/** The partition of everything that GitHub shows in one place: a pull request, or one commit of a branch. */
export function subjectKeyOf({
  repository,
  subject,
  headSha,
}: Pick<JobRun, 'repository' | 'subject' | 'headSha'>): string {
  return subject.kind === 'pull-request'
    ? keys.pullRequest(repository.id, subject.number)
    : keys.commit(repository.id, headSha);
}
