/** Describes the records that the stand-in for GitHub keeps in memory, from accounts to check runs. */

export interface Account {
  readonly id: number;
  readonly login: string;
  readonly type: 'User' | 'Organization' | 'Bot';
  /** A deleted account: GitHub then gives null where the user stood. */
  gone: boolean;
}

export type Role = 'admin' | 'maintain' | 'write' | 'triage' | 'read';

export interface Repository {
  readonly id: number;
  readonly owner: Account;
  name: string;
  /** Former `owner/name`s, which answer with a redirect. */
  readonly formerNames: string[];
  readonly private: boolean;
  readonly parent: Repository | undefined;
  readonly defaultBranch: string;
  readonly createdAtMs: number;
  updatedAtMs: number;
  pushedAtMs: number;
  readonly branches: Map<string, string>;
  readonly roles: Map<string, Role>;
  readonly issues: Map<number, Issue>;
  /** Whether the App's installation covers it. */
  installed: boolean;
}

export interface Label {
  readonly id: number;
  readonly name: string;
}

export interface Issue {
  readonly id: number;
  readonly repository: Repository;
  readonly number: number;
  title: string;
  body: string | null;
  readonly author: Account;
  state: 'open' | 'closed';
  locked: boolean;
  labels: Label[];
  readonly createdAtMs: number;
  updatedAtMs: number;
  closedAtMs: number | undefined;
  readonly comments: IssueComment[];
}

export interface PullRequest extends Issue {
  readonly headRef: string;
  headSha: string;
  /** Undefined once the fork is gone. */
  headRepository: Repository | undefined;
  readonly headOwner: Account;
  readonly baseRef: string;
  baseSha: string;
  draft: boolean;
  mergedAtMs: number | undefined;
  mergedBy: Account | undefined;
  /** The API goes on showing this head for a while after a push. */
  lag: { readonly headSha: string; readonly untilMs: number } | undefined;
}

export interface CommentEdit {
  readonly atMs: number;
  readonly by: string;
  /** The text that was replaced. */
  readonly from: string;
}

export interface IssueComment {
  readonly id: number;
  readonly issue: Issue;
  readonly author: Account;
  body: string;
  readonly createdAtMs: number;
  updatedAtMs: number;
  readonly edits: CommentEdit[];
  readonly reactions: Reaction[];
  minimizedReason: string | undefined;
}

export interface Reaction {
  readonly id: number;
  readonly user: Account;
  readonly content: string;
  readonly createdAtMs: number;
}

export interface Commit {
  readonly sha: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly author: Account;
  readonly committedAtMs: number;
  /** Forks share their objects: the id of the repository at the network's root. */
  readonly networkId: number;
}

export interface Team {
  readonly organization: string;
  readonly slug: string;
  readonly members: ReadonlySet<string>;
}

export interface Installation {
  readonly id: number;
  readonly account: Account;
  readonly createdAtMs: number;
  permissions: Record<string, string>;
  suspendedAtMs: number | undefined;
}

export interface IssuedToken {
  readonly installation: Installation;
  readonly permissions: Record<string, string>;
  /** Undefined: every repository of the installation. */
  readonly repositoryIds: readonly number[] | undefined;
  readonly expiresAtMs: number;
}

export interface App {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly clientId: string;
  readonly owner: Account;
  readonly events: readonly string[];
  readonly permissions: Record<string, string>;
  readonly createdAtMs: number;
}

export function isPull(issue: Issue): issue is PullRequest {
  return 'headSha' in issue;
}

export function fullName(repository: Repository): string {
  return `${repository.owner.login}/${repository.name}`;
}

export function networkOf(repository: Repository): number {
  return repository.parent ? networkOf(repository.parent) : repository.id;
}

export function pullsOf(repository: Repository): PullRequest[] {
  return [...repository.issues.values()].filter(isPull);
}

export interface CheckOutput {
  title: string | null;
  summary: string | null;
  text: string | null;
  annotations: number;
}

export interface CheckAction {
  readonly label: string;
  readonly description: string;
  readonly identifier: string;
}

export interface CheckRun {
  readonly id: number;
  readonly repository: Repository;
  readonly suite: CheckSuite;
  readonly appId: number;
  name: string;
  readonly headSha: string;
  externalId: string;
  detailsUrl: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: string | null;
  startedAtMs: number;
  completedAtMs: number | undefined;
  output: CheckOutput;
  actions: readonly CheckAction[];
}

export interface CheckSuite {
  readonly id: number;
  readonly repository: Repository;
  readonly appId: number;
  readonly headSha: string;
  readonly createdAtMs: number;
  updatedAtMs: number;
  /** A person asked for a new run: queued, whatever the runs in it say, until the next one is created. */
  rerequested: boolean;
}
