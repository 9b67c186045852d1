/** Defines GitHub as the bot needs it, on behalf of one installation and as the App itself. Every method throws UpstreamError. */

export interface RepositoryRef {
  readonly id: number;
  /** `owner/name`. It can change: the id can't. */
  readonly fullName: string;
}

export interface Person {
  readonly id: number;
  readonly login: string;
}

export interface PullRequest {
  readonly state: 'open' | 'closed';
  readonly merged: boolean;
  readonly headSha: string;
  /** Undefined when the fork is gone. */
  readonly headRepositoryId: number | undefined;
  /** When anything was last pushed to the head's repository, epoch ms. */
  readonly headRepositoryPushedAtMs: number | undefined;
  readonly baseRef: string;
  readonly baseSha: string;
}

/** What GitHub grants, least first. `read` says nothing: on a public repository every stranger has it. */
export const PERMISSION_LEVELS = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const;
export type Permission = (typeof PERMISSION_LEVELS)[number];

export interface CommentRef {
  readonly id: number;
  readonly url: string;
}

export type Reaction = 'eyes' | 'confused' | '+1' | 'rocket';

export type CheckConclusion =
  'success' | 'failure' | 'neutral' | 'cancelled' | 'skipped' | 'timed_out' | 'action_required';

export interface CheckAction {
  /** At most 20 characters. */
  readonly label: string;
  /** At most 40. */
  readonly description: string;
  /** At most 20. */
  readonly identifier: string;
}

/** A check run as it shall be. GitHub shows actions only once it is completed. */
export interface CheckRun {
  readonly name: string;
  readonly headSha: string;
  /** Our run key: how it is found again. */
  readonly externalId: string;
  readonly status: 'queued' | 'in_progress' | 'completed';
  readonly conclusion?: CheckConclusion;
  readonly detailsUrl?: string;
  readonly startedAtMs?: number;
  readonly title: string;
  /** At most 65,535 bytes each. */
  readonly summary: string;
  readonly text?: string;
  readonly actions?: readonly CheckAction[];
}

export interface CommitComparison {
  readonly status: 'identical' | 'ahead' | 'behind' | 'diverged';
  readonly aheadBy: number;
  readonly mergeBaseSha: string;
}

export interface GitHub {
  /** From when on GitHub takes writes again, epoch ms, as far as any function knows; 0 or past: it does. */
  writesFromMs(): Promise<number>;
  getPullRequest(repository: RepositoryRef, number: number): Promise<PullRequest>;
  /** `none` for anybody whom GitHub does not name. */
  getPermission(repository: RepositoryRef, login: string): Promise<Permission>;
  isTeamMember(organization: string, teamSlug: string, login: string): Promise<boolean>;
  /** At most 3,000, as GitHub gives no more. */
  listChangedPaths(repository: RepositoryRef, number: number): Promise<readonly string[]>;
  compareCommits(repository: RepositoryRef, baseSha: string, headSha: string): Promise<CommitComparison>;
  /** Harmless to repeat. */
  react(repository: RepositoryRef, commentId: number, reaction: Reaction): Promise<void>;
  /** Never repeated by the client: after an unknown outcome, look with `findComment` first. */
  createComment(repository: RepositoryRef, number: number, body: string): Promise<CommentRef>;
  /** False when the comment is gone. */
  updateComment(repository: RepositoryRef, commentId: number, body: string): Promise<boolean>;
  /** The bot's own comment that begins with or contains this marker; another author's is not taken. */
  findComment(repository: RepositoryRef, number: number, marker: string): Promise<CommentRef | undefined>;
  /** Comments of the whole repository that changed since, newest first, at most 100. */
  listRecentComments(repository: RepositoryRef, sinceMs: number): Promise<readonly ListedComment[]>;
  createCheckRun(
    repository: RepositoryRef,
    check: CheckRun,
  ): Promise<{ readonly id: number; readonly url: string | undefined }>;
  updateCheckRun(repository: RepositoryRef, checkRunId: number, check: CheckRun): Promise<void>;
  findCheckRun(
    repository: RepositoryRef,
    headSha: string,
    name: string,
    externalId: string,
  ): Promise<{ readonly id: number; readonly url: string | undefined } | undefined>;
}

/** A comment as the repository's list gives it. */
export interface ListedComment {
  readonly id: number;
  readonly body: string;
  readonly url: string;
  readonly number: number;
  readonly onPullRequest: boolean;
  readonly createdAtMs: number;
  readonly isEdited: boolean;
  readonly author: (Person & { readonly isBot: boolean }) | undefined;
}

/** One attempt of GitHub's to deliver an event. */
export interface HookDelivery {
  readonly id: number;
  /** The same for every attempt of one event. */
  readonly guid: string;
  readonly deliveredAtMs: number;
  readonly event: string;
  readonly succeeded: boolean;
}

/** GitHub as the App itself, not on behalf of an installation. */
export interface GitHubAsApp {
  /** Newest first, back to `sinceMs`; GitHub keeps about three days. */
  listDeliveries(sinceMs: number): Promise<readonly HookDelivery[]>;
  /** Has it delivered once more, with the same GUID. */
  redeliver(deliveryId: number): Promise<void>;
  /** A repository by its name, and the installation that covers it; undefined where the App is not installed. */
  findInstalledRepository(
    fullName: string,
  ): Promise<(RepositoryRef & { readonly private: boolean; readonly installationId: number }) | undefined>;
}

/** Hands out the client of one installation. */
export type GitHubOf = (installationId: number) => GitHub;
