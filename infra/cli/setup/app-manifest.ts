/** Makes the GitHub App's manifest, with the fewest permissions that it needs. https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest */
import { CliError } from '../cli-error.ts';

export interface ManifestInput {
  readonly name: string;
  readonly publicUrl: string;
  readonly redirectUrl: string;
  readonly webhook: boolean;
  readonly teams: boolean;
  readonly actions: boolean;
}

export function appManifest(input: ManifestInput): Record<string, unknown> {
  return {
    name: input.name,
    url: input.publicUrl,
    public: false,
    redirect_url: input.redirectUrl,
    description: 'Performance reports on pull requests',
    hook_attributes: { url: `${input.publicUrl}/github`, active: input.webhook },
    default_permissions: {
      metadata: 'read',
      // Without it GitHub refuses the event issue_comment. Posting comments needs pull_requests.
      issues: 'read',
      pull_requests: 'write',
      checks: 'write',
      contents: 'read',
      ...(input.teams ? { members: 'read' } : {}),
      ...(input.actions ? { actions: 'write' } : {}),
    },
    default_events: [
      'issue_comment',
      'pull_request',
      'push',
      'repository',
      ...(input.actions ? ['workflow_run'] : []),
    ],
  };
}

/** Where people see what the API serves: `api.github.com`, `HOST/api/v3`, `api.SUBDOMAIN.ghe.com`. */
export function gitHubWebUrl(apiUrl: string): string {
  const { protocol, host, pathname } = new URL(apiUrl);
  const onServer = /^\/api\/v3\/?$/.test(pathname);
  return `${protocol}//${onServer ? host : host.replace(/^api\.(?=github\.com$|[^.]+\.ghe\.com$)/, '')}`;
}

export function newAppUrl(webUrl: string, organization: string | undefined, state: string): string {
  if (organization !== undefined && !/^[A-Za-z0-9-]{1,39}$/.test(organization))
    throw new CliError(`${organization} is not an organization name.`, 2);
  const place = organization === undefined ? 'settings' : `organizations/${organization}/settings`;
  return `${webUrl}/${place}/apps/new?state=${state}`;
}
