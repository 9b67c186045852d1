/** Joins what the admin API needs. It works before the GitHub App's key is set: projects come first. */
import { createDocumentTable } from '../aws/document-table.ts';
import { createDynamoDeadLetters } from '../aws/dynamo-dead-letters.ts';
import { createDynamoProjectStore } from '../aws/dynamo-project-store.ts';
import { createDynamoRunStore } from '../aws/dynamo-run-store.ts';
import { readQueueDepth } from '../aws/sqs-queue.ts';
import type { AdminDeps } from '../bot/operator/admin.ts';
import type { DeadLetterStore } from '../bot/operator/dead-letters.ts';
import { stopRunsOf } from '../bot/operator/operate-runs.ts';
import { checkProject } from '../doctor/check-project.ts';
import { checkSystem } from '../doctor/check-system.ts';
import type { DoctorDeps } from '../doctor/doctor-deps.ts';
import { createLog, type Log } from '../log.ts';
import { readSettings, type Settings } from '../settings.ts';
import { queuesOf, sqsCall, tableConfig } from './aws.ts';
import type { BotEnvironment } from './environment.ts';
import { executorOf, horreumAdminOf, secretsOf } from './labs.ts';
import { gitHubAppOf, joinBot } from './workers.ts';

export function adminDeps(environment: BotEnvironment): { admin: () => Promise<AdminDeps>; log: Log } {
  const settings = readSettings(environment.variables, [
    'TABLE_NAME',
    'COMMANDS_QUEUE_URL',
    'RUNS_QUEUE_URL',
  ]);
  const table = createDocumentTable(settings.tableName, tableConfig(environment));
  const queues = queuesOf(environment, settings);
  const letters = createDynamoDeadLetters(table);
  const admin = (): AdminDeps => {
    // Read at each request: the local server learns its port, and so its URL, after this was made.
    const settingsNow = readSettings(environment.variables, []);
    const doctor = doctorDeps(environment, settingsNow, letters);
    return {
      projects: createDynamoProjectStore(table),
      secrets: environment.projectSecrets,
      runs: createDynamoRunStore(table, environment.nowMs),
      letters,
      commandQueue: queues.commands,
      runQueue: queues.runs,
      nowMs: environment.nowMs,
      publicUrl: settingsNow.publicUrl,
      tokenSecrets: environment.urlTokenSecrets,
      check: (file, projectId) => checkProject(doctor, file, projectId),
      checkSystem: () => checkSystem(doctor),
      horreumOf: async (project) =>
        doctor.horreumOf(project.datastoreUrl, await secretsOf(environment, project)),
      endRuns: async (project) => {
        if (await environment.gitHubApp())
          await stopRunsOf(joinBot(environment, 'admin-api'), project, pause);
      },
    };
  };
  return {
    admin: () => Promise.resolve(admin()),
    log: createLog(environment.sink, settings.logLevel, { function: 'admin-api' }),
  };
}

function doctorDeps(environment: BotEnvironment, settings: Settings, letters: DeadLetterStore): DoctorDeps {
  const gitHubApp = gitHubAppOf(environment, settings);
  const sqs = sqsCall(environment, settings);
  const urls = { commands: settings.commandsQueueUrl, runs: settings.runsQueueUrl };
  return {
    nowMs: environment.nowMs,
    publicUrl: settings.publicUrl,
    gitHubAppKey: environment.gitHubApp,
    gitHubApp,
    gitHubWebhookSecrets: environment.gitHubWebhookSecrets,
    urlTokenSecrets: environment.urlTokenSecrets,
    projectSecrets: environment.projectSecrets,
    executorOf: (project, job, secrets) =>
      executorOf(environment, settings, gitHubApp.accessTo, project, job, secrets),
    horreumOf: (datastoreUrl, secrets) => horreumAdminOf(environment, settings, datastoreUrl, secrets),
    queueDepthOf: (queue) => readQueueDepth(sqs, urls[queue]),
    letters,
  };
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
