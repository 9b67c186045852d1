/** What the workers, the sweeper and the dead letters need. */
import type { BotDeps } from '../bot/runs/bot-deps.ts';
import { countMetric, createLog, type Log } from '../log.ts';
import { readSettings } from '../settings.ts';
import { wireBot, type Wired } from './bot-deps.ts';
import type { BotEnvironment } from './environment.ts';
import { isOnLambda } from './lambda-environment.ts';

export interface WorkerDeps {
  readonly bot: () => Promise<BotDeps>;
  readonly log: Log;
}

export interface SweeperDeps extends WorkerDeps {
  readonly countMetric: (name: string, value: number) => void;
}

export function workerDeps(environment: BotEnvironment, functionName: string): WorkerDeps {
  const { logLevel } = readSettings(environment.variables, []);
  const wired = onceWired(environment, functionName);
  return {
    bot: async () => (await wired()).deps,
    log: createLog(environment.sink, logLevel, { function: functionName }),
  };
}

export function sweeperDeps(environment: BotEnvironment): SweeperDeps {
  return {
    ...workerDeps(environment, 'sweeper'),
    countMetric: (name, value) => countMetric(environment.sink, name, value, environment.nowMs()),
  };
}

/** Joined once: on Lambda already while it initialises, elsewhere at the first event, when the settings are complete. */
export function onceWired(environment: BotEnvironment, functionName: string): () => Promise<Wired> {
  let wired: Wired | undefined;
  const join = () => (wired ??= wireBot(environment, functionName));
  if (isOnLambda(environment.variables)) join();
  return () => Promise.resolve().then(join);
}
