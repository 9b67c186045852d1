/** Compares two templates: what CloudFormation would refuse, or would do by throwing away what is kept, when the one becomes the other. */
import { isDeepStrictEqual } from 'node:util';

export interface StackTemplate {
  readonly Parameters: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, StackResource>>;
  readonly Outputs: Readonly<Record<string, unknown>>;
}

interface StackResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

interface Index {
  readonly IndexName: string;
}

/**
 * Resources whose id must stay, with the properties whose change replaces them or is refused. Under another id a resource is made anew: what
 * it keeps is gone, and a route, a mapping or a name that is still taken makes the deployment fail. The text of a secret overwrites what the
 * operator wrote there.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
 */
const PINNED: Readonly<Record<string, readonly string[]>> = {
  'AWS::DynamoDB::GlobalTable': [
    'TableName',
    'KeySchema',
    'LocalSecondaryIndexes',
    'BillingMode',
    'TimeToLiveSpecification',
  ],
  'AWS::SecretsManager::Secret': ['Name', 'SecretString'],
  'AWS::SQS::Queue': ['QueueName', 'FifoQueue'],
  'AWS::ApiGatewayV2::Api': ['ProtocolType'],
  'AWS::ApiGatewayV2::Stage': ['ApiId', 'StageName'],
  'AWS::ApiGatewayV2::Route': ['ApiId', 'RouteKey'],
  'AWS::Lambda::Function': ['FunctionName', 'PackageType'],
  'AWS::Lambda::EventSourceMapping': ['EventSourceArn'],
  'AWS::Logs::LogGroup': ['LogGroupName'],
  'AWS::SNS::Topic': ['TopicName', 'FifoTopic'],
  'AWS::SNS::Subscription': ['TopicArn', 'Protocol', 'Endpoint'],
};

/** One sentence for each; none if the stack can be updated, and everything that it keeps stays. */
export function refusedUpdates(before: StackTemplate, now: StackTemplate): string[] {
  const resources = Object.entries(before.Resources).flatMap(([id, { Type, Properties = {} }]) => {
    const pinned = PINNED[Type];
    if (!pinned) return [];
    const next = now.Resources[id];
    if (next?.Type !== Type) return [`${Type} ${id} is gone`];
    const changed = pinned.filter((name) => !isDeepStrictEqual(Properties[name], next.Properties?.[name]));
    return [
      ...changed.map((name) => `${Type} ${id} has another ${name}`),
      ...indexFaults(Properties, next.Properties ?? {}),
    ];
  });
  const names = (['Parameters', 'Outputs'] as const).flatMap((section) =>
    Object.keys(before[section])
      .filter((name) => !(name in now[section]))
      .map((name) => `${section} lacks ${name}`),
  );
  return [...resources, ...names];
}

/** An index can't be changed under its name: another shape is another index, beside the old one. */
function indexFaults(before: object, now: object): string[] {
  return ['GlobalSecondaryIndexes', 'AttributeDefinitions'].flatMap((property) => {
    const [old, next] = [before, now].map(
      (one) => (one as Record<string, Index[] | undefined>)[property] ?? [],
    );
    return (old ?? [])
      .filter((one) => !next?.some((other) => isDeepStrictEqual(one, other)))
      .map((one) => `${property} lacks ${JSON.stringify(one)}`);
  });
}
