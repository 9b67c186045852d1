/** Makes accounts, repositories, roles and teams, so that a test or the local start can fill the stand-in. */
import { addCommit } from '../state/commit-graph.ts';
import { accountPayload, installationPayload } from '../payloads/account.ts';
import { repositoryStub } from '../payloads/repository.ts';
import { fullName, type Account, type Installation, type Repository, type Role } from '../state/records.ts';
import type { GitHubState } from '../state/state.ts';
import type { World } from '../webhooks/webhooks.ts';

export interface NewRepository {
  /** Default: the next free one. */
  readonly id?: number;
  readonly owner: string;
  readonly name: string;
  readonly private?: boolean;
  /** Default `Organization`; matters only when the owner is new. */
  readonly ownerType?: 'User' | 'Organization';
  /** Default `main`. */
  readonly defaultBranch?: string;
  /** How many commits the default branch starts with. Default 3. */
  readonly commits?: number;
  /** Whether the App is installed on it. Default true. */
  readonly installed?: boolean;
  readonly parent?: Repository;
}

export function addAccount(state: GitHubState, login: string, type: Account['type'] = 'User'): Account {
  const known = state.accounts.get(login.toLowerCase());
  if (known) return known;
  const account: Account = { id: state.nextId('account'), login, type, gone: false };
  state.accounts.set(login.toLowerCase(), account);
  return account;
}

/** Throws when nobody was seeded under this login: a typo in a test should not make a person. */
export function accountNamed(state: GitHubState, login: string): Account {
  const account = state.accounts.get(login.toLowerCase());
  if (!account) throw new Error(`GitHub stand-in: there is no account ${login}; add it with addUser`);
  return account;
}

export function addRepository(state: GitHubState, wanted: NewRepository): Repository {
  const owner = addAccount(state, wanted.owner, wanted.ownerType ?? 'Organization');
  const repository: Repository = {
    id: wanted.id ?? state.nextId('repository'),
    owner,
    name: wanted.name,
    formerNames: [],
    private: wanted.private ?? false,
    parent: wanted.parent,
    defaultBranch: wanted.defaultBranch ?? 'main',
    createdAtMs: state.nowMs(),
    updatedAtMs: state.nowMs(),
    pushedAtMs: state.nowMs(),
    branches: new Map(wanted.parent?.branches),
    roles: new Map(),
    issues: new Map(),
    installed: wanted.installed ?? true,
  };
  state.repositories.push(repository);
  if (repository.installed) installationFor(state, owner);
  if (!wanted.parent) firstCommits(state, repository, wanted.commits ?? 3);
  return repository;
}

function firstCommits(state: GitHubState, repository: Repository, count: number): void {
  let parents: string[] = [];
  for (let number = 1; number <= count; number++) {
    const { sha } = addCommit(state, repository, {
      parents,
      message: `Change ${number}`,
      author: repository.owner,
    });
    parents = [sha];
    repository.branches.set(repository.defaultBranch, sha);
  }
}

export function installationFor(state: GitHubState, account: Account): Installation {
  const known = state.installations.find((installation) => installation.account === account);
  if (known) return known;
  const installation: Installation = {
    id: state.nextId('installation'),
    account,
    createdAtMs: state.nowMs(),
    permissions: { ...state.app.permissions },
    suspendedAtMs: undefined,
  };
  state.installations.push(installation);
  return installation;
}

export function setRole(
  state: GitHubState,
  repository: Repository,
  login: string,
  role: Role | 'none',
): void {
  accountNamed(state, login);
  if (role === 'none') repository.roles.delete(login.toLowerCase());
  else repository.roles.set(login.toLowerCase(), role);
}

export function addTeam(
  state: GitHubState,
  organization: string,
  slug: string,
  members: readonly string[],
): void {
  const logins = members.map((login) => accountNamed(state, login).login.toLowerCase());
  const others = state.teams.filter((team) => team.organization !== organization || team.slug !== slug);
  state.teams.splice(0, state.teams.length, ...others, { organization, slug, members: new Set(logins) });
}

/** By `owner/name`; without a name, the first one that is not a fork. */
export function repositoryNamed(state: GitHubState, name: string | undefined): Repository {
  const found = state.repositories.find((repository) =>
    name === undefined ? !repository.parent : fullName(repository) === name,
  );
  if (!found)
    throw new Error(`GitHub stand-in: there is no repository ${name ?? 'yet'}; add it with addRepository`);
  return found;
}

export type InstallationAction = 'created' | 'deleted' | 'suspend' | 'unsuspend' | 'new_permissions_accepted';

/** Changes the installation and notifies the App, which gets these events unasked. */
export function changeInstallation(
  world: World,
  installation: Installation,
  action: InstallationAction,
): void {
  const { state, webhooks } = world;
  if (action === 'suspend') installation.suspendedAtMs = state.nowMs();
  if (action === 'unsuspend') installation.suspendedAtMs = undefined;
  if (action === 'deleted') state.installations.splice(state.installations.indexOf(installation), 1);
  if (action === 'created' && !state.installations.includes(installation))
    state.installations.push(installation);
  const covered = state.repositories.filter(
    (repository) => repository.installed && repository.owner === installation.account,
  );
  const payload = {
    action,
    installation: installationPayload(state, installation, 'event'),
    repositories: covered.map(repositoryStub),
    sender: accountPayload(state, installation.account),
  };
  webhooks.send({
    event: 'installation',
    action,
    payload: structuredClone(payload),
    installation,
    repository: undefined,
  });
}

/** Adds a repository to the installation or takes it out. */
export function changeCoverage(world: World, repository: Repository, installed: boolean): void {
  const { state, webhooks } = world;
  repository.installed = installed;
  const installation = installationFor(state, repository.owner);
  const action = installed ? 'added' : 'removed';
  const payload = {
    action,
    installation: installationPayload(state, installation, 'event'),
    repository_selection: 'selected',
    repositories_added: installed ? [repositoryStub(repository)] : [],
    repositories_removed: installed ? [] : [repositoryStub(repository)],
    requester: null,
    sender: accountPayload(state, repository.owner),
  };
  webhooks.send({
    event: 'installation_repositories',
    action,
    payload: structuredClone(payload),
    installation,
    repository,
  });
}
