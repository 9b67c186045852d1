/** Joins what the workers, the sweeper and the dead letters need: stores, queues, GitHub, the labs and Horreum. */
import { createDocumentTable, type DocumentTable } from '../aws/document-table.ts';
import { createDynamoDeadLetters } from '../aws/dynamo-dead-letters.ts';
import { createDynamoLimits } from '../aws/dynamo-limits.ts';
import { createDynamoProjectStore } from '../aws/dynamo-project-store.ts';
import { createDynamoRunStore } from '../aws/dynamo-run-store.ts';
import type { DeadLetterStore } from '../bot/operator/dead-letters.ts';
import type { BotDeps } from '../bot/runs/bot-deps.ts';
import { createGitHubAsApp } from '../github/as-app.ts';
import { createGitHubApp, type GitHubApp } from '../github/github-app.ts';
import { createGitHubClient } from '../github/github-client.ts';
import type { GitHub } from '../github/github.ts';
import { withCallLimits } from '../github/limited-app.ts';
import { createCallLimits } from '../http/call-limits.ts';
import { countMetric, createLog, type Log } from '../log.ts';
import { readSettings, type EnvironmentName, type Settings } from '../settings.ts';
import { queuesOf, tableConfig } from './aws.ts';
import { gitHubAppKey, type BotEnvironment } from './environment.ts';
import { datastoreOf, executorOf, secretsOf } from './labs.ts';
import { isOnLambda } from './lambda-environment.ts';

export interface WorkerDeps {
  readonly bot: () => Promise<BotDeps>;
  readonly log: Log;
}

export function workerDeps(environment: BotEnvironment, functionName: string): WorkerDeps {
  return {
    bot: onceJoined(environment, () => joinBot(environment, functionName)),
    log: logOf(environment, functionName),
  };
}

export interface SweeperDeps extends WorkerDeps {
  readonly countMetric: (name: string, value: number) => void;
}

export function sweeperDeps(environment: BotEnvironment): SweeperDeps {
  return {
    ...workerDeps(environment, 'sweeper'),
    countMetric: (name, value) => countMetric(environment.sink, name, value, environment.nowMs()),
  };
}

export interface DeadLetterDeps {
  readonly bot: () => Promise<BotDeps & { readonly letters: DeadLetterStore }>;
  readonly log: Log;
}

export function deadLetterDeps(environment: BotEnvironment): DeadLetterDeps {
  const join = () => {
    const table = tableOf(environment);
    return { ...joinBot(environment, 'dead-letters', table), letters: createDynamoDeadLetters(table) };
  };
  return { bot: onceJoined(environment, join), log: logOf(environment, 'dead-letters') };
}

function logOf({ sink, variables }: BotEnvironment, functionName: string): Log {
  return createLog(sink, readSettings(variables, []).logLevel, { function: functionName });
}

/** Joined once: on Lambda already while it initialises, elsewhere at the first event, when the settings are complete. */
function onceJoined<Joined>({ variables }: BotEnvironment, join: () => Joined): () => Promise<Joined> {
  let joined: Joined | undefined = isOnLambda(variables) ? join() : undefined;
  return () => Promise.resolve().then(() => (joined ??= join()));
}

/** Only workers that send commands know that queue; who takes the dead letters sends nothing. */
function neededBy(functionName: string): readonly EnvironmentName[] {
  return functionName === 'dead-letters' ? ['TABLE_NAME'] : ['TABLE_NAME', 'RUNS_QUEUE_URL'];
}

function tableOf(environment: BotEnvironment): DocumentTable {
  const { tableName } = readSettings(environment.variables, ['TABLE_NAME']);
  return createDocumentTable(tableName, tableConfig(environment));
}

export function joinBot(
  environment: BotEnvironment,
  functionName: string,
  table = tableOf(environment),
): BotDeps {
  const settings = readSettings(environment.variables, neededBy(functionName));
  const { nowMs } = environment;
  const queues = queuesOf(environment, settings);
  const limits = createCallLimits(createDynamoLimits(table), nowMs);
  const app = withCallLimits(gitHubAppOf(environment, settings), limits);
  return {
    runs: createDynamoRunStore(table, nowMs),
    projects: createDynamoProjectStore(table),
    gitHubOf: clientsOf(app),
    gitHubAsApp: createGitHubAsApp(app),
    async executorOf(project, job) {
      const secrets = await secretsOf(environment, project);
      return executorOf(environment, settings, app.accessTo, project, job, secrets);
    },
    datastoreOf: (project, repository) => datastoreOf(environment, settings, project, repository),
    commandQueue: queues.commands,
    runQueue: queues.runs,
    settings,
    log: createLog(environment.sink, settings.logLevel, { function: functionName }),
    countMetric: (name, value) => countMetric(environment.sink, name, value, nowMs()),
    nowMs,
  };
}

/** Its key is read from the secret store when GitHub is first called; until it is there, the message waits. */
export function gitHubAppOf(environment: BotEnvironment, { gitHubApiUrl }: Settings): GitHubApp {
  return createGitHubApp({
    keyOf: () => gitHubAppKey(environment, gitHubApiUrl),
    apiUrl: gitHubApiUrl,
    nowMs: environment.nowMs,
  });
}

function clientsOf(app: GitHubApp): (installationId: number) => GitHub {
  const clients = new Map<number, GitHub>();
  return (installationId) => {
    const known = clients.get(installationId);
    if (known) return known;
    app.prepare(installationId);
    const client = createGitHubClient(app, installationId);
    clients.set(installationId, client);
    return client;
  };
}
