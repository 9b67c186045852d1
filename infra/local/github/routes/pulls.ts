/** Serves repositories and their pull requests. */
import { notFound } from '../api/api-error.ts';
import { idFrom, type ApiRequest } from '../api/request.ts';
import { compare } from '../state/commit-graph.ts';
import { pageOf } from '../api/paging.ts';
import { changedFile, commitPayload } from '../payloads/commit.ts';
import { pullPayload } from '../payloads/pull.ts';
import { repositoryPayload } from '../payloads/repository.ts';
import type { Route } from '../api/router.ts';
import { isPull, pullsOf, type Commit, type PullRequest } from '../state/records.ts';
import type { GitHubState } from '../state/state.ts';

const READ = ['pull_requests:read'];
const MAX_COMMITS_LISTED = 250;

export const pullRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}',
    needs: ['metadata:read'],
    answer: ({ state }, { repository }) => ({ status: 200, body: repositoryPayload(state, repository) }),
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/pulls',
    needs: READ,
    answer: ({ state }, request) => {
      const page = pageOf(state, request, listed(request));
      return {
        status: 200,
        headers: page.headers,
        body: page.items.map((pull) => shortPayload(state, pull)),
      };
    },
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/pulls/{number}',
    needs: READ,
    answer: ({ state }, request) => {
      const payload: Record<string, unknown> = pullPayload(state, pullIn(request));
      // From this version on a pull request no longer names its test merge.
      if (request.headers['x-github-api-version'] === '2026-03-10') delete payload['merge_commit_sha'];
      return { status: 200, body: payload };
    },
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/pulls/{number}/files',
    needs: READ,
    answer: ({ state }, request) => {
      const pull = pullIn(request);
      const page = pageOf(state, request, [changedFile(state, pull.repository, pull.headSha)]);
      return { status: 200, headers: page.headers, body: page.items };
    },
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/pulls/{number}/commits',
    needs: READ,
    answer: ({ state }, request) => {
      const page = pageOf(state, request, commitsOf(state, pullIn(request)).slice(0, MAX_COMMITS_LISTED));
      const body = page.items.map((commit) => commitPayload(state, request.repository, commit));
      return { status: 200, headers: page.headers, body };
    },
  },
];

/** The list leaves out what must be computed for each pull request. */
export function shortPayload(state: GitHubState, pull: PullRequest): Record<string, unknown> {
  const payload: Record<string, unknown> = pullPayload(state, pull);
  const only = [
    'merged',
    'mergeable',
    'rebaseable',
    'mergeable_state',
    'merged_by',
    'comments',
    'review_comments',
  ];
  for (const field of [
    ...only,
    'maintainer_can_modify',
    'commits',
    'additions',
    'deletions',
    'changed_files',
  ])
    delete payload[field];
  return payload;
}

function pullIn(request: ApiRequest): PullRequest {
  const issue = request.repository.issues.get(idFrom(request.params, 'number'));
  if (!issue || !isPull(issue)) throw notFound();
  return issue;
}

function commitsOf(state: GitHubState, pull: PullRequest): readonly Commit[] {
  const base = state.commits.get(pull.baseSha);
  const head = state.commits.get(pull.headSha);
  return base && head ? (compare(state, base, head)?.ahead ?? []) : [];
}

/** Newest first unless `sort` is given without `direction` and not `created`. */
function listed(request: ApiRequest): PullRequest[] {
  const { query, repository } = request;
  const wanted = query.get('state') ?? 'open';
  const sort = query.get('sort') ?? 'created';
  const direction = query.get('direction') ?? (sort === 'created' ? 'desc' : 'asc');
  const head = query.get('head');
  const base = query.get('base');
  const value = (pull: PullRequest) => (sort === 'updated' ? pull.updatedAtMs : pull.createdAtMs);
  const sign = direction === 'asc' ? 1 : -1;
  return pullsOf(repository)
    .filter((pull) => wanted === 'all' || pull.state === wanted)
    .filter((pull) => head === null || `${pull.headOwner.login}:${pull.headRef}` === head)
    .filter((pull) => base === null || pull.baseRef === base)
    .sort((a, b) => sign * (value(a) - value(b) || a.number - b.number));
}
