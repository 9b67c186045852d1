/** Stands in for GitHub, for the local start and for tests: its REST API, its webhooks, and the people who comment, push and click. */
import type { Fault } from '../stand-in/faults.ts';
import type { Recorded } from '../stand-in/server.ts';
import type { ExtraRoute } from './api/request.ts';
import { startApiServer, type GitHubCall } from './api/api-server.ts';
import { createAuthentication } from './api/callers.ts';
import { createRateMeter } from './api/rate-limits.ts';
import { createState, type AppOptions, type GitHubState, type RateLimits } from './state/state.ts';
import { createPeople } from './acts/create-people.ts';
import type { People } from './acts/people.ts';
import { createApiRouter } from './api/router.ts';
import { appRoutes, metaRoutes } from './routes/app.ts';
import { checkRunRoutes } from './routes/check-runs.ts';
import { checkSuiteRoutes } from './routes/check-suites.ts';
import { commitRoutes } from './routes/commits.ts';
import { graphqlRoutes } from './routes/graphql.ts';
import { hookDeliveryRoutes } from './routes/hook-deliveries.ts';
import { issueCommentRoutes, reactionRoutes } from './routes/issue-comments.ts';
import { peopleRoutes } from './routes/people.ts';
import { pullRoutes } from './routes/pulls.ts';
import { createWebhooks, type WebhookFault, type Webhooks } from './webhooks/webhooks.ts';
import type { Delivery, HookConfig } from './webhooks/delivery.ts';

export interface GitHubStandInOptions extends AppOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  /** Checks the App's JWTs; without it only their claims are checked. A private key will do, too. */
  readonly publicKeyPem?: string;
  readonly webhookUrl?: string;
  readonly webhookSecret?: string;
  /** Where links in answers lead people. Default: the stand-in's own address. */
  readonly webUrl?: string;
  /** Tried before the stand-in's own routes; they see the request's headers and body. */
  readonly extraRoutes?: readonly ExtraRoute[];
  /** Gets a line for each request and each webhook. */
  readonly log?: (line: string) => void;
}

export interface GitHubStandIn extends People {
  /** Base address of the API, without a slash at the end. */
  readonly url: string;
  readonly state: GitHubState;
  /** Every API request so far. */
  readonly calls: readonly Recorded<GitHubCall>[];
  /** Strike once each, in order. */
  readonly faults: Fault[];
  readonly webhookFaults: WebhookFault[];
  /** The App's webhook address and secret: may be changed at any time. */
  readonly hook: HookConfig;
  readonly deliveries: readonly Delivery[];
  readonly rateLimits: RateLimits;
  /** Sends the App an event that something mounted by `extraRoutes` makes. */
  readonly fire: Webhooks['fire'];
  /** When all webhooks under way have been answered. */
  webhooksSettled(): Promise<void>;
  close(): Promise<void>;
}

const ROUTES = [
  metaRoutes,
  appRoutes,
  hookDeliveryRoutes,
  pullRoutes,
  issueCommentRoutes,
  reactionRoutes,
  commitRoutes,
  checkRunRoutes,
  checkSuiteRoutes,
  peopleRoutes,
  graphqlRoutes,
].flat();

export async function startGitHubStandIn(options: GitHubStandInOptions): Promise<GitHubStandIn> {
  const log = options.log ?? (() => undefined);
  const state = createState(options);
  const hook: HookConfig = {
    url: options.webhookUrl,
    secret: options.webhookSecret,
    contentType: 'json',
    insecureSsl: '0',
  };
  const webhooks = createWebhooks(state, hook, log);
  const world = { state, webhooks };
  const server = await startApiServer({
    port: options.port,
    authenticate: createAuthentication(state, options.publicKeyPem),
    route: createApiRouter(world, ROUTES),
    extraRoutes: options.extraRoutes ?? [],
    rateMeter: createRateMeter(state),
    nowMs: state.nowMs,
    onAnswer: ({ method, path, status }) => log(`${method} ${path}: ${status}`),
  });
  state.apiUrl = server.url;
  state.webUrl = options.webUrl ?? state.apiUrl;
  return {
    ...createPeople(world),
    url: state.apiUrl,
    state,
    calls: server.calls,
    faults: server.faults,
    webhookFaults: webhooks.faults,
    hook,
    deliveries: webhooks.deliveries,
    rateLimits: state.rateLimits,
    fire: (...event) => webhooks.fire(...event),
    webhooksSettled: () => webhooks.settled(),
    close() {
      webhooks.stop();
      return server.close();
    },
  };
}
