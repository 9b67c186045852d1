/** What functions/github-webhook.ts (and amqp-worker.ts) needs, and nothing more: its bundle must start fast. */
import type { CommandMessage, Queue } from '../bot/record/messages.ts';
import { countMetric, createLog, type Log } from '../log.ts';
import { readSettings } from '../settings.ts';
import type { BotEnvironment } from './environment.ts';
import { queuesOf } from './queues.ts';

export interface GitHubWebhookDeps {
  readonly gitHubSecrets: () => Promise<readonly string[]>;
  readonly commands: Queue<CommandMessage>;
  readonly prompt: string;
  readonly nowMs: () => number;
  readonly log: Log;
  readonly countForged: () => void;
}

export function gitHubWebhookDeps(
  environment: BotEnvironment,
  functionName = 'github-webhook',
): GitHubWebhookDeps {
  const settings = readSettings(environment.variables, ['COMMANDS_QUEUE_URL']);
  return {
    gitHubSecrets: environment.gitHubWebhookSecrets,
    commands: queuesOf(environment, settings).commands,
    prompt: settings.prompt,
    nowMs: environment.nowMs,
    log: createLog(environment.sink, settings.logLevel, { function: functionName }),
    countForged: () => countMetric(environment.sink, 'SignatureFailures', 1, environment.nowMs()),
  };
}
