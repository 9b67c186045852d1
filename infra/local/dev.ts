/** `npm run dev` runs the bot on this machine, with GitHub, PerfLab and Horreum taken from `.env`. A restart loses nothing. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { readSettings } from '../../lib/settings.ts';
import { gitHubDoorDeps } from '../../lib/wiring/doors.ts';
import { applyProjectsDir } from './server/apply-projects-dir.ts';
import { createLocalEnvironment, type Variables } from './server/local-environment.ts';
import { startLocalServer } from './server/local-server.ts';
import { startAmqpSource } from './server/amqp-source.ts';

if (existsSync('.env')) process.loadEnvFile('.env');
const port = Number(process.env['PORT'] || 3000);
const host = process.env['HOST'] || '127.0.0.1';
const dataDir = resolve(process.env['DATA_DIR'] || '.data');
const variables: Variables = {
  ...process.env,
  PUBLIC_URL: process.env['PUBLIC_URL'] || `http://localhost:${port}`,
};
const sink = (line: string) => process.stdout.write(`${line}\n`);

const settings = readSettings(variables, []);
const local = await createLocalEnvironment(variables, { dataDir, secretsDir: dataDir, sink });
if (process.env['PROJECTS_DIR'])
  await applyProjectsDir(local.environment, process.env['PROJECTS_DIR'], console.log);
const server = await startLocalServer(local, { port, host });
console.log(
  `Perf Bot listens on ${host}, port ${server.port}; enter ${settings.publicUrl}/github as the webhook URL of your GitHub App.`,
);
for (const name of ['GITHUB_APP_ID', 'GITHUB_PRIVATE_KEY', 'GITHUB_WEBHOOK_SECRET']) {
  if (!process.env[name]) console.log(`${name} is not set; see .env.example`);
}

const { AMQP_URL: amqpUrl, AMQP_QUEUE: amqpQueue, AMQP_CA_CERTIFICATES: amqpCa } = process.env;
if (amqpUrl && !amqpQueue) throw new Error('AMQP_URL is set, but AMQP_QUEUE is not');
const amqp =
  amqpUrl && amqpQueue
    ? startAmqpSource(gitHubDoorDeps(local.environment, 'amqp-worker'), {
        url: amqpUrl,
        queue: amqpQueue,
        ca: amqpCa?.replace(/\\n/g, '\n') || undefined,
      })
    : undefined;

const stop = () => {
  void Promise.all([server.close(), amqp?.close()])
    .then(() => local.close())
    .then(() => process.exit(0));
};
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
