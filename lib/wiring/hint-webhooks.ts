/** What the Horreum and PerfLab webhooks need. */
import type { Queue, RunMessage } from '../bot/record/messages.ts';
import { countMetric, createLog, type Log } from '../log.ts';
import { readSettings } from '../settings.ts';
import type { BotEnvironment } from './environment.ts';
import { queuesOf } from './queues.ts';

export interface HintDeps {
  readonly tokenSecrets: () => Promise<readonly string[]>;
  readonly runs: Queue<RunMessage>;
  readonly log: Log;
  readonly countForged: () => void;
}

export interface PerfLabHintDeps extends HintDeps {
  /** The original's bare `POST /job` counts as a hint. */
  readonly acceptUnsigned: boolean;
}

/** None where the secret store does not answer or holds none; the log says so. */
export async function tokenSecretsOrNone({ tokenSecrets, log }: HintDeps): Promise<readonly string[]> {
  const secrets = await tokenSecrets().catch((error: unknown): readonly string[] => {
    log.error('the secret store does not answer', { error });
    return [];
  });
  if (secrets.length === 0)
    log.error('the secret of the URL tokens is not set: put it into the secret store');
  return secrets;
}

export function horreumWebhookDeps(environment: BotEnvironment): HintDeps {
  return hintDeps(environment, 'horreum-webhook');
}

export function perflabWebhookDeps(environment: BotEnvironment): PerfLabHintDeps {
  const { acceptUnsignedJobCallbacks } = readSettings(environment.variables, []);
  return { ...hintDeps(environment, 'perflab-webhook'), acceptUnsigned: acceptUnsignedJobCallbacks };
}

function hintDeps(environment: BotEnvironment, name: string): HintDeps {
  const settings = readSettings(environment.variables, ['RUNS_QUEUE_URL']);
  return {
    tokenSecrets: environment.urlTokenSecrets,
    runs: queuesOf(environment, settings).runs,
    log: createLog(environment.sink, settings.logLevel, { function: name }),
    countForged: () => countMetric(environment.sink, 'SignatureFailures', 1, environment.nowMs()),
  };
}
