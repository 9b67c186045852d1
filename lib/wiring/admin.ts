/** What the admin API needs. It works before the GitHub App's key is set: projects come first. */
import { createDocumentTable } from '../aws/document-table.ts';
import { createDynamoDeadLetters } from '../aws/dynamo-dead-letters.ts';
import { createDynamoProjectStore } from '../aws/dynamo-project-store.ts';
import { createDynamoRunStore } from '../aws/dynamo-run-store.ts';
import type { AdminDeps } from '../bot/operator/admin.ts';
import { stopRunsOf } from '../bot/operator/operate-runs.ts';
import { createLog, type Log } from '../log.ts';
import { readSettings } from '../settings.ts';
import { wireBot } from './bot-deps.ts';
import { horreumAdminOf } from '../doctor/check-horreum.ts';
import { checkProject } from '../doctor/check-project.ts';
import { checkSystem } from '../doctor/check-system.ts';
import type { BotEnvironment } from './environment.ts';
import { secretsOf } from './project-secrets.ts';
import { queuesOf } from './queues.ts';
import { tableConfig } from './table-config.ts';

export function adminDeps(environment: BotEnvironment): { admin: () => Promise<AdminDeps>; log: Log } {
  const settings = readSettings(environment.variables, [
    'TABLE_NAME',
    'COMMANDS_QUEUE_URL',
    'RUNS_QUEUE_URL',
  ]);
  const table = createDocumentTable(settings.tableName, tableConfig(environment));
  const queues = queuesOf(environment, settings);
  const letters = createDynamoDeadLetters(table);
  // Read at each request: the local server learns its port, and so its URL, after this was made.
  const settingsNow = () => readSettings(environment.variables, []);
  const admin = (): AdminDeps => ({
    projects: createDynamoProjectStore(table),
    secrets: environment.projectSecrets,
    runs: createDynamoRunStore(table, environment.nowMs),
    letters,
    commandQueue: queues.commands,
    runQueue: queues.runs,
    nowMs: environment.nowMs,
    publicUrl: settingsNow().publicUrl,
    tokenSecrets: environment.urlTokenSecrets,
    check: (file, projectId) => checkProject(environment, settingsNow(), file, projectId),
    checkSystem: () => checkSystem(environment, settingsNow(), letters),
    horreumOf: async (project) =>
      horreumAdminOf(environment, settingsNow(), project.datastoreUrl, await secretsOf(environment, project)),
    endRuns: async (project) => {
      if (await environment.gitHubApp())
        await stopRunsOf(wireBot(environment, 'admin-api').deps, project, pause);
    },
  });
  return {
    admin: () => Promise.resolve(admin()),
    log: createLog(environment.sink, settings.logLevel, { function: 'admin-api' }),
  };
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
