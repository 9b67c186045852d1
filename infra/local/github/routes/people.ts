/** Serves roles in repositories and memberships in teams and organizations. */
import { notFound } from '../api/api-error.ts';
import type { ApiRequest } from '../api/request.ts';
import { accountPayload } from '../payloads/account.ts';
import type { Route } from '../api/router.ts';
import type { Account, Repository } from '../state/records.ts';
import type { GitHubState } from '../state/state.ts';

export const peopleRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/users/{login}',
    needs: 'anybody',
    answer: ({ state }, request) => ({ status: 200, body: accountPayload(state, accountIn(state, request)) }),
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/collaborators/{login}/permission',
    needs: ['metadata:read'],
    answer: ({ state }, request) => {
      const account = accountIn(state, request, (login) => `${login} is not a user`);
      if (account.type !== 'User') throw notFound(`${account.login} is not a user`);
      const { permission, role } = grantOf(request.repository, account);
      const user = { ...accountPayload(state, account), permissions: flagsOf(role), role_name: role };
      return { status: 200, body: { permission, role_name: role, user } };
    },
  },
  {
    method: 'GET',
    path: '/orgs/{org}/teams/{slug}/memberships/{login}',
    needs: ['members:read'],
    answer: ({ state }, request) => {
      const { org = '', slug = '', login = '' } = request.params;
      const team = state.teams.find(
        (one) => one.organization.toLowerCase() === org.toLowerCase() && one.slug === slug,
      );
      if (!team?.members.has(login.toLowerCase()) || !seesOrganization(request, org)) throw notFound();
      const url = `${state.apiUrl}/organizations/${org}/team/${slug}/memberships/${login}`;
      return { status: 200, body: { url, role: 'member', state: 'active' } };
    },
  },
  {
    method: 'GET',
    path: '/orgs/{org}/members/{login}',
    needs: ['members:read'],
    answer: ({ state }, request) => {
      const { org = '', login = '' } = request.params;
      const isMember = state.teams.some(
        (team) =>
          team.organization.toLowerCase() === org.toLowerCase() && team.members.has(login.toLowerCase()),
      );
      if (!isMember || !seesOrganization(request, org)) throw notFound();
      return { status: 204 };
    },
  },
];

/** A token narrowed to some repositories sees no organization. */
function seesOrganization(request: ApiRequest, organization: string): boolean {
  if (request.caller.kind !== 'installation') return false;
  const { installation, repositoryIds } = request.caller.token;
  return (
    repositoryIds === undefined && installation.account.login.toLowerCase() === organization.toLowerCase()
  );
}

/** maintain counts as write, triage as read; on a public repository anybody at all has `read`. */
function grantOf(repository: Repository, account: Account): { permission: string; role: string } {
  const role = account === repository.owner ? 'admin' : repository.roles.get(account.login.toLowerCase());
  if (role === undefined)
    return repository.private ? { permission: 'none', role: 'none' } : { permission: 'read', role: 'read' };
  const permission = role === 'maintain' ? 'write' : role === 'triage' ? 'read' : role;
  return { permission, role };
}

function flagsOf(role: string) {
  const rank = ['none', 'read', 'triage', 'write', 'maintain', 'admin'].indexOf(role);
  return { admin: rank >= 5, maintain: rank >= 4, push: rank >= 3, triage: rank >= 2, pull: rank >= 1 };
}

function accountIn(state: GitHubState, request: ApiRequest, message?: (login: string) => string): Account {
  const login = request.params['login'] ?? '';
  const account = state.accounts.get(login.toLowerCase());
  if (!account || account.gone) throw notFound(message?.(login));
  return account;
}
