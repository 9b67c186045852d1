/** The broker's source: not there by default; with it, one more function that may do just what it needs. */
import { describe, expect, test } from '@jest/globals';
import { synthesize } from './synthesize.ts';

const BROKER = 'arn:aws:mq:eu-west-1:111122223333:broker:events:b-1234a5b6-78cd-901e-2fgh-3i45j6k17819';
const CREDENTIALS = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:broker-user-AbCdEf';
const context = { brokerArn: BROKER, brokerQueue: 'github-events', brokerSecretArn: CREDENTIALS };

test('without a broker nothing of it is deployed', () => {
  const { ofType } = synthesize();
  const sources = ofType('AWS::Lambda::EventSourceMapping').map(
    ({ Properties }) => Properties.Queues as unknown,
  );
  expect(sources.filter((queues) => queues !== undefined)).toEqual([]);
});

describe('with a broker', () => {
  const { ofType, show } = synthesize(context);
  const [mapping, ...others] = ofType('AWS::Lambda::EventSourceMapping').filter(
    ({ Properties }) => Properties.Queues !== undefined,
  );
  const workerId = (mapping?.Properties.FunctionName as { Ref: string }).Ref;

  test('its queue feeds one function, by the broker user’s name and password', () => {
    expect(others).toEqual([]);
    expect(mapping?.Properties).toMatchObject({
      EventSourceArn: BROKER,
      Queues: ['github-events'],
      SourceAccessConfigurations: [{ Type: 'BASIC_AUTH', URI: CREDENTIALS }],
    });
  });

  test('that function may read the broker and its user, send commands, read the webhook secret, and nothing more', () => {
    const policies = ofType('AWS::IAM::Policy').filter(({ Properties }) =>
      JSON.stringify(Properties.PolicyDocument).includes('mq:DescribeBroker'),
    );
    expect(policies).toHaveLength(1);
    const statements = policies[0]?.Properties.PolicyDocument.Statement as {
      Effect: string;
      Action: string | string[];
      Resource: unknown;
      Condition?: unknown;
    }[];
    const granted = statements
      .filter(({ Effect }) => Effect === 'Allow')
      .flatMap(({ Action, Resource }) =>
        [Action].flat().flatMap((action) => [Resource].flat().map((on) => `${action} ${show(on)}`)),
      );
    expect(granted.filter((one) => !one.startsWith('logs:') && !one.startsWith('ec2:')).sort()).toEqual([
      'mq:DescribeBroker ' + BROKER,
      'secretsmanager:GetSecretValue ' + CREDENTIALS,
      'secretsmanager:GetSecretValue webhook',
      'sqs:SendMessage commands',
    ]);
    expect(granted.filter((one) => one.startsWith('ec2:'))).toEqual([
      'ec2:CreateNetworkInterface *',
      'ec2:DeleteNetworkInterface *',
      'ec2:DescribeNetworkInterfaces *',
      'ec2:DescribeSecurityGroups *',
      'ec2:DescribeSubnets *',
      'ec2:DescribeVpcs *',
    ]);
    // Lambda may; the code that runs in it may not.
    expect(statements.filter(({ Effect }) => Effect === 'Deny')).toEqual([
      {
        Effect: 'Deny',
        Action: granted.filter((one) => one.startsWith('ec2:')).map((one) => one.replace(' *', '')),
        Resource: '*',
        Condition: { ArnLike: { 'lambda:SourceFunctionArn': 'arn:*:lambda:*:*:function:*' } },
      },
    ]);
  });

  test('it gets the queue, the secret’s name and the prompt', () => {
    const variables = ofType('AWS::Lambda::Function')
      .map(({ Properties }) => Properties)
      .find(({ Description }) => String(Description).startsWith('A broker'))?.Environment.Variables as object;
    expect(Object.keys(variables).sort()).toEqual([
      'COMMANDS_QUEUE_URL',
      'LOG_LEVEL',
      'PERF_BOT_PROMPT',
      'WEBHOOK_SECRET_ID',
    ]);
    expect(workerId).toBeTruthy();
  });
});

test('half of it is refused with what is missing', () => {
  expect(() => synthesize({ brokerArn: BROKER })).toThrow('belong together');
  expect(() => synthesize({ ...context, brokerArn: 'github-events' })).toThrow('must be the ARN');
});
