/** Serves commits, comparisons, and the pull requests of a commit. */
import { ApiError, notFound } from '../api/api-error.ts';
import type { ApiRequest } from '../api/request.ts';
import { compare, findCommit } from '../state/commit-graph.ts';
import { pageOf, pageSize } from '../api/paging.ts';
import { commitPayload, comparisonPayload } from '../payloads/commit.ts';
import type { Route } from '../api/router.ts';
import { pullsOf, type Commit } from '../state/records.ts';
import type { World } from '../webhooks/webhooks.ts';
import { shortPayload } from './pulls.ts';

const MAX_COMMITS_UNPAGED = 250;

export const commitRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/commits/{ref}',
    needs: ['contents:read'],
    answer: (world, request) => ({
      status: 200,
      body: commitPayload(
        world.state,
        request.repository,
        commitNamed(world, request, request.params['ref'] ?? ''),
      ),
    }),
  },
  {
    // Finds nothing for the head of a fork's pull request.
    method: 'GET',
    path: '/repos/{owner}/{repo}/commits/{ref}/pulls',
    needs: ['pull_requests:read'],
    answer: (world, request) => {
      const commit = commitNamed(world, request, request.params['ref'] ?? '');
      const all = pullsOf(request.repository).filter(
        (pull) => pull.headRepository === request.repository && pull.headSha === commit.sha,
      );
      const page = pageOf(world.state, request, all);
      return {
        status: 200,
        headers: page.headers,
        body: page.items.map((pull) => shortPayload(world.state, pull)),
      };
    },
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/compare/{basehead+}',
    needs: ['contents:read'],
    answer: answerComparison,
  },
];

function answerComparison(world: World, request: ApiRequest) {
  const [baseName, headName] = (request.params['basehead'] ?? '').split('...');
  if (!baseName || !headName) throw notFound();
  const base = commitNamed(world, request, baseName);
  const comparison = compare(world.state, base, commitNamed(world, request, headName));
  if (!comparison) throw new ApiError(404, `No common ancestor between ${baseName} and ${headName}.`);
  const payload = comparisonPayload(world.state, request.repository, base, comparison);
  if (!request.query.has('per_page') && !request.query.has('page')) {
    return { status: 200, body: { ...payload, commits: payload.commits.slice(-MAX_COMMITS_UNPAGED) } };
  }
  // The counts are of the whole comparison, the commits are the page's, the files stand on the first page only.
  const page = pageOf(world.state, request, payload.commits);
  const first = Number(request.query.get('page') ?? 1) <= 1;
  return {
    status: 200,
    headers: pageSize(request) < payload.commits.length ? page.headers : {},
    body: { ...payload, commits: page.items, files: first ? payload.files : [] },
  };
}

function commitNamed(world: World, request: ApiRequest, name: string): Commit {
  const commit = findCommit(world.state, request.repository, name);
  if (commit) return commit;
  if (/^[0-9a-f]{40}$/.test(name) && request.path.includes('/commits/')) {
    throw new ApiError(422, `No commit found for SHA: ${name}`);
  }
  throw notFound();
}
