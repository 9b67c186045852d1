/** Writes accounts, the App and its installations as GitHub does; an account that is gone becomes nothing. */
import { isoSeconds } from '../../stand-in/clock.ts';
import { pullsOf, type Account, type Installation, type Repository } from '../state/records.ts';
import type { GitHubState } from '../state/state.ts';

export function accountPayload(state: GitHubState, account: Account) {
  const url = `${state.apiUrl}/users/${encodeURIComponent(account.login)}`;
  const page = account.type === 'Bot' ? `apps/${account.login.replace(/\[bot\]$/, '')}` : account.login;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId('U', account.id),
    avatar_url: `${state.webUrl}/avatars/${account.id}`,
    gravatar_id: '',
    url,
    html_url: `${state.webUrl}/${page}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: account.type,
    user_view_type: 'public',
    site_admin: false,
  };
}

/** Null for a deleted account. */
export function accountOrNull(state: GitHubState, account: Account | undefined) {
  return account && !account.gone ? accountPayload(state, account) : null;
}

export function organizationPayload(state: GitHubState, account: Account) {
  const url = `${state.apiUrl}/orgs/${account.login}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId('O', account.id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${state.webUrl}/avatars/${account.id}`,
    description: '',
  };
}

/** Opaque for clients; here a prefix and the id, so that GraphQL can find the thing again. */
export function nodeId(prefix: string, id: number): string {
  return `${prefix}_${Buffer.from(String(id)).toString('base64url')}`;
}

export function associationOf(_state: GitHubState, repository: Repository, account: Account): string {
  if (account === repository.owner) return 'OWNER';
  const role = repository.roles.get(account.login.toLowerCase());
  if (role !== undefined && repository.owner.type === 'User') return 'COLLABORATOR';
  const merged = pullsOf(repository).some((pull) => pull.author === account && pull.mergedAtMs !== undefined);
  return merged ? 'CONTRIBUTOR' : 'NONE';
}

export function appPayload(state: GitHubState, appId: number) {
  const app = appId === state.app.id ? state.app : state.otherApp;
  return {
    id: app.id,
    client_id: app.clientId,
    slug: app.slug,
    node_id: nodeId('A', app.id),
    owner: accountPayload(state, app.owner),
    name: app.name,
    description: '',
    external_url: `${state.webUrl}/apps/${app.slug}`,
    html_url: `${state.webUrl}/apps/${app.slug}`,
    created_at: isoSeconds(app.createdAtMs),
    updated_at: isoSeconds(app.createdAtMs),
    permissions: app.permissions,
    events: app.events,
  };
}

/** `event`: webhooks carry the times as epoch seconds, REST as text. */
export function installationPayload(state: GitHubState, installation: Installation, where: 'event' | 'rest') {
  const created =
    where === 'event' ? Math.floor(installation.createdAtMs / 1000) : isoSeconds(installation.createdAtMs);
  const suspended = installation.suspendedAtMs;
  return {
    id: installation.id,
    client_id: state.app.clientId,
    account: accountOrNull(state, installation.account),
    repository_selection: 'selected',
    access_tokens_url: `${state.apiUrl}/app/installations/${installation.id}/access_tokens`,
    repositories_url: `${state.apiUrl}/installation/repositories`,
    html_url: `${state.webUrl}/settings/installations/${installation.id}`,
    app_id: state.app.id,
    app_slug: state.app.slug,
    target_id: installation.account.id,
    target_type: installation.account.type,
    permissions: installation.permissions,
    events: state.app.events,
    created_at: created,
    updated_at: created,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: suspended === undefined ? null : accountPayload(state, installation.account),
    suspended_at: suspended === undefined ? null : isoSeconds(suspended),
  };
}
