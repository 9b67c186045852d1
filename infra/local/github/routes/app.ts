/** Serves the App itself, its installations and their tokens, and what anybody may ask without a token. */
import { ApiError, notFound } from '../api/api-error.ts';
import { newTokenText, suspended } from '../api/callers.ts';
import { pageOf } from '../api/paging.ts';
import { idFrom, type ApiRequest } from '../api/request.ts';
import type { Route } from '../api/router.ts';
import { appPayload, installationPayload } from '../payloads/account.ts';
import { repositoryPayload } from '../payloads/repository.ts';
import { isoSeconds } from '../../stand-in/clock.ts';
import type { Installation, Repository } from '../state/records.ts';
import { installationOf, type GitHubState } from '../state/state.ts';
import type { World } from '../webhooks/webhooks.ts';

const TOKEN_LIFE_MS = 3_600_000;
const MAX_REPOSITORIES_IN_TOKEN = 500;
const LEVELS = ['read', 'write', 'admin'];

export const appRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/app',
    needs: 'app',
    answer: ({ state }) => ({
      status: 200,
      body: { ...appPayload(state, state.app.id), installations_count: state.installations.length },
    }),
  },
  {
    method: 'GET',
    path: '/app/installations',
    needs: 'app',
    answer: ({ state }, request) => {
      const page = pageOf(state, request, state.installations);
      return {
        status: 200,
        headers: page.headers,
        body: page.items.map((one) => installationPayload(state, one, 'rest')),
      };
    },
  },
  {
    method: 'GET',
    path: '/app/installations/{id}',
    needs: 'app',
    answer: ({ state }, request) => ({
      status: 200,
      body: installationPayload(state, installationIn(state, request), 'rest'),
    }),
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/installation',
    needs: 'app',
    answer: ({ state }, request) => {
      const installation = installationOf(state, request.repository);
      if (!installation) throw notFound();
      return { status: 200, body: installationPayload(state, installation, 'rest') };
    },
  },
  { method: 'POST', path: '/app/installations/{id}/access_tokens', needs: 'app', answer: issueToken },
  {
    method: 'GET',
    path: '/installation/repositories',
    needs: ['metadata:read'],
    answer: ({ state }, request) => {
      if (request.caller.kind !== 'installation') throw notFound();
      const { installation, repositoryIds } = request.caller.token;
      const all = coveredBy(state, installation).filter(
        (one) => !repositoryIds || repositoryIds.includes(one.id),
      );
      const page = pageOf(state, request, all);
      const repositories = page.items.map((repository) => repositoryPayload(state, repository));
      return {
        status: 200,
        headers: page.headers,
        body: { total_count: all.length, repository_selection: 'selected', repositories },
      };
    },
  },
];

function issueToken({ state }: World, request: ApiRequest) {
  const installation = installationIn(state, request);
  if (installation.suspendedAtMs !== undefined) throw suspended();
  const repositories = chosenRepositories(state, installation, request.body);
  const permissions = chosenPermissions(installation, request.body['permissions']);
  const expiresAtMs = state.nowMs() + TOKEN_LIFE_MS;
  const token = newTokenText();
  state.tokens.set(token, {
    installation,
    permissions,
    repositoryIds: repositories?.map(({ id }) => id),
    expiresAtMs,
  });
  return {
    status: 201,
    body: {
      token,
      expires_at: isoSeconds(expiresAtMs),
      permissions,
      repository_selection: 'selected',
      ...(repositories
        ? { repositories: repositories.map((repository) => repositoryPayload(state, repository)) }
        : {}),
    },
  };
}

/** A token can only be narrower than its installation. */
function chosenRepositories(
  state: GitHubState,
  installation: Installation,
  body: Readonly<Record<string, unknown>>,
): Repository[] | undefined {
  const wanted = body['repository_ids'] ?? body['repositories'];
  if (wanted === undefined) return undefined;
  const covered = coveredBy(state, installation);
  if (!Array.isArray(wanted) || wanted.length > MAX_REPOSITORIES_IN_TOKEN)
    throw new ApiError(422, 'Invalid request.');
  return wanted.map((one: unknown) => {
    const found = covered.find((repository) => repository.id === one || repository.name === one);
    if (!found) {
      throw new ApiError(
        422,
        'There is at least one repository that does not exist or is not accessible to the parent installation.',
      );
    }
    return found;
  });
}

function chosenPermissions(installation: Installation, wanted: unknown): Record<string, string> {
  if (wanted === undefined) return { ...installation.permissions };
  const chosen = Object.entries(wanted as Record<string, string>);
  const wider = chosen.some(
    ([name, level]) => rank(level) > rank(installation.permissions[name]) || rank(level) < 0,
  );
  if (wider) throw new ApiError(422, 'The permissions requested are not granted to this installation.');
  return { metadata: 'read', ...Object.fromEntries(chosen) };
}

function rank(level: string | undefined): number {
  return LEVELS.indexOf(level ?? '');
}

function coveredBy(state: GitHubState, installation: Installation): Repository[] {
  return state.repositories.filter(
    (repository) => repository.installed && repository.owner === installation.account,
  );
}

function installationIn(state: GitHubState, request: ApiRequest): Installation {
  const installation = state.installations.find(({ id }) => id === idFrom(request.params, 'id'));
  if (!installation) throw notFound();
  return installation;
}

export const metaRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/',
    needs: 'anybody',
    answer: () => ({
      status: 200,
      body: {
        message:
          'This is a stand-in for the GitHub API, made for trying Perf Bot out and for its tests. Nothing here is real: it knows no GitHub account, and it forgets everything when it stops.',
      },
    }),
  },
  {
    method: 'GET',
    path: '/meta',
    needs: 'anybody',
    answer: () => ({ status: 200, body: { hooks: ['127.0.0.1/32', '::1/128'] } }),
  },
  {
    method: 'GET',
    path: '/zen',
    needs: 'anybody',
    answer: () => ({
      status: 200,
      headers: { 'content-type': 'text/plain;charset=utf-8' },
      body: 'Measure before you merge.',
    }),
  },
];
