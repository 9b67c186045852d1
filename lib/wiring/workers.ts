/** What the workers, the sweeper and the dead letters need. */
import type { BotDeps } from '../bot/bot-deps.ts';
import { countMetric, createLog, type Log } from '../log.ts';
import { readSettings } from '../settings.ts';
import { wireBot, type Wired } from './bot-deps.ts';
import type { BotEnvironment } from './environment.ts';

export interface WorkerDeps {
  /** Joined at the first event and kept; tried again while the App's key is missing. */
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

/** Joined once, and anew when the operator has put in another App key: a function may live for hours. */
export function onceWired(environment: BotEnvironment, functionName: string): () => Promise<Wired> {
  let wired: Promise<Wired> | undefined;
  let privateKey: string | undefined;
  return async () => {
    const present = (await environment.gitHubApp().catch(() => undefined))?.privateKey;
    if (present !== undefined && present !== privateKey) wired = undefined;
    privateKey = present ?? privateKey;
    wired ??= wireBot(environment, functionName);
    wired.catch(() => (wired = undefined));
    return wired;
  };
}
