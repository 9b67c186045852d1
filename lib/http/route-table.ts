/** Answers requests by a table whose keys are routes as API Gateway writes them: `GET /config/{owner}/{repo}`. */
import { reply, type HttpAnswer, type HttpEvent } from './api-gateway.ts';

/** What the path has in place of each `{name}`; never empty. */
export type PathParameters = Readonly<Record<string, string>>;

export type Act<Deps> = (deps: Deps, event: HttpEvent, parameters: PathParameters) => Promise<HttpAnswer>;

/** A path that no route has is answered by 404, a method that its path does not have by 405. */
export function routed<Deps>(table: Readonly<Record<string, Act<Deps>>>) {
  const routes = Object.entries(table).map(([route, act]) => {
    const [method = '', path = ''] = route.split(' ');
    return { method, pattern: patternOf(path), act };
  });
  return async (deps: Deps, event: HttpEvent): Promise<HttpAnswer> => {
    const here = routes.filter(({ pattern }) => pattern.test(event.rawPath));
    if (here.length === 0) return reply(404, 'there is nothing here');
    const route = here.find(({ method }) => method === event.requestContext.http.method);
    if (route) return route.act(deps, event, route.pattern.exec(event.rawPath)?.groups ?? {});
    const allow = here.map(({ method }) => method).join(', ');
    return reply(405, `only ${allow} here`, { allow });
  };
}

/** A slash at the end makes no difference. */
function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}/?$`);
}
