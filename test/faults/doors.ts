/** The bot's HTTP doors: the routes that the stack declares, and a check that nothing is acknowledged before it is queued. */
import { answerByRoutes, type HttpHandler } from '../../infra/local/server/http-door.ts';
import { reply } from '../../lib/http/api-gateway.ts';
import type { Containers, FunctionName } from './containers.ts';
import { startServer, type StartedServer } from './start-server.ts';

export interface DoorsOptions {
  /** Asked for when the first request comes. */
  readonly containers: () => Containers;
  /** Messages that the doors' functions have put into a queue so far. */
  readonly queuedByDoors: () => number;
  /** The door is shut for these: nobody behind it hears of them. */
  readonly losesWebhook: ((path: string) => boolean) | undefined;
}

export interface Doors extends StartedServer {
  /** Webhooks that were answered 202 before their message was in a queue. */
  acknowledgedEarly(): number;
}

export async function startDoors({ containers, queuedByDoors, losesWebhook }: DoorsOptions): Promise<Doors> {
  let accepted = 0;
  let acknowledgedEarly = 0;
  const behind =
    (name: Extract<FunctionName, `${string}-webhook`>): HttpHandler =>
    async (event) => {
      const answer = await containers().invoke(name, event);
      if (answer === 'killed') return reply(502, 'the function was killed');
      if (answer.statusCode === 202) accepted += 1;
      if (accepted > queuedByDoors()) acknowledgedEarly += 1;
      return answer;
    };
  const routes = [
    { path: '/github', handler: behind('github-webhook') },
    { path: '/horreum/{token}/{event+}', handler: behind('horreum-webhook') },
    { path: '/job', handler: behind('perflab-webhook') },
    { path: '/job/{token}', handler: behind('perflab-webhook') },
  ];
  const server = await startServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname;
    if (losesWebhook?.(path)) return void response.writeHead(502).end();
    answerByRoutes(routes, request, response).then(
      (answered) => answered || response.writeHead(404).end(),
      () => response.writeHead(500).end(),
    );
  });
  return { ...server, acknowledgedEarly: () => acknowledgedEarly };
}
