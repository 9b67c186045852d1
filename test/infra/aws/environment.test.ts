/** What an operator enters and is told: parameters, the functions' environment, outputs, and the page that explains them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { FUNCTION_NAMES, type FunctionName } from '../../../infra/aws/functions.ts';
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
        'COMMANDS_QUEUE_URL',
        'RUNS_QUEUE_URL',
        'WEBHOOK_SECRET_ID',
      ].sort(),
      'run-worker': [...backstage, ...lab, 'RUNS_QUEUE_URL', 'WEBHOOK_SECRET_ID'].sort(),
      sweeper: [...backstage, 'COMMANDS_QUEUE_URL', 'RUNS_QUEUE_URL'].sort(),
      'dead-letters': [...backstage, 'RUNS_QUEUE_URL'].sort(),
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

test('docs/deploy.md tells of every parameter and output', () => {
  const { Parameters, Outputs } = template.toJSON() as { Parameters: object; Outputs: object };
  const page = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'deploy.md'), 'utf8');
  const names = [
    ...Object.keys(Parameters).filter((name) => name !== 'BootstrapVersion'),
    ...Object.keys(Outputs),
  ];
  expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});
