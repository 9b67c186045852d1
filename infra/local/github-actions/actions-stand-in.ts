/** Mounts GitHub Actions: on a server of its own for tests, or in the stand-in for GitHub with its tokens, repositories and webhook. */
import { notFound } from '../github/api/api-error.ts';
import { checkNeed, checkRepository } from '../github/api/callers.ts';
import type { ExtraRoute, RawRequest } from '../github/api/request.ts';
import type { GitHubStandIn } from '../github/github-stand-in.ts';
import { fullName } from '../github/state/records.ts';
import { startStandInServer, wholeCall, type StandInServer } from '../stand-in/server.ts';
import { html, type StandInCall } from '../stand-in/calls.ts';
import {
  createActionsRoutes,
  error,
  type ActionsRoutes,
  type ActionsRoutesOptions,
} from './actions-routes.ts';

export async function startActionsStandIn(
  options: ActionsRoutesOptions & { readonly port?: number; readonly token?: string },
): Promise<StandInServer & ActionsRoutes> {
  const mayPass = (call: StandInCall) =>
    call.headers['authorization'] === `Bearer ${options.token ?? 'installation-token'}`;
  const routes = createActionsRoutes({ mayPass, ...options });
  const server = await startStandInServer({
    name: 'github-actions',
    port: options.port,
    note: wholeCall,
    handle: (call) => routes.handle(call) ?? error(404, 'Not Found'),
  });
  return {
    ...server,
    ...routes,
    close() {
      routes.state.stopAll();
      return server.close();
    },
  };
}

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
    return routes.handle({ ...request, body: request.rawBody });
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
