/** Who may do what: a second, independent list of every grant, compared with the template in both directions. */
import { describe, expect, test } from '@jest/globals';
import { FUNCTION_NAMES, type FunctionName } from '../../../infra/aws/functions.ts';
import { type Statement, synthesize } from './synthesize.ts';

const PROJECTS =
  'arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:perf-bot/projects/*';

const on = (...actions: string[]) => actions.map((action) => `dynamodb:${action} table`);
const items = on('GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem');
const query = (...indexes: string[]) => indexes.map((index) => `dynamodb:Query table/index/${index}`);
const send = (...queues: string[]) => queues.map((queue) => `sqs:SendMessage ${queue}`);
const read = (...secrets: string[]) => secrets.map((secret) => `secretsmanager:GetSecretValue ${secret}`);
const consume = (queue: string) =>
  ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map((action) => `sqs:${action} ${queue}`);

const EXPECTED: Record<FunctionName, string[]> = {
  'github-webhook': [...send('commands'), ...read('webhook')],
  'horreum-webhook': [...send('runs'), ...read('webhook')],
  'perflab-webhook': [...send('runs'), ...read('webhook')],
  'command-worker': [
    ...items,
    ...query('by-pull-request', 'open-by-project', 'by-list'),
    ...consume('commands'),
    ...send('commands', 'runs'),
    ...read('github-app', 'webhook', PROJECTS),
  ],
  'run-worker': [
    ...items,
    ...query('by-pull-request', 'open-by-project'),
    ...consume('runs'),
    ...send('runs'),
    ...read('github-app', 'webhook', PROJECTS),
  ],
  sweeper: [
    ...on('GetItem', 'PutItem', 'UpdateItem'),
    ...query('due', 'by-list'),
    ...send('commands', 'runs'),
    ...read('github-app'),
  ],
  'dead-letters': [
    ...on('GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem'),
    ...query('by-pull-request'),
    ...consume('dead letters'),
    ...read('github-app'),
  ],
  'run-verdict': ['dynamodb:GetItem table', 'dynamodb:UpdateItem table', ...read('webhook')],
  'admin-api': [
    ...items,
    ...query('by-pull-request', 'open-by-project', 'by-list'),
    ...send('commands', 'runs'),
    'sqs:GetQueueAttributes commands',
    'sqs:GetQueueAttributes runs',
    ...read('github-app', 'webhook', PROJECTS),
    ...['CreateSecret', 'PutSecretValue', 'DeleteSecret'].map(
      (action) => `secretsmanager:${action} ${PROJECTS}`,
    ),
  ],
};

const flat = (statements: Statement[]) =>
  statements.flatMap(({ actions, resources }) =>
    actions.flatMap((action) => resources.map((on) => `${action} ${on}`)),
  );

describe('grants', () => {
  const { statementsOf, ofType } = synthesize();

  test.each(FUNCTION_NAMES)('%s is granted exactly what it uses', (name) => {
    const ownLog = ['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => `${action} ${name} log`);
    expect(flat(statementsOf(name)).sort()).toEqual([...EXPECTED[name], ...ownLog].sort());
    expect(statementsOf(name).every(({ effect }) => effect === 'Allow')).toBe(true);
  });

  test('no role has a managed or an inline policy beside that', () => {
    const roles = ofType('AWS::IAM::Role');
    expect(roles).toHaveLength(FUNCTION_NAMES.length);
    for (const { Properties } of roles) expect(Object.keys(Properties)).toEqual(['AssumeRolePolicyDocument']);
    for (const { Properties } of ofType('AWS::IAM::Policy')) expect(Properties.Roles).toHaveLength(1);
    expect(ofType('AWS::IAM::ManagedPolicy')).toEqual([]);
  });

  test("the only pattern is that of the projects' secrets, and no action is one", () => {
    for (const { actions, resources } of FUNCTION_NAMES.flatMap(statementsOf)) {
      expect(actions.filter((action) => action.includes('*'))).toEqual([]);
      expect(resources.filter((on) => on.includes('*') && on !== PROJECTS)).toEqual([]);
    }
  });
});

describe("workers in the lab's network", () => {
  const { statementsOf, lambdaOf, ofType, resources } = synthesize({
    vpcId: 'vpc-0123456789abcdef0',
    subnetIds: 'subnet-0123456789abcdef0, subnet-0123456789abcdef1',
    labCaSecretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:lab-ca-AbCdEf',
  });

  test.each(FUNCTION_NAMES)('%s moves there only if it talks to the lab', (name) => {
    const { VpcConfig, Environment } = lambdaOf(name).Properties;
    const interfaces = statementsOf(name).filter(({ actions }) =>
      actions.some((action) => action.startsWith('ec2:')),
    );
    if (name !== 'command-worker' && name !== 'run-worker' && name !== 'admin-api') {
      expect(VpcConfig).toBeUndefined();
      expect(interfaces).toEqual([]);
      expect(Environment.Variables.LAB_CA_SECRET_ID).toBeUndefined();
      return;
    }
    expect(VpcConfig.SubnetIds).toEqual(['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1']);
    expect(Environment.Variables.LAB_CA_SECRET_ID).toContain(':secret:lab-ca-AbCdEf');
    // Lambda may; the code that runs in it may not.
    expect(interfaces.map(({ effect, resources: on }) => [effect, ...on])).toEqual([
      ['Allow', '*'],
      ['Deny', '*'],
    ]);
    expect(interfaces[0]?.actions).toEqual(interfaces[1]?.actions);
  });

  test('nobody may connect to them', () => {
    const groups = ofType('AWS::EC2::SecurityGroup');
    expect(groups).toHaveLength(1);
    expect(groups[0]?.Properties.SecurityGroupIngress).toBeUndefined();
    expect(Object.values(resources).map(({ Type }) => Type)).not.toContain('AWS::EC2::SecurityGroupIngress');
  });

  test('half of the network is refused with what is missing', () => {
    expect(() => synthesize({ vpcId: 'vpc-0123456789abcdef0' })).toThrow(
      'vpcId and subnetIds belong together',
    );
  });
});
