/** Matches paths with patterns as API Gateway writes its routes: `/horreum/{token}/{event+}`. */

export type PathParameters = Readonly<Record<string, string>>;

/** `{name}` takes one segment, `{name+}` the rest of the path; neither is ever empty. Undefined: the path is another one. */
export type MatchPath = (path: string) => PathParameters | undefined;

export function pathMatcher(pattern: string): MatchPath {
  const source = pattern
    .split(/(\{\w+\+?\})/)
    .map((part) => {
      const [, name, rest] = /^\{(\w+)(\+?)\}$/.exec(part) ?? [];
      return name === undefined
        ? part.replace(/[.*+?^$()|[\]\\]/g, '\\$&')
        : `(?<${name}>${rest ? '.+' : '[^/]+'})`;
    })
    .join('');
  const whole = new RegExp(`^${source}$`, 's');
  return (path) => {
    const found = whole.exec(path);
    return found ? { ...found.groups } : undefined;
  };
}

/** The first route of a table that has the method and the path. */
export function createRouter<Route extends { readonly method: string; readonly path: string }>(
  routes: readonly Route[],
): (
  method: string,
  path: string,
) => { readonly route: Route; readonly parameters: PathParameters } | undefined {
  const known = routes.map((route) => ({ route, match: pathMatcher(route.path) }));
  return (method, path) => {
    for (const { route, match } of known) {
      const parameters = route.method === method ? match(path) : undefined;
      if (parameters) return { route, parameters };
    }
    return undefined;
  };
}
