/** Reads the environment, once; all its faults are reported together. The stack sets the same names. */
import { LOG_LEVELS, type LogLevel } from './log.ts';

export const ENVIRONMENT_NAMES = [
  'TABLE_NAME',
  'COMMANDS_QUEUE_URL',
  'RUNS_QUEUE_URL',
  'GITHUB_APP_SECRET_ID',
  'WEBHOOK_SECRET_ID',
  'PROJECT_SECRET_PREFIX',
  'GITHUB_API_URL',
  'PUBLIC_URL',
  'JENKINS_URL',
  'HORREUM_URL',
  'ACCEPT_UNSIGNED_JOB_CALLBACKS',
  'PERF_BOT_PROMPT',
  'ALLOWED_HOSTS',
  'LAB_CA_SECRET_ID',
  'LOG_LEVEL',
  'RUN_TIMEOUT_MINUTES',
  'RESULTS_TIMEOUT_MINUTES',
  'COMMAND_MAX_AGE_MINUTES',
  'SWEEP_INTERVAL_SECONDS',
  'OUTSIDE_TIMEOUT_SECONDS',
] as const;
export type EnvironmentName = (typeof ENVIRONMENT_NAMES)[number];

export type Environment = Readonly<Record<string, string | undefined>>;

export const PUBLIC_GITHUB_API_URL = 'https://api.github.com';

export interface Settings {
  readonly tableName: string;
  readonly commandsQueueUrl: string;
  readonly runsQueueUrl: string;
  readonly gitHubAppSecretId: string | undefined;
  readonly webhookSecretId: string | undefined;
  readonly projectSecretPrefix: string;
  readonly gitHubApiUrl: string;
  readonly publicUrl: string;
  /** Defaults for projects that name none. */
  readonly jenkinsUrl: string | undefined;
  readonly horreumUrl: string | undefined;
  readonly acceptUnsignedJobCallbacks: boolean;
  readonly prompt: string;
  /** Hosts that a project may name; undefined allows every host. */
  readonly allowedHosts: readonly string[] | undefined;
  readonly labCaSecretId: string | undefined;
  readonly logLevel: LogLevel;
  readonly runTimeoutMs: number;
  readonly resultsTimeoutMs: number;
  readonly commandMaxAgeMs: number;
  readonly sweepIntervalMs: number;
  /** How long any one call to an outside system may take. */
  readonly outsideTimeoutMs: number;
}

/** `needed`: names that this function can't do without. Throws one Error that lists every fault. */
export function readSettings(environment: Environment, needed: readonly EnvironmentName[]): Settings {
  const faults = needed.filter((name) => !environment[name]?.trim()).map((name) => `${name} is not set`);
  const text = (name: EnvironmentName, standard = '') => environment[name]?.trim() || standard;
  const optional = (name: EnvironmentName) => environment[name]?.trim() || undefined;
  const url = (name: EnvironmentName) => {
    const value = optional(name)?.replace(/\/+$/, '');
    if (value !== undefined && !(/^https?:\/\/[^\s/]+/.test(value) && URL.canParse(value)))
      faults.push(`${name} must be an http(s) URL`);
    return value;
  };
  const number = (name: EnvironmentName, standard: number) => {
    const value = Number(optional(name) ?? standard);
    if (!(value > 0 && Number.isFinite(value))) faults.push(`${name} must be a positive number`);
    return value;
  };
  const flag = (name: EnvironmentName) => {
    const value = (optional(name) ?? 'false').toLowerCase();
    if (!['true', 'false', 'on', 'off', '1', '0', 'yes', 'no'].includes(value))
      faults.push(`${name} must be on or off`);
    return ['true', 'on', '1', 'yes'].includes(value);
  };
  // 0.1.0 took `debug`, which said no more than `info`.
  const wantedLevel = text('LOG_LEVEL', 'info').toLowerCase().replace('debug', 'info');
  const level = LOG_LEVELS.find((known) => known === wantedLevel);
  if (!level) faults.push('LOG_LEVEL must be info, warn or error');
  const prompt = text('PERF_BOT_PROMPT', '/perf-bot');
  if (/\s/.test(prompt)) faults.push('PERF_BOT_PROMPT must be one word');
  const settings: Settings = {
    tableName: text('TABLE_NAME'),
    commandsQueueUrl: text('COMMANDS_QUEUE_URL'),
    runsQueueUrl: text('RUNS_QUEUE_URL'),
    gitHubAppSecretId: optional('GITHUB_APP_SECRET_ID'),
    webhookSecretId: optional('WEBHOOK_SECRET_ID'),
    projectSecretPrefix: text('PROJECT_SECRET_PREFIX', 'perf-bot/projects/'),
    gitHubApiUrl: url('GITHUB_API_URL') ?? PUBLIC_GITHUB_API_URL,
    publicUrl: url('PUBLIC_URL') ?? '',
    jenkinsUrl: url('JENKINS_URL'),
    horreumUrl: url('HORREUM_URL'),
    acceptUnsignedJobCallbacks: flag('ACCEPT_UNSIGNED_JOB_CALLBACKS'),
    prompt,
    allowedHosts: optional('ALLOWED_HOSTS')
      ?.split(',')
      .map((host) => host.trim())
      .filter((host) => host !== ''),
    labCaSecretId: optional('LAB_CA_SECRET_ID'),
    logLevel: level ?? 'info',
    runTimeoutMs: number('RUN_TIMEOUT_MINUTES', 120) * 60_000,
    resultsTimeoutMs: number('RESULTS_TIMEOUT_MINUTES', 15) * 60_000,
    commandMaxAgeMs: number('COMMAND_MAX_AGE_MINUTES', 120) * 60_000,
    sweepIntervalMs: number('SWEEP_INTERVAL_SECONDS', 60) * 1000,
    outsideTimeoutMs: number('OUTSIDE_TIMEOUT_SECONDS', 10) * 1000,
  };
  if (faults.length > 0) throw new Error(`The settings are not usable: ${faults.join('; ')}`);
  return settings;
}
