/** What an operator enters and is told: parameters, the functions' environment, outputs, and the page that explains them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Node } from 'constructs';
import { FUNCTION_NAMES, type FunctionName } from '../../../infra/aws/functions.ts';
import { stackNameFrom } from '../../../infra/aws/stack-context.ts';
import { ENVIRONMENT_NAMES } from '../../../lib/settings.ts';
import { synthesize } from './synthesize.ts';

const { lambdaOf, show, template } = synthesize();
const variablesOf = (name: FunctionName) =>
  lambdaOf(name).Properties.Environment.Variables as Record<string, unknown>;

describe('environment', () => {
  const names = [...new Set(FUNCTION_NAMES.flatMap((name) => Object.keys(variablesOf(name))))];

  test('every name that is set is one that lib/settings.ts reads', () => {
    expect([...ENVIRONMENT_NAMES]).toEqual(expect.arrayContaining(names));
  });

  test('each function gets where it sends, what it may read, and no more', () => {
    const set = Object.fromEntries(
      FUNCTION_NAMES.map((name) => [name, Object.keys(variablesOf(name)).sort()]),
    );
    const backstage = [
      'GITHUB_API_URL',
      'GITHUB_APP_SECRET_ID',
      'LOG_LEVEL',
      'PERF_BOT_PROMPT',
      'TABLE_NAME',
    ];
    const lab = ['ALLOWED_HOSTS', 'HORREUM_URL', 'JENKINS_URL', 'PROJECT_SECRET_PREFIX', 'PUBLIC_URL'];
    const limits = ['COMMAND_MAX_AGE_MINUTES', 'RESULTS_TIMEOUT_MINUTES', 'RUN_TIMEOUT_MINUTES'];
    expect(set).toEqual({
      'github-webhook': ['COMMANDS_QUEUE_URL', 'LOG_LEVEL', 'PERF_BOT_PROMPT', 'WEBHOOK_SECRET_ID'],
      'horreum-webhook': ['LOG_LEVEL', 'RUNS_QUEUE_URL', 'WEBHOOK_SECRET_ID'],
      'perflab-webhook': [
        'ACCEPT_UNSIGNED_JOB_CALLBACKS',
        'LOG_LEVEL',
        'RUNS_QUEUE_URL',
        'WEBHOOK_SECRET_ID',
      ],
      'command-worker': [
        ...backstage,
        ...lab,
        ...limits,
        'COMMANDS_QUEUE_URL',
        'RUNS_QUEUE_URL',
        'WEBHOOK_SECRET_ID',
      ].sort(),
      'run-worker': [...backstage, ...lab, 'RUNS_QUEUE_URL', 'WEBHOOK_SECRET_ID'].sort(),
      sweeper: [...backstage, 'COMMANDS_QUEUE_URL', 'COMMAND_MAX_AGE_MINUTES', 'RUNS_QUEUE_URL'].sort(),
      'dead-letters': backstage,
      'run-verdict': ['LOG_LEVEL', 'TABLE_NAME', 'WEBHOOK_SECRET_ID'],
      'admin-api': [...backstage, ...lab, 'COMMANDS_QUEUE_URL', 'RUNS_QUEUE_URL', 'WEBHOOK_SECRET_ID'].sort(),
    });
  });

  test('a parameter left empty sets nothing, so that the code’s own default holds', () => {
    expect(variablesOf('run-worker').JENKINS_URL).toEqual({
      'Fn::If': [expect.stringContaining('JenkinsUrl'), { Ref: 'JenkinsUrl' }, { Ref: 'AWS::NoValue' }],
    });
  });

  test("the public URL is the API's own, or the domain that stands before it", () => {
    expect(show(variablesOf('command-worker').PUBLIC_URL)).toMatch(
      /^<.*Api.*>$|^https:\/\/<.*Api.*>\.execute-api\./,
    );
    const ownDomain = synthesize({ publicUrl: 'https://perf.example.com/' });
    expect(ownDomain.lambdaOf('command-worker').Properties.Environment.Variables.PUBLIC_URL).toBe(
      'https://perf.example.com',
    );
    ownDomain.template.hasOutput('WebhookUrl', { Value: 'https://perf.example.com/github' });
    expect(() => synthesize({ publicUrl: 'http://perf.example.com' })).toThrow('must be an https URL');
  });
});

test('the outputs are what an operator enters elsewhere', () => {
  const { Outputs } = template.toJSON() as { Outputs: Record<string, { Value: unknown }> };
  expect(Object.keys(Outputs).sort()).toEqual([
    'AlarmTopicArn',
    'ConfigUrl',
    'GithubAppSecretName',
    'HorreumUrlPrefix',
    'JobUrlPrefix',
    'ProjectSecretPrefix',
    'TableName',
    'WebhookSecretName',
    'WebhookUrl',
  ]);
  expect(show(Outputs.WebhookUrl?.Value)).toMatch(/\/github$/);
});

test('every parameter says what it is for and has a default, so that a deployment needs none', () => {
  const { Parameters } = template.toJSON() as {
    Parameters: Record<string, { Description?: string; Default?: unknown }>;
  };
  const own = Object.entries(Parameters).filter(([name]) => name !== 'BootstrapVersion');
  expect(own.length).toBeGreaterThan(0);
  for (const [, parameter] of own) {
    expect(parameter.Description).toBeTruthy();
    expect(parameter.Default).toBeDefined();
  }
});

/** The names in the first column of the tables under a heading of docs/deploy.md. */
function documented(heading: string): string[] {
  const page = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'deploy.md'), 'utf8');
  const section = page.split(/^#+ /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const cells = section.split('\n').filter((line) => line.startsWith('| `'));
  return cells.flatMap((line) =>
    [...(line.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, name = '']) => name),
  );
}

describe('docs/deploy.md', () => {
  const { Parameters, Outputs } = template.toJSON() as {
    Parameters: Record<string, { Default?: unknown }>;
    Outputs: object;
  };

  test('lists every parameter, and none that is gone', () => {
    const declared = Object.keys(Parameters).filter((name) => name !== 'BootstrapVersion');
    expect(documented('Parameters').sort()).toEqual(declared.sort());
  });

  test('lists every output, and none that is gone', () => {
    expect(documented('1. Deploy').sort()).toEqual(Object.keys(Outputs).sort());
  });

  test('lists every choice of the context, and none that nobody reads', () => {
    const read = new Set<string>();
    const tryGetContext = Node.prototype.tryGetContext;
    Node.prototype.tryGetContext = function (this: Node, name: string): unknown {
      read.add(name);
      return tryGetContext.call(this, name) as unknown;
    };
    try {
      const { app } = synthesize({ vpcId: 'vpc-0123456789abcdef0', subnetIds: 'subnet-0123456789abcdef0' });
      stackNameFrom(app);
    } finally {
      Node.prototype.tryGetContext = tryGetContext;
    }
    // CDK's own names have a sign in them: `aws:cdk:…`, `@aws-cdk/…`, `availability-zones:…`.
    const own = [...read].filter((name) => /^\w+$/.test(name));
    expect(documented('Context').sort()).toEqual(own.sort());
  });

  test('every setting that the code takes from the environment can be set by the stack, or is the stack’s own', () => {
    const set = new Set(FUNCTION_NAMES.flatMap((name) => Object.keys(variablesOf(name))));
    const withCa = synthesize({
      labCaSecretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:ca-AbCdEf',
    });
    for (const name of Object.keys(withCa.lambdaOf('run-worker').Properties.Environment.Variables as object))
      set.add(name);
    expect(ENVIRONMENT_NAMES.filter((name) => !set.has(name)).sort()).toEqual(NOT_SET_BY_THE_STACK);
  });
});

const NOT_SET_BY_THE_STACK = [
  'OUTSIDE_TIMEOUT_SECONDS', // bound to the functions' time-outs
  'SWEEP_INTERVAL_SECONDS', // bound to the schedule
];
