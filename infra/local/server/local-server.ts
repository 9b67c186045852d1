/** Runs the whole bot on one machine: the same handlers behind the same routes, on the same queues and table, with a sweeper that ticks. */
import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHandler as adminApi } from '../../../functions/admin-api.ts';
import { createHandler as commandWorker } from '../../../functions/command-worker.ts';
import { createHandler as deadLetters } from '../../../functions/dead-letters.ts';
import { createHandler as gitHubWebhook } from '../../../functions/github-webhook.ts';
import { createHandler as horreumWebhook } from '../../../functions/horreum-webhook.ts';
import { createHandler as perflabWebhook } from '../../../functions/perflab-webhook.ts';
import { createHandler as runVerdict } from '../../../functions/run-verdict.ts';
import { createHandler as runWorker } from '../../../functions/run-worker.ts';
import { createHandler as sweeper } from '../../../functions/sweeper.ts';
import { reply, type HttpEvent } from '../../../lib/http/api-gateway.ts';
import { createLog } from '../../../lib/log.ts';
import { readSettings } from '../../../lib/settings.ts';
import { adminDeps } from '../../../lib/wiring/admin.ts';
import { deadLetterDeps, sweeperDeps, workerDeps } from '../../../lib/wiring/workers.ts';
import { gitHubDoorDeps, horreumDoorDeps, perflabDoorDeps } from '../../../lib/wiring/doors.ts';
import { verdictDoorDeps } from '../../../lib/wiring/verdict-door.ts';
import { close, listen } from '../stand-in/listen.ts';
import { answerByRoutes, type HttpHandler, type Route } from './http-door.ts';
import type { LocalEnvironment } from './local-environment.ts';
import { pollQueue } from './queue-poller.ts';
import { takeUpRuns } from './take-up-runs.ts';

export interface LocalServer {
  readonly port: number;
  close(): Promise<void>;
}

export type OtherPages = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Listens first (so that a URL may hold the port), then starts to work. */
export async function startLocalServer(
  local: LocalEnvironment,
  { port, host = '127.0.0.1' }: { readonly port: number; readonly host?: string | undefined },
  otherPages: OtherPages = () => false,
): Promise<LocalServer> {
  const { environment, queues, sqs } = local;
  const settings = readSettings(environment.variables, []);
  const log = createLog(environment.sink, settings.logLevel, { function: 'local-server' });
  const routes = routesOf(local);
  const server = createServer((request, response) => {
    if (otherPages(request, response)) return;
    answerByRoutes(routes, request, response).then(
      (answered) =>
        answered || response.writeHead(404, { 'content-type': 'text/plain' }).end('there is nothing here\n'),
      (error: unknown) => {
        log.error('a request failed', { error });
        if (!response.headersSent) response.writeHead(500);
        response.end();
      },
    );
  });
  await listen(server, port, host);
  if (local.isAlone) await takeUpRuns(environment);
  const onPollError = (sentence: string, error: unknown) => log.warn(sentence, { error });
  const pollers = [
    pollQueue(sqs, queues.commands, commandWorker(workerDeps(environment, 'command-worker')), onPollError),
    pollQueue(sqs, queues.runs, runWorker(workerDeps(environment, 'run-worker')), onPollError),
    pollQueue(sqs, queues.deadCommands, deadLetters(deadLetterDeps(environment)), onPollError),
    pollQueue(sqs, queues.deadRuns, deadLetters(deadLetterDeps(environment)), onPollError),
  ];
  const sweep = sweeper(sweeperDeps(environment));
  const onSweepError = (error: unknown) => log.warn('the sweep failed', { error });
  if (local.isAlone) void sweep({}).catch(onSweepError);
  const stopSweeping = sweepEvery(settings.sweepIntervalMs, sweep, onSweepError);
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      stopSweeping();
      await Promise.all(pollers.map((poller) => poller.stop()));
      await close(server);
    },
  };
}

function routesOf({ environment, adminToken }: LocalEnvironment): Route[] {
  const perflab = perflabWebhook(perflabDoorDeps(environment));
  const horreum = horreumWebhook(horreumDoorDeps(environment));
  const admin = withAdminToken(adminToken, adminApi(adminDeps(environment)));
  return [
    { path: '/github', handler: gitHubWebhook(gitHubDoorDeps(environment)) },
    { path: '/horreum', handler: horreum },
    { path: '/horreum/{token}/{event+}', handler: horreum },
    { path: '/job', handler: perflab },
    { path: '/job/{token}', handler: perflab },
    { path: '/runs/{runKey}', handler: runVerdict(verdictDoorDeps(environment)) },
    { path: '/config', handler: admin },
    { path: '/config/{proxy+}', handler: admin },
    { path: '/admin/{proxy+}', handler: admin },
  ];
}

/** On AWS the gateway asks for an IAM signature; here for the token in the data folder. */
function withAdminToken(token: string, handler: HttpHandler): HttpHandler {
  const expected = Buffer.from(`Bearer ${token}`);
  return (event: HttpEvent) => {
    const given = Buffer.from(event.headers['authorization'] ?? '');
    const allowed = given.byteLength === expected.byteLength && timingSafeEqual(given, expected);
    return allowed
      ? handler(event)
      : Promise.resolve(
          reply(401, 'this needs the admin token: use the perf-bot command', {
            'www-authenticate': 'Bearer',
          }),
        );
  };
}

function sweepEvery(
  intervalMs: number,
  sweep: (event: unknown) => Promise<void>,
  onError: (error: unknown) => void,
): () => void {
  const timer = setInterval(() => void sweep({}).catch(onError), intervalMs);
  return () => clearInterval(timer);
}
