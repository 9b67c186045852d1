/** Finds the route for a request, checks who may call it, and finds the repository in the path. */
import { createRouter, type PathParameters } from '../../stand-in/router.ts';
import { ApiError, notFound } from './api-error.ts';
import type { ApiAnswer, ApiRequest, RawRequest } from './request.ts';
import { checkNeed, checkRepository, type Need } from './callers.ts';
import { fullName, type Repository } from '../state/records.ts';
import type { World } from '../webhooks/webhooks.ts';

export interface Route {
  readonly method: string;
  readonly path: string;
  readonly needs: Need;
  readonly answer: (world: World, request: ApiRequest) => ApiAnswer;
}

export type Router = (request: RawRequest) => ApiAnswer;

export function createApiRouter(world: World, routes: readonly Route[]): Router {
  const find = createRouter(routes);
  return (raw) => {
    const moved = movedTo(world, raw);
    if (moved) return moved;
    const found = find(raw.method, byName(world, raw.path));
    if (!found) throw notFound();
    return found.route.answer(world, prepare(world, raw, found.route, decodeAll(found.parameters)));
  };
}

function prepare(world: World, raw: RawRequest, route: Route, params: Record<string, string>): ApiRequest {
  const caller = raw.authenticate();
  checkNeed(route.needs, caller);
  const repository = repositoryIn(world, params);
  if (route.path.startsWith('/repos/{owner}') && !repository) throw notFound();
  if (repository) checkRepository(repository, caller);
  return {
    ...raw,
    params,
    caller,
    get repository(): Repository {
      if (!repository) throw notFound();
      return repository;
    },
  };
}

function repositoryIn(world: World, params: Readonly<Record<string, string>>): Repository | undefined {
  const wanted = `${params['owner']}/${params['repo']}`.toLowerCase();
  return world.state.repositories.find((repository) => fullName(repository).toLowerCase() === wanted);
}

/** A renamed repository answers with its lasting address: 301 for reading, 307 where the method must stay. */
function movedTo(world: World, raw: RawRequest): ApiAnswer | undefined {
  const [, name, rest] = /^\/repos\/([^/]+\/[^/]+)(\/.*)?$/.exec(raw.path) ?? [];
  const moved = world.state.repositories.find((repository) => repository.formerNames.includes(name ?? ''));
  if (!moved) return undefined;
  const query = raw.query.size > 0 ? `?${raw.query.toString()}` : '';
  const url = `${world.state.apiUrl}/repositories/${moved.id}${rest ?? ''}${query}`;
  const body = { message: 'Moved Permanently', url, documentation_url: 'https://docs.github.com/rest' };
  return { status: raw.method === 'GET' ? 301 : 307, headers: { location: url }, body };
}

/** `/repositories/{id}/…` is the same as `/repos/{owner}/{name}/…`. */
function byName(world: World, path: string): string {
  const [, id, rest] = /^\/repositories\/(\d+)(\/.*)?$/.exec(path) ?? [];
  const repository = world.state.repositories.find((one) => one.id === Number(id));
  return repository ? `/repos/${fullName(repository)}${rest ?? ''}` : path;
}

function decodeAll(parameters: PathParameters): Record<string, string> {
  try {
    return Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [name, decodeURIComponent(value)]),
    );
  } catch {
    throw new ApiError(400, 'Bad Request');
  }
}
