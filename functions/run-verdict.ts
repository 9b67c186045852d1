/** Answers GET /runs/{runKey}: the verdict of one run as JSON, for merge bots and scripts. A private repository's needs the project's token. */
import { showVerdict, type VerdictDeps } from '../lib/bot/runs/show-verdict.ts';
import { header, reply, replyJson, type HttpAnswer, type HttpEvent } from '../lib/http/api-gateway.ts';
import { lambdaEnvironment, onLambda } from '../lib/wiring/lambda-environment.ts';
import { verdictDoorDeps } from '../lib/wiring/verdict-door.ts';

export interface Deps extends VerdictDeps {
  readonly log: { error(sentence: string, fields: Record<string, unknown>): void };
}

export function createHandler(deps: Deps) {
  return async (event: HttpEvent): Promise<HttpAnswer> => {
    const { method, sourceIp } = event.requestContext.http;
    if (method !== 'GET' && method !== 'HEAD')
      return reply(405, 'only GET is answered here', { allow: 'GET' });
    try {
      const answer = await showVerdict(deps, {
        runKey: event.pathParameters?.['runKey'] ?? '',
        token: tokenOf(event),
        caller: sourceIp,
      });
      switch (answer.kind) {
        case 'not-found':
          return replyJson(404, { error: 'there is no such run, or it needs a token of its project' }, SAFE);
        case 'too-many':
          return replyJson(
            429,
            { error: 'too many questions; ask again later' },
            { ...SAFE, 'retry-after': String(answer.retryAfterSeconds) },
          );
        case 'found': {
          const etag = `"${answer.version}"`;
          const headers = {
            ...SAFE,
            etag,
            'cache-control': answer.isPublic ? 'public, max-age=5' : 'no-store',
          };
          if (header(event, 'if-none-match') === etag) return { statusCode: 304, headers };
          return replyJson(200, answer.verdict, headers);
        }
      }
    } catch (error) {
      deps.log.error('a verdict could not be shown', { error });
      return replyJson(503, { error: 'Perf Bot can’t answer just now; ask again later' }, SAFE);
    }
  };
}

const SAFE = { 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' };

/** The header where one can be sent, since URLs end up in logs. */
function tokenOf(event: HttpEvent): string | undefined {
  const bearer = /^Bearer\s+(\S+)$/i.exec(header(event, 'authorization') ?? '')?.[1];
  return bearer ?? event.queryStringParameters?.['token'];
}

export const handler = onLambda(() => createHandler(verdictDoorDeps(lambdaEnvironment())));
