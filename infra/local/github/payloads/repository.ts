/** Writes a repository as GitHub does in webhooks and REST answers. */
import { isoSeconds } from '../../stand-in/clock.ts';
import { fullName, type Repository } from '../state/records.ts';
import type { GitHubState } from '../state/state.ts';
import { accountPayload, nodeId } from './account.ts';

/** Field name to the address below the repository's own, with GitHub's URI templates. */
const ADDRESSES = {
  forks_url: '/forks',
  keys_url: '/keys{/key_id}',
  collaborators_url: '/collaborators{/collaborator}',
  teams_url: '/teams',
  hooks_url: '/hooks',
  issue_events_url: '/issues/events{/number}',
  events_url: '/events',
  assignees_url: '/assignees{/user}',
  branches_url: '/branches{/branch}',
  tags_url: '/tags',
  blobs_url: '/git/blobs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  git_refs_url: '/git/refs{/sha}',
  trees_url: '/git/trees{/sha}',
  statuses_url: '/statuses/{sha}',
  languages_url: '/languages',
  stargazers_url: '/stargazers',
  contributors_url: '/contributors',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  commits_url: '/commits{/sha}',
  git_commits_url: '/git/commits{/sha}',
  comments_url: '/comments{/number}',
  issue_comment_url: '/issues/comments{/number}',
  contents_url: '/contents/{+path}',
  compare_url: '/compare/{base}...{head}',
  merges_url: '/merges',
  archive_url: '/{archive_format}{/ref}',
  downloads_url: '/downloads',
  issues_url: '/issues{/number}',
  pulls_url: '/pulls{/number}',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  labels_url: '/labels{/name}',
  releases_url: '/releases{/id}',
  deployments_url: '/deployments',
} as const;

export function repositoryUrl(state: GitHubState, repository: Repository): string {
  return `${state.apiUrl}/repos/${fullName(repository)}`;
}

export function repositoryWebUrl(state: GitHubState, repository: Repository): string {
  return `${state.webUrl}/${fullName(repository)}`;
}

export function repositoryPayload(state: GitHubState, repository: Repository) {
  const url = repositoryUrl(state, repository);
  const web = repositoryWebUrl(state, repository);
  const addresses = Object.entries(ADDRESSES).map(([field, path]) => [field, `${url}${path}`] as const);
  const openIssues = [...repository.issues.values()].filter((issue) => issue.state === 'open').length;
  return {
    id: repository.id,
    node_id: nodeId('R', repository.id),
    name: repository.name,
    full_name: fullName(repository),
    private: repository.private,
    owner: accountPayload(state, repository.owner),
    html_url: web,
    description: null,
    fork: repository.parent !== undefined,
    url,
    ...(Object.fromEntries(addresses) as Record<keyof typeof ADDRESSES, string>),
    created_at: isoSeconds(repository.createdAtMs),
    updated_at: isoSeconds(repository.updatedAtMs),
    pushed_at: isoSeconds(repository.pushedAtMs),
    ...cloneAddresses(web),
    ...counts(repository, openIssues),
  };
}

function cloneAddresses(web: string) {
  const host = web.replace(/^https?:\/\//, '');
  return {
    git_url: `git://${host}.git`,
    ssh_url: `git@${host.replace('/', ':')}.git`,
    clone_url: `${web}.git`,
    svn_url: web,
  };
}

function counts(repository: Repository, openIssues: number) {
  return {
    homepage: null,
    size: 0,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: true,
    has_projects: true,
    has_downloads: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    mirror_url: null,
    archived: false,
    disabled: false,
    open_issues_count: openIssues,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repository.private ? 'private' : 'public',
    forks: 0,
    open_issues: openIssues,
    watchers: 0,
    default_branch: repository.defaultBranch,
    custom_properties: {},
  };
}

/** What `installation` events list. */
export function repositoryStub(repository: Repository) {
  return {
    id: repository.id,
    node_id: nodeId('R', repository.id),
    name: repository.name,
    full_name: fullName(repository),
    private: repository.private,
  };
}
