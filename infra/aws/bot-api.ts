/** The door: an HTTP API with the declared routes and nothing else, throttled, its access log free of the tokens that URLs hold. */
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { FunctionName } from './functions.ts';

interface Route {
  readonly method: HttpMethod;
  readonly path: string;
  /** Why anybody may call it; without a reason only callers with IAM permission may. */
  readonly publicBecause?: string;
}

const GITHUB = 'GitHub signs each delivery; the function checks that before it reads it.';
const HORREUM = 'Horreum can only carry a secret in the URL; the function checks that token.';
const PERFLAB = 'A job brings a signature or a token in the URL; the function checks it.';

const VERDICT =
  'A public repository’s verdict is public and rate-limited; any other needs a token of its project, which the function checks.';

const ROUTES: Readonly<Partial<Record<FunctionName, readonly Route[]>>> = {
  'github-webhook': [{ method: HttpMethod.POST, path: '/github', publicBecause: GITHUB }],
  'horreum-webhook': [
    { method: HttpMethod.POST, path: '/horreum', publicBecause: HORREUM },
    { method: HttpMethod.POST, path: '/horreum/{token}/{event+}', publicBecause: HORREUM },
  ],
  'perflab-webhook': [
    { method: HttpMethod.POST, path: '/job', publicBecause: PERFLAB },
    { method: HttpMethod.POST, path: '/job/{token}', publicBecause: PERFLAB },
  ],
  'run-verdict': [{ method: HttpMethod.GET, path: '/runs/{runKey}', publicBecause: VERDICT }],
  'admin-api': [
    { method: HttpMethod.ANY, path: '/config' },
    { method: HttpMethod.ANY, path: '/config/{proxy+}' },
    { method: HttpMethod.ANY, path: '/admin/{proxy+}' },
  ],
};

export interface BotApiProps {
  readonly accessLog: ILogGroup;
  /** Requests a second that are let in over a longer time, all routes together. */
  readonly requestsPerSecond: number;
  /** Requests let in at once. */
  readonly burst: number;
}

/** Never the path, the query or the raw URL: they hold the Horreum and PerfLab tokens. */
const ACCESS_LOG_FIELDS = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  routeKey: '$context.routeKey',
  status: '$context.status',
  functionStatus: '$context.integrationStatus',
  latencyMs: '$context.responseLatency',
  functionLatencyMs: '$context.integrationLatency',
  answerBytes: '$context.responseLength',
  sourceIp: '$context.identity.sourceIp',
  refusal: '$context.error.responseType',
};

export class BotApi extends Construct {
  readonly api: HttpApi;
  private readonly adminRoutes: HttpRoute[] = [];

  constructor(scope: Construct, id: string, props: BotApiProps) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      description: 'Perf Bot: webhooks and configuration',
      createDefaultStage: false,
    });
    new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: props.requestsPerSecond, burstLimit: props.burst },
      accessLogSettings: {
        destination: new LogGroupLogDestination(props.accessLog),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG_FIELDS)),
      },
    });
  }

  /** `https://…` without a slash at its end. */
  get url(): string {
    return this.api.apiEndpoint;
  }

  /** Opens the routes of a function; most have none. */
  open(name: FunctionName, handler: IFunction): void {
    const integration = new HttpLambdaIntegration(name, handler, { scopePermissionToRoute: true });
    for (const { method, path, publicBecause } of ROUTES[name] ?? []) {
      const route = new HttpRoute(this, `${method} ${path}`, {
        httpApi: this.api,
        routeKey: HttpRouteKey.with(path, method),
        integration,
        authorizer: publicBecause ? new HttpNoneAuthorizer() : new HttpIamAuthorizer(),
      });
      if (publicBecause) acknowledge(route, 'AwsSolutions-APIG4', publicBecause);
      else this.adminRoutes.push(route);
    }
  }

  /** Lets a role or user configure projects and operate the bot. */
  grantConfigure(grantee: IGrantable): void {
    for (const route of this.adminRoutes) route.grantInvoke(grantee);
  }
}
