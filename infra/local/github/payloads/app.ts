/** The App and its installations as GitHub writes them. */
import { iso } from '../iso.ts';
import type { GitHubState, Installation } from '../state.ts';
import { accountOrNull, accountPayload, nodeId } from './account.ts';

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
    created_at: iso(app.createdAtMs),
    updated_at: iso(app.createdAtMs),
    permissions: app.permissions,
    events: app.events,
  };
}

/** `event`: webhooks carry the times as epoch seconds, REST as text. */
export function installationPayload(state: GitHubState, installation: Installation, where: 'event' | 'rest') {
  const created =
    where === 'event' ? Math.floor(installation.createdAtMs / 1000) : iso(installation.createdAtMs);
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
    suspended_at: suspended === undefined ? null : iso(suspended),
  };
}
