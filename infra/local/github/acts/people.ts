/** Lists what people do on GitHub as methods: fill it, write comments, push, click; and what can be read back. */
import type { NewPullRequest, Push } from './pulls.ts';
import type { InstallationAction, NewRepository } from './seed.ts';
import type {
  Account,
  CheckRun,
  Installation,
  Issue,
  IssueComment,
  PullRequest,
  Repository,
  Role,
} from '../state/records.ts';

/** A repository or its `owner/name`. */
export type RepositoryLike = Repository | string;

export interface People {
  addUser(user: { readonly login: string; readonly type?: Account['type'] }): Account;
  /** The account is deleted: GitHub shows null in its place from now on. */
  deleteUser(login: string): void;
  /** Its owner becomes an organization unless `ownerType` says otherwise; the App is installed on it. */
  addRepository(repository: NewRepository): Repository;
  renameRepository(repository: RepositoryLike, name: string): void;
  setPermission(repository: RepositoryLike, login: string, role: Role | 'none'): void;
  addTeam(organization: string, slug: string, members: readonly string[]): void;
  changeInstallation(repository: RepositoryLike, action: InstallationAction): void;
  setInstalled(repository: RepositoryLike, installed: boolean): void;
  installation(repository?: RepositoryLike): Installation;

  openPullRequest(repository: RepositoryLike, pull: NewPullRequest): PullRequest;
  openIssue(repository: RepositoryLike, author: string, title: string, body?: string): Issue;
  /** Adds a commit to the pull request's branch and gives its SHA. */
  pushTo(pull: PullRequest, push?: Push, login?: string): string;
  pushToBranch(repository: RepositoryLike, ref: string, login: string, message?: string): string;
  closePullRequest(pull: PullRequest, login?: string): void;
  mergePullRequest(pull: PullRequest, login: string): void;
  reopenPullRequest(pull: PullRequest, login?: string): void;
  deleteFork(pull: PullRequest): void;
  setLabel(pull: PullRequest, label: string, login: string): void;
  removeLabel(pull: PullRequest, label: string, login: string): void;
  lockPullRequest(issue: Issue, login: string): void;
  unlockPullRequest(issue: Issue, login: string): void;

  /** As a browser sends it: with CRLF line ends. */
  addComment(issue: Issue, login: string, body: string): IssueComment;
  editComment(comment: IssueComment, body: string, login?: string): void;
  deleteComment(comment: IssueComment, login?: string): void;
  addReaction(comment: IssueComment, login: string, content: string): void;

  clickCheckAction(checkRunId: number, identifier: string, login: string): void;
  rerequestCheckRun(checkRunId: number, login: string): void;
  /** "Re-run all checks" of our App on a commit. */
  rerequestCheckSuite(pull: PullRequest, login: string): void;
  addForeignCheckRun(pull: PullRequest, name: string): CheckRun;
  /** Sends a delivery again with its GUID, as the button in the App's settings does. */
  redeliver(guid: string): void;

  /** Throws when there is none. Without a repository: the first one. */
  pull(number: number, repository?: RepositoryLike): PullRequest;
  comment(id: number): IssueComment | undefined;
  /** The check runs of one commit, or all, in the order they were created. */
  checkRuns(headSha?: string): CheckRun[];
}
