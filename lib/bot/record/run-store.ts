/** Keeps runs and what belongs to them: every write states the version that it expects, and nothing scans. Implemented on DynamoDB. */
import type { Person } from '../../github/github.ts';
import type { JobRun } from './job-run.ts';

/** A `run` that waits for somebody's approval. */
export interface AskedFor {
  readonly jobId: string;
  readonly arguments: Readonly<Record<string, string>>;
  readonly person: Person;
  readonly commentId: number;
  readonly ordinal: number;
}

/** What the bot remembers of a pull request, or of a commit on a branch. */
export interface SubjectRecord {
  readonly subjectKey: string;
  readonly version: number;
  readonly statusCommentId?: number;
  readonly statusCommentUrl?: string;
  /** Of the comment's whole text. */
  readonly statusTextDigest?: string;
  /** A creation whose outcome is not known yet. */
  readonly statusAttemptedAtMs?: number;
  /** When the status comment was last edited. */
  readonly drawnAtMs?: number;
  readonly drawLeaseUntilMs?: number;
  /** The newest head that a delivery brought, and when it was pushed, as GitHub says. */
  readonly headSha?: string;
  readonly headPushedAtMs?: number;
  /** Commits of a fork that a trusted person let in. */
  readonly approvedShas?: readonly string[];
  /** How many commits the head is ahead of a measured commit, by its SHA; null after a rewrite of the branch. */
  readonly behind?: Readonly<Record<string, number | null>>;
  /** What people without the right asked for, until somebody approves the commit. */
  readonly askedFor?: readonly AskedFor[];
  /** People who were told once what right they lack. */
  readonly refusedPeople?: readonly number[];
}

/** Who joined a run, and whether nobody can any more. */
export interface JoinList {
  /** Of the run: `keys.joins`. */
  readonly subjectKey: string;
  readonly version: number;
  readonly joined?: readonly Person[];
  readonly joinsClosed?: boolean;
}

/** A request that has no run of its own, since it joined another's. */
export interface JoinNote {
  /** Key of the run that it joined. */
  readonly holderKey: string;
  /** That run had ended before the request was handled: it is its answer, whoever is in its list. */
  readonly isOver: boolean;
}

/** What became of a request, by the key that its own run has or would have. */
export type Decided =
  { readonly kind: 'run'; readonly run: JobRun } | { readonly kind: 'joins'; readonly note: JoinNote };

export interface RunStore {
  /** False if a run of this key is already there, or a note that its request joined another than `insteadOf`. */
  create(run: JobRun, insteadOf?: string): Promise<boolean>;
  get(runKey: string): Promise<JobRun | undefined>;
  decided(runKey: string): Promise<Decided | undefined>;
  /** False as for `create`: one key holds a run or a note, never both. */
  noteJoin(runKey: string, note: JoinNote, insteadOf?: string): Promise<boolean>;
  /** Writes `run` as version `run.version + 1` if the stored version is `run.version`; undefined if it is not. */
  save(run: JobRun): Promise<JobRun | undefined>;
  /** Takes the right to move this run until `untilMs`; undefined if somebody else has it. */
  lease(run: JobRun, nowMs: number, untilMs: number): Promise<JobRun | undefined>;
  /** Newest first. May lag behind the last writes by a moment. */
  listBySubject(subjectKey: string, limit: number): Promise<readonly JobRun[]>;
  /** Keys of the project's runs of this job that have not ended, oldest first. */
  listOpen(projectId: string, jobId: string, limit: number): Promise<readonly string[]>;
  /** Keys of runs of one shard that are due, most overdue first. */
  listDue(
    shard: number,
    nowMs: number,
    limit: number,
  ): Promise<readonly { readonly runKey: string; readonly dueAtMs: number }[]>;
  /** Moves a due run's next look to `nextDueAtMs` if it still is `dueAtMs`: whoever succeeds sends the message. */
  postpone(runKey: string, dueAtMs: number, nextDueAtMs: number): Promise<boolean>;
  readonly dueShards: number;

  /** Makes the run the holder of this claim, or says who holds it. */
  claim(claimKey: string, runKey: string, expiresAtMs: number): Promise<string>;
  releaseClaim(claimKey: string, runKey: string): Promise<void>;

  getSubject(subjectKey: string): Promise<SubjectRecord | undefined>;
  /** As `save`: version `subject.version + 1`, if the stored version is `subject.version` (0: there is none). */
  saveSubject(subject: SubjectRecord): Promise<SubjectRecord | undefined>;

  getJoins(runKey: string): Promise<JoinList | undefined>;
  /** As `saveSubject`. */
  saveJoins(list: JoinList): Promise<JoinList | undefined>;

  /** Adds one to a counter unless it has reached `limit`; false if it has. */
  countUpTo(counterKey: string, limit: number, expiresAtMs: number): Promise<boolean>;

  /** How far a counter is; 0 if it was never used or has expired. */
  counted(counterKey: string): Promise<number>;

  /** The parameters that matter, of main's last uploads whose runs the bot started itself, by Horreum run. */
  measuredWith(
    projectId: string,
    jobId: string,
  ): Promise<ReadonlyMap<number, Readonly<Record<string, string>>>>;
  addMeasured(
    projectId: string,
    jobId: string,
    horreumRunId: number,
    parameters: Readonly<Record<string, string>>,
  ): Promise<void>;

  /** How long this job's last runs took, newest last, in ms. */
  durations(projectId: string, jobId: string): Promise<readonly number[]>;
  addDuration(projectId: string, jobId: string, durationMs: number): Promise<void>;
}
