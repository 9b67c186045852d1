/** Who can reach what: only the declared routes, /config only with IAM, throttled, and no token ever in the access log. */
import { expect, test } from '@jest/globals';
import { type Policy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { synthesize } from './synthesize.ts';

const { ofType, show, resources, stack } = synthesize();

test('only the declared routes are there, and only webhooks are public', () => {
  const integrations = Object.entries(resources).filter(
    ([, { Type }]) => Type === 'AWS::ApiGatewayV2::Integration',
  );
  const functionBehind = (target: unknown) => {
    const [, integration] = integrations.find(([id]) => show(target) === `integrations/<${id}>`) ?? [];
    return show(integration?.Properties.IntegrationUri);
  };
  const routes = ofType('AWS::ApiGatewayV2::Route').map(({ Properties }) => [
    Properties.RouteKey as string,
    functionBehind(Properties.Target),
    Properties.AuthorizationType as string,
  ]);
  expect(routes.sort()).toEqual([
    ['ANY /admin/{proxy+}', 'admin-api', 'AWS_IAM'],
    ['ANY /config', 'admin-api', 'AWS_IAM'],
    ['ANY /config/{proxy+}', 'admin-api', 'AWS_IAM'],
    ['GET /runs/{runKey}', 'run-verdict', 'NONE'],
    ['POST /github', 'github-webhook', 'NONE'],
    ['POST /horreum', 'horreum-webhook', 'NONE'],
    ['POST /horreum/{token}/{event+}', 'horreum-webhook', 'NONE'],
    ['POST /job', 'perflab-webhook', 'NONE'],
    ['POST /job/{token}', 'perflab-webhook', 'NONE'],
  ]);
  for (const [, { Properties }] of integrations) expect(Properties.PayloadFormatVersion).toBe('2.0');
});

test('nothing else can call a function than those routes and the schedule', () => {
  const callers = ofType('AWS::Lambda::Permission').map(({ Properties }) => {
    const source = show(Properties.SourceArn).replace(/^.*>\/\*\/\*/, '');
    return `${Properties.Principal as string} ${source} → ${show(Properties.FunctionName)}`;
  });
  const [ruleId] = Object.entries(resources).find(([, { Type }]) => Type === 'AWS::Events::Rule') ?? [];
  expect(callers.sort()).toEqual([
    'apigateway.amazonaws.com /admin/{proxy+} → admin-api',
    'apigateway.amazonaws.com /config → admin-api',
    'apigateway.amazonaws.com /config/{proxy+} → admin-api',
    'apigateway.amazonaws.com /github → github-webhook',
    'apigateway.amazonaws.com /horreum → horreum-webhook',
    'apigateway.amazonaws.com /horreum/{token}/{event+} → horreum-webhook',
    'apigateway.amazonaws.com /job → perflab-webhook',
    'apigateway.amazonaws.com /job/{token} → perflab-webhook',
    'apigateway.amazonaws.com /runs/{runKey} → run-verdict',
    `events.amazonaws.com <${ruleId}> → sweeper`,
  ]);
  expect(ofType('AWS::Lambda::Url')).toEqual([]);
});

test('the access log names the route and never the path, the query or a header', () => {
  const [stage, ...others] = ofType('AWS::ApiGatewayV2::Stage');
  expect(others).toEqual([]);
  const format = JSON.parse(stage?.Properties.AccessLogSettings.Format as string) as Record<string, string>;
  expect(format.routeKey).toBe('$context.routeKey');
  const logged = Object.values(format);
  for (const variable of logged) expect(variable).toMatch(/^\$context\.[a-zA-Z.]+$/);
  expect(
    logged.filter((variable) => /path|query|uri|url|header|userAgent|authorizer|message/i.test(variable)),
  ).toEqual([]);
});

test('the API is throttled', () => {
  const [stage] = ofType('AWS::ApiGatewayV2::Stage');
  expect(stage?.Properties.DefaultRouteSettings).toMatchObject({
    ThrottlingRateLimit: 20,
    ThrottlingBurstLimit: 100,
  });
});

test('no other web site can call it from a browser', () => {
  expect(
    ofType('AWS::ApiGatewayV2::Api').map(({ Properties }) => Properties.CorsConfiguration as unknown),
  ).toEqual([undefined]);
});

test('grantConfigure lets a role call the admin API and nothing else', () => {
  const role = new Role(stack, 'Operator', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  stack.bot.grantConfigure(role);
  const policy = role.node.findChild('DefaultPolicy') as Policy;
  const { Statement } = stack.resolve(policy.document) as { Statement: Record<string, unknown>[] };
  const granted = Statement.map(({ Action, Resource }) => [
    Action,
    [Resource].flat().map((on) => show(on).replace(/^.*>(?=\/)/, '')),
  ]);
  expect(granted).toEqual([['execute-api:Invoke', ['/*/*/admin/*', '/*/*/config', '/*/*/config/*']]]);
});
