/** Joins what the webhooks' functions need and nothing more, no AWS SDK above all: they must start fast. */
import type { CommandMessage, Queue, RunMessage } from '../bot/record/messages.ts';
import { countMetric, createLog, type Log } from '../log.ts';
import { readSettings } from '../settings.ts';
import { queuesOf } from './aws.ts';
import type { BotEnvironment } from './environment.ts';

/** For GitHub's deliveries, by its webhook or by a broker. */
export interface GitHubDoorDeps {
  readonly gitHubSecrets: () => Promise<readonly string[]>;
  readonly commands: Queue<CommandMessage>;
  readonly prompt: string;
  readonly nowMs: () => number;
  readonly log: Log;
  readonly countForged: () => void;
}

export function gitHubDoorDeps(
  environment: BotEnvironment,
  functionName: 'github-webhook' | 'amqp-worker' = 'github-webhook',
): GitHubDoorDeps {
  const settings = readSettings(environment.variables, ['COMMANDS_QUEUE_URL']);
  return {
    gitHubSecrets: environment.gitHubWebhookSecrets,
    commands: queuesOf(environment, settings).commands,
    prompt: settings.prompt,
    nowMs: environment.nowMs,
    log: createLog(environment.sink, settings.logLevel, { function: functionName }),
    countForged: forgeryCounter(environment),
  };
}

/** For the hints of Horreum and of the labs. */
export interface HintDoorDeps {
  readonly tokenSecrets: () => Promise<readonly string[]>;
  readonly runs: Queue<RunMessage>;
  readonly log: Log;
  readonly countForged: () => void;
}

export interface PerfLabDoorDeps extends HintDoorDeps {
  /** The original's bare `POST /job` counts as a hint. */
  readonly acceptUnsigned: boolean;
}

export function horreumDoorDeps(environment: BotEnvironment): HintDoorDeps {
  return hintDoorDeps(environment, 'horreum-webhook');
}

export function perflabDoorDeps(environment: BotEnvironment): PerfLabDoorDeps {
  const { acceptUnsignedJobCallbacks } = readSettings(environment.variables, []);
  return { ...hintDoorDeps(environment, 'perflab-webhook'), acceptUnsigned: acceptUnsignedJobCallbacks };
}

function hintDoorDeps(environment: BotEnvironment, functionName: string): HintDoorDeps {
  const settings = readSettings(environment.variables, ['RUNS_QUEUE_URL']);
  return {
    tokenSecrets: environment.urlTokenSecrets,
    runs: queuesOf(environment, settings).runs,
    log: createLog(environment.sink, settings.logLevel, { function: functionName }),
    countForged: forgeryCounter(environment),
  };
}

/** None where the secret store does not answer or holds none; the log says so. */
export async function tokenSecretsOrNone({ tokenSecrets, log }: HintDoorDeps): Promise<readonly string[]> {
  const secrets = await tokenSecrets().catch((error: unknown): readonly string[] => {
    log.error('the secret store does not answer', { error });
    return [];
  });
  if (secrets.length === 0)
    log.error('the secret of the URL tokens is not set: put it into the secret store');
  return secrets;
}

const forgeryCounter =
  ({ sink, nowMs }: BotEnvironment) =>
  () =>
    countMetric(sink, 'SignatureFailures', 1, nowMs());
