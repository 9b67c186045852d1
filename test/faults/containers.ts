/** The functions as Lambda runs them: copies with their own environment, connections and caches, replaced when they were killed. */
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { createHandler as adminApi } from '../../functions/admin-api.ts';
import { createHandler as commandWorker } from '../../functions/command-worker.ts';
import { createHandler as deadLetters } from '../../functions/dead-letters.ts';
import { createHandler as gitHubWebhook } from '../../functions/github-webhook.ts';
import { createHandler as horreumWebhook } from '../../functions/horreum-webhook.ts';
import { createHandler as perflabWebhook } from '../../functions/perflab-webhook.ts';
import { createHandler as runVerdict } from '../../functions/run-verdict.ts';
import { createHandler as runWorker } from '../../functions/run-worker.ts';
import { createHandler as sweeper } from '../../functions/sweeper.ts';
import type { HttpHandler } from '../../infra/local/server/http-door.ts';
import { adminDeps } from '../../lib/wiring/admin.ts';
import { deadLetterDeps, sweeperDeps, workerDeps } from '../../lib/wiring/workers.ts';
import type { BotEnvironment } from '../../lib/wiring/environment.ts';
import { gitHubDoorDeps, horreumDoorDeps, perflabDoorDeps } from '../../lib/wiring/doors.ts';
import { verdictDoorDeps } from '../../lib/wiring/verdict-door.ts';
import type { Caller, Callers } from './fault-proxy.ts';

type QueueHandler = (event: SQSEvent) => Promise<SQSBatchResponse>;

const MAKERS = {
  'github-webhook': (environment: BotEnvironment): HttpHandler => gitHubWebhook(gitHubDoorDeps(environment)),
  'horreum-webhook': (environment: BotEnvironment): HttpHandler =>
    horreumWebhook(horreumDoorDeps(environment)),
  'perflab-webhook': (environment: BotEnvironment): HttpHandler =>
    perflabWebhook(perflabDoorDeps(environment)),
  'command-worker': (environment: BotEnvironment): QueueHandler =>
    commandWorker(workerDeps(environment, 'command-worker')),
  'run-worker': (environment: BotEnvironment): QueueHandler =>
    runWorker(workerDeps(environment, 'run-worker')),
  sweeper: (environment: BotEnvironment) => sweeper(sweeperDeps(environment)),
  'dead-letters': (environment: BotEnvironment): QueueHandler => deadLetters(deadLetterDeps(environment)),
  'admin-api': (environment: BotEnvironment): HttpHandler => adminApi(adminDeps(environment)),
  'run-verdict': (environment: BotEnvironment): HttpHandler => runVerdict(verdictDoorDeps(environment)),
};
export type FunctionName = keyof typeof MAKERS;
type HandlerOf<Name extends FunctionName> = ReturnType<(typeof MAKERS)[Name]>;

export interface Containers {
  /** The function's answer, or `killed`. */
  invoke<Name extends FunctionName>(
    name: Name,
    event: Parameters<HandlerOf<Name>>[0],
  ): Promise<Awaited<ReturnType<HandlerOf<Name>>> | 'killed'>;
  /** Throws away all copies, as a deployment does. */
  replaceAll(): void;
}

interface Container {
  readonly caller: Caller;
  readonly handler: (event: never) => Promise<unknown>;
  busy: boolean;
}

export function createContainers(environment: () => BotEnvironment, callers: Callers): Containers {
  const warm = new Map<FunctionName, Container[]>();
  const take = (name: FunctionName): Container => {
    const idle = warm.get(name)?.find(({ busy }) => !busy);
    if (idle) return idle;
    const made = { caller: callers.start(name), handler: MAKERS[name](environment()), busy: false };
    warm.set(name, [...(warm.get(name) ?? []), made]);
    return made;
  };
  const drop = (name: FunctionName, container: Container) =>
    warm.set(name, warm.get(name)?.filter((other) => other !== container) ?? []);

  return {
    async invoke(name, event) {
      const container = take(name);
      container.busy = true;
      try {
        const answer = await callers.run(container.caller, () => container.handler(event as never));
        if (!container.caller.killed) return answer as never;
      } catch (error) {
        if (!container.caller.killed) throw error;
      } finally {
        container.busy = false;
      }
      drop(name, container);
      return 'killed';
    },
    replaceAll: () => warm.clear(),
  };
}
