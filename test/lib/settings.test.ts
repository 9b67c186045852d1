/** The environment is read by its names, and all its faults are reported at once. */
import { describe, expect, test } from '@jest/globals';
import { ENVIRONMENT_NAMES, readSettings, type Environment } from '../../lib/settings.ts';

const read = (environment: Environment) => readSettings(environment, []);
function faultsOf(environment: Environment, needed: Parameters<typeof readSettings>[1] = []): string[] {
  try {
    readSettings(environment, needed);
    return [];
  } catch (error) {
    return (error as Error).message.replace('The settings are not usable: ', '').split('; ');
  }
}

test('an empty environment means the defaults', () => {
  expect(read({})).toMatchObject({
    gitHubApiUrl: 'https://api.github.com',
    prompt: '/perf-bot',
    projectSecretPrefix: 'perf-bot/projects/',
    acceptUnsignedJobCallbacks: false,
    logLevel: 'info',
    runTimeoutMs: 120 * 60_000,
    resultsTimeoutMs: 15 * 60_000,
    commandMaxAgeMs: 120 * 60_000,
    sweepIntervalMs: 60_000,
    allowedHosts: undefined,
    jenkinsUrl: undefined,
    horreumUrl: undefined,
    labCaSecretId: undefined,
  });
});

describe('a value', () => {
  test.each<[Environment, object]>([
    [{ PUBLIC_URL: ' https://bot.acme.test/x// ' }, { publicUrl: 'https://bot.acme.test/x' }],
    [{ JENKINS_URL: '  ' }, { jenkinsUrl: undefined }],
    [{ ALLOWED_HOSTS: 'a.test, b.test:8080,, ' }, { allowedHosts: ['a.test', 'b.test:8080'] }],
    [{ ACCEPT_UNSIGNED_JOB_CALLBACKS: 'ON' }, { acceptUnsignedJobCallbacks: true }],
    [{ ACCEPT_UNSIGNED_JOB_CALLBACKS: '1' }, { acceptUnsignedJobCallbacks: true }],
    [{ ACCEPT_UNSIGNED_JOB_CALLBACKS: 'no' }, { acceptUnsignedJobCallbacks: false }],
    [{ ACCEPT_UNSIGNED_JOB_CALLBACKS: '' }, { acceptUnsignedJobCallbacks: false }],
    [{ LOG_LEVEL: 'WARN' }, { logLevel: 'warn' }],
    [{ RUN_TIMEOUT_MINUTES: '0.5' }, { runTimeoutMs: 30_000 }],
    [{ PERF_BOT_PROMPT: '@bench' }, { prompt: '@bench' }],
  ])('%j', (environment, settings) => expect(read(environment)).toMatchObject(settings));
});

describe('a fault', () => {
  test.each<[Environment, string]>([
    [{ GITHUB_API_URL: 'api.github.com' }, 'GITHUB_API_URL must be an http(s) URL'],
    [{ GITHUB_API_URL: 'http://[broken' }, 'GITHUB_API_URL must be an http(s) URL'],
    [{ HORREUM_URL: 'ftp://h.test' }, 'HORREUM_URL must be an http(s) URL'],
    [{ PUBLIC_URL: 'https:// x' }, 'PUBLIC_URL must be an http(s) URL'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be info, warn or error'],
    [{ PERF_BOT_PROMPT: '/perf bot' }, 'PERF_BOT_PROMPT must be one word'],
    [{ ACCEPT_UNSIGNED_JOB_CALLBACKS: 'maybe' }, 'ACCEPT_UNSIGNED_JOB_CALLBACKS must be on or off'],
    [{ RUN_TIMEOUT_MINUTES: '0' }, 'RUN_TIMEOUT_MINUTES must be a positive number'],
    [{ RUN_TIMEOUT_MINUTES: '-3' }, 'RUN_TIMEOUT_MINUTES must be a positive number'],
    [{ RESULTS_TIMEOUT_MINUTES: 'Infinity' }, 'RESULTS_TIMEOUT_MINUTES must be a positive number'],
    [{ SWEEP_INTERVAL_SECONDS: '1 minute' }, 'SWEEP_INTERVAL_SECONDS must be a positive number'],
  ])('%j', (environment, fault) => expect(faultsOf(environment)).toEqual([fault]));

  test('never comes alone: all are told together', () => {
    const environment = { LOG_LEVEL: 'x', PUBLIC_URL: 'y', RUN_TIMEOUT_MINUTES: 'z', RUNS_QUEUE_URL: ' ' };
    expect(faultsOf(environment, ['TABLE_NAME', 'RUNS_QUEUE_URL']).sort()).toEqual([
      'LOG_LEVEL must be info, warn or error',
      'PUBLIC_URL must be an http(s) URL',
      'RUNS_QUEUE_URL is not set',
      'RUN_TIMEOUT_MINUTES must be a positive number',
      'TABLE_NAME is not set',
    ]);
  });

  test('names no value', () => expect(faultsOf({ PUBLIC_URL: 'SECRET' }).join()).not.toContain('SECRET'));
});

test('every name is looked at', () => {
  const read: string[] = [];
  const environment = new Proxy({}, { get: (_target, name) => void read.push(String(name)) });
  readSettings(environment, []);
  expect(new Set(read)).toEqual(new Set(ENVIRONMENT_NAMES));
});
