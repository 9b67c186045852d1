/** What the admin API needs. It works before the GitHub App's key is set: projects come first. */
import { createDocumentTable } from '../aws/document-table.ts';
import { createDynamoProjectStore } from '../aws/dynamo-project-store.ts';
import type { AdminDeps } from '../bot/projects/admin.ts';
import { endRunsOf } from '../bot/projects/handle-account-event.ts';
import { createLog, type Log } from '../log.ts';
import { readSettings } from '../settings.ts';
import { tableConfig, wireBot } from './bot-deps.ts';
import { checkProject } from './check-project.ts';
import type { BotEnvironment } from './environment.ts';

export function adminDeps(environment: BotEnvironment): { admin: () => Promise<AdminDeps>; log: Log } {
  const settings = readSettings(environment.variables, ['TABLE_NAME']);
  const projects = createDynamoProjectStore(
    createDocumentTable(settings.tableName, tableConfig(environment)),
  );
  const admin: AdminDeps = {
    projects,
    secrets: environment.projectSecrets,
    nowMs: environment.nowMs,
    publicUrl: settings.publicUrl,
    tokenSecrets: environment.urlTokenSecrets,
    check: (file) => checkProject(environment, settings, file),
    endRuns: async (project) => {
      if (await environment.gitHubApp())
        await endRunsOf((await wireBot(environment, 'admin-api')).deps, project);
    },
  };
  return {
    admin: () => Promise.resolve(admin),
    log: createLog(environment.sink, settings.logLevel, { function: 'admin-api' }),
  };
}
