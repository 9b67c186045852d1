/** What functions/dead-letters.ts needs. */
import { createDynamoDeadLetters } from '../aws/dynamo-dead-letters.ts';
import type { BotDeps } from '../bot/runs/bot-deps.ts';
import type { DeadLetterStore } from '../bot/operator/dead-letters.ts';
import { createLog, type Log } from '../log.ts';
import { readSettings } from '../settings.ts';
import type { BotEnvironment } from './environment.ts';
import { onceWired } from './workers.ts';

export interface DeadLetterDeps {
  readonly wired: () => Promise<{ readonly deps: BotDeps; readonly letters: DeadLetterStore }>;
  readonly log: Log;
}

export function deadLetterDeps(environment: BotEnvironment): DeadLetterDeps {
  const { logLevel } = readSettings(environment.variables, []);
  const bot = onceWired(environment, 'dead-letters');
  return {
    async wired() {
      const { deps, table } = await bot();
      return { deps, letters: createDynamoDeadLetters(table) };
    },
    log: createLog(environment.sink, logLevel, { function: 'dead-letters' }),
  };
}
