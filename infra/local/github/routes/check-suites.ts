/** Serves check suites, as far as an App meets them. */
import { ApiError, notFound } from '../api/api-error.ts';
import { idFrom, type ApiRequest } from '../api/request.ts';
import { rerequestSuite } from '../acts/checks.ts';
import { findCommit } from '../state/commit-graph.ts';
import { pageOf } from '../api/paging.ts';
import { checkSuitePayload } from '../payloads/check.ts';
import type { Route } from '../api/router.ts';
import type { CheckSuite } from '../state/records.ts';
import type { World } from '../webhooks/webhooks.ts';

export const checkSuiteRoutes: readonly Route[] = [
  {
    // For administrators of the repository only; an App is none.
    method: 'PATCH',
    path: '/repos/{owner}/{repo}/check-suites/preferences',
    needs: ['checks:write'],
    answer: () => {
      throw new ApiError(403, 'Resource not accessible by integration');
    },
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/check-suites/{id}',
    needs: ['checks:read'],
    answer: (world, request) => ({
      status: 200,
      body: checkSuitePayload(world.state, suiteIn(world, request)),
    }),
  },
  {
    method: 'POST',
    path: '/repos/{owner}/{repo}/check-suites/{id}/rerequest',
    needs: ['checks:write'],
    answer: (world, request) => {
      rerequestSuite(world, suiteIn(world, request), world.state.bot);
      return { status: 201, body: {} };
    },
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/commits/{ref}/check-suites',
    needs: ['checks:read'],
    answer: (world, request) => {
      const { state } = world;
      const commit = findCommit(state, request.repository, request.params['ref'] ?? '');
      if (!commit) throw notFound();
      const appId = request.query.get('app_id');
      const all = state.checkSuites
        .filter((suite) => suite.repository === request.repository && suite.headSha === commit.sha)
        .filter((suite) => appId === null || suite.appId === Number(appId));
      const page = pageOf(state, request, all);
      const suites = page.items.map((suite) => checkSuitePayload(state, suite));
      return { status: 200, headers: page.headers, body: { total_count: all.length, check_suites: suites } };
    },
  },
];

function suiteIn(world: World, request: ApiRequest): CheckSuite {
  const id = idFrom(request.params, 'id');
  const suite = world.state.checkSuites.find((one) => one.id === id && one.repository === request.repository);
  if (!suite) throw notFound();
  return suite;
}
