/** Joins what the verdict's URL needs: the table, and the secret that the projects' tokens are derived from. */
import { createDocumentTable } from '../aws/document-table.ts';
import { createDynamoProjectStore } from '../aws/dynamo-project-store.ts';
import { createDynamoRunStore } from '../aws/dynamo-run-store.ts';
import type { VerdictDeps } from '../bot/runs/show-verdict.ts';
import { readUrlToken } from '../http/url-token.ts';
import { createLog, type Log } from '../log.ts';
import { readSettings } from '../settings.ts';
import { tableConfig } from './aws.ts';
import type { BotEnvironment } from './environment.ts';

export function verdictDoorDeps(environment: BotEnvironment): VerdictDeps & { readonly log: Log } {
  const settings = readSettings(environment.variables, ['TABLE_NAME']);
  const table = createDocumentTable(settings.tableName, tableConfig(environment));
  return {
    runs: createDynamoRunStore(table, environment.nowMs),
    projects: createDynamoProjectStore(table),
    projectOfToken: async (token) => readUrlToken(await environment.urlTokenSecrets(), 'verdict', token)?.[0],
    nowMs: environment.nowMs,
    log: createLog(environment.sink, settings.logLevel, { function: 'run-verdict' }),
  };
}
