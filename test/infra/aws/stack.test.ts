/** What is deployed and how it is kept: runtime, retention, backups, secrets, schedule. */
import { describe, expect, test } from '@jest/globals';
import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { FUNCTION_NAMES } from '../../../infra/aws/functions.ts';
import { PerfBot } from '../../../infra/aws/perf-bot.ts';
import { INDEXES, TTL_ATTRIBUTE } from '../../../lib/aws/table.ts';
import { CDK_JSON, placeholderBundles, scratchApp, synthesize } from './synthesize.ts';

const { stack, resource, lambdaOf, ofType, show } = synthesize();

describe.each(FUNCTION_NAMES)('%s', (name) => {
  const { Properties } = lambdaOf(name);

  test('runs on the newest Node LTS of Lambda, on arm64, from its bundle', () => {
    expect(Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
    });
  });

  test('reserves no concurrency: new accounts have too little', () => {
    expect(Properties.ReservedConcurrentExecutions).toBeUndefined();
  });

  test('logs to a group of its own, kept as long as the operator says', () => {
    expect(show(Properties.LoggingConfig.LogGroup)).toBe(`${name} log`);
    const group = resource(stack.bot.functions[name].lambda.logGroup);
    expect(group.Properties.RetentionInDays).toEqual({ Ref: 'LogRetentionDays' });
  });
});

test('a door answers within the 10 s that GitHub gives', () => {
  for (const name of ['github-webhook', 'horreum-webhook', 'perflab-webhook'] as const) {
    expect(lambdaOf(name).Properties.Timeout).toBeLessThanOrEqual(10);
  }
  expect(lambdaOf('sweeper').Properties.Timeout).toBe(60);
});

test('every log group ends its lines some day', () => {
  const groups = ofType('AWS::Logs::LogGroup');
  expect(groups).toHaveLength(FUNCTION_NAMES.length + 1); // and the access log
  for (const { Properties } of groups)
    expect(Properties.RetentionInDays).toEqual({ Ref: 'LogRetentionDays' });
});

describe('what is kept', () => {
  const table = resource(stack.bot.runTable.table);

  test('the table can be brought back, is encrypted, and does not go with the stack', () => {
    expect(table).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(table.Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      SSESpecification: { SSEEnabled: true },
      TimeToLiveSpecification: { Enabled: true },
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      Replicas: [
        {
          DeletionProtectionEnabled: true,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        },
      ],
    });
  });

  test('its indexes are those that the stores query', () => {
    const indexes = table.Properties.GlobalSecondaryIndexes as {
      IndexName: string;
      KeySchema: { AttributeName: string }[];
    }[];
    const made = indexes.map(({ IndexName, KeySchema }) => [
      IndexName,
      ...KeySchema.map(({ AttributeName }) => AttributeName),
    ]);
    const queried = Object.values(INDEXES).map(({ name, hash, range }) => [name, hash, range]);
    expect(made.sort()).toEqual(queried.sort());
    expect(table.Properties.TimeToLiveSpecification.AttributeName).toBe(TTL_ATTRIBUTE);
  });

  test('the indexes of the runs, which change most, hold keys only', () => {
    const indexes = table.Properties.GlobalSecondaryIndexes as {
      IndexName: string;
      Projection: { ProjectionType: string };
    }[];
    const projected = indexes.map(({ IndexName, Projection }) => [IndexName, Projection.ProjectionType]);
    expect(Object.fromEntries(projected)).toEqual({
      'by-pull-request': 'KEYS_ONLY',
      'open-by-project': 'KEYS_ONLY',
      due: 'KEYS_ONLY',
      'by-list': 'ALL',
    });
  });

  test('the secrets start empty, under names that the operator is told, and stay, but never of a deployment that failed', () => {
    const secrets = ofType('AWS::SecretsManager::Secret');
    expect(secrets.map(({ Properties }) => `${Properties.Name} ${Properties.SecretString}`)).toEqual([
      'perf-bot/github-app {}',
      'perf-bot/webhook {}',
    ]);
    for (const secret of secrets)
      expect(secret).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
  });
});

test('a deployment asks nobody for anything, so that it needs no terminal', () => {
  expect(CDK_JSON.requireApproval).toBe('never');
});

test('every minute one sweep, never repeated', () => {
  const [rule] = ofType('AWS::Events::Rule');
  expect(rule?.Properties).toMatchObject({ ScheduleExpression: 'rate(1 minute)', State: 'ENABLED' });
  expect(show(rule?.Properties.Targets[0].Arn)).toBe('sweeper');
  expect(rule?.Properties.Targets[0].RetryPolicy.MaximumRetryAttempts).toBe(0);
  expect(ofType('AWS::Lambda::EventInvokeConfig')[0]?.Properties.MaximumRetryAttempts).toBe(0);
});

test('each finding of cdk-nag that is accepted has its reason', () => {
  const accepted = stack.node
    .findAll()
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .map(({ data }) => JSON.stringify(data));
  expect(accepted.length).toBeGreaterThan(0);
  for (const each of accepted) expect(each).toMatch(/\w+ \w+ \w+/);
  // IAM5 is accepted for one exact resource, never as a whole.
  expect(accepted.filter((each) => each.includes('IAM5') && !each.includes('IAM5[Resource::'))).toEqual([]);
});

test('the construct fits into any other app, which may let all go with the stack', () => {
  const other = new Stack(scratchApp(), 'Other', { env: { account: '111122223333', region: 'eu-west-1' } });
  new PerfBot(other, 'PerfBot', {
    bundleDir: placeholderBundles(),
    secretPrefix: 'other/',
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const made = Template.fromStack(other);
  made.hasResource('AWS::DynamoDB::GlobalTable', { DeletionPolicy: 'Delete' });
  made.hasResourceProperties('AWS::SecretsManager::Secret', { Name: 'other/github-app' });
});
