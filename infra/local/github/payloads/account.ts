/** Accounts as GitHub writes them: in full, for an organization, and as nothing once they are gone. */
import type { Account, GitHubState } from '../state.ts';

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
