/** Mounts the routes of GitHub Actions in the stand-in for GitHub: the same tokens, permissions and repositories, and its webhook. */
import { notFound } from '../github/api-error.ts';
import type { ExtraRoute, RawRequest } from '../github/api-request.ts';
import type { GitHubStandIn } from '../github/github-stand-in.ts';
import { checkNeed, checkRepository } from '../github/permissions.ts';
import { fullName } from '../github/state.ts';
import { html, type StandInCall } from '../perflab/stand-in-server.ts';
import { createActionsRoutes, type ActionsRoutes, type ActionsRoutesOptions } from './actions-routes.ts';

export interface ActionsInGitHub {
  readonly routes: ActionsRoutes;
  readonly extraRoute: ExtraRoute;
  /** Tells it which GitHub it is in: that one's tokens are asked for, and it sends the webhooks. */
  readonly join: (github: GitHubStandIn) => void;
}

const OURS = /^\/repos\/([^/]+\/[^/]+)\/(actions\/(?:workflows|runs|jobs)|contents\/\.github\/workflows)\//;
/** What a browser sees. */
const PAGE = /^\/[^/]+\/[^/]+\/actions\/(?:runs|workflows)\/[^/]+$/;

export function createActionsInGitHub(
  options: Omit<ActionsRoutesOptions, 'mayPass' | 'onEvent'>,
): ActionsInGitHub {
  let github: GitHubStandIn | undefined;
  const routes = createActionsRoutes({
    ...options,
    onEvent(action, payload, run) {
      if (!github) return;
      const { file } = run.workflow;
      const parts = {
        workflow: { name: 'perf', path: `.github/workflows/${file}`, state: run.workflow.state ?? 'active' },
        workflow_run: payload,
      };
      github.fire(
        repositoryNamed(github, run.workflow.repository),
        'workflow_run',
        action,
        parts,
        github.state.bot,
      );
    },
  });

  function extraRoute(request: RawRequest) {
    if (request.method === 'GET' && PAGE.test(request.path))
      return html(200, `${request.path} (stand-in for GitHub Actions)`);
    const [, repository, part = ''] = OURS.exec(request.path) ?? [];
    if (repository !== undefined) checkCaller(request, repository, part);
    return routes.handle(callOf(request));
  }

  function checkCaller(request: RawRequest, repository: string, part: string): void {
    if (!github) throw notFound();
    const caller = request.authenticate();
    const level = request.method === 'GET' ? 'read' : 'write';
    checkNeed([part.startsWith('contents') ? 'contents:read' : `actions:${level}`], caller);
    checkRepository(repositoryNamed(github, repository), caller);
  }

  return { routes, extraRoute, join: (joined) => void (github = joined) };
}

function repositoryNamed(github: GitHubStandIn, name: string) {
  const found = github.state.repositories.find((one) => fullName(one).toLowerCase() === name.toLowerCase());
  if (!found) throw notFound();
  return found;
}

function callOf({ method, path, query, headers, rawBody }: RawRequest): StandInCall {
  const texts = Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
  const origin = `http://${headers.host ?? '127.0.0.1'}`;
  return { method, path, query, headers: Object.fromEntries(texts), body: rawBody, origin };
}
