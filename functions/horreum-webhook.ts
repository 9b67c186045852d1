/** Answers POST /horreum/{token}/{event}: checks the token, queues a hint, and believes nothing that Horreum posted. */
import { header, rawBody, reply, type HttpAnswer, type HttpEvent } from '../lib/http/api-gateway.ts';
import { horreumRunIdIn } from '../lib/horreum/webhook-body.ts';
import { withoutUndefined } from '../lib/json.ts';
import { lambdaEnvironment, onLambda } from '../lib/wiring/lambda-environment.ts';
import { readUrlToken } from '../lib/http/url-token.ts';
import { horreumDoorDeps, tokenSecretsOrNone, type HintDoorDeps } from '../lib/wiring/doors.ts';

const REMEDY = 'this URL needs a token: print the right one with `perf-bot horreum url OWNER/REPO JOB`';

/** Above this the body is not looked at: the hint says the same without it. */
const MAX_PARSED_BYTES = 6 * 1024 * 1024;

export function createHandler(deps: HintDoorDeps) {
  return async (event: HttpEvent): Promise<HttpAnswer> => {
    if (event.requestContext.http.method !== 'POST')
      return reply(405, 'only POST is answered here', { allow: 'POST' });
    const secrets = await tokenSecretsOrNone(deps);
    if (secrets.length === 0) return reply(503, 'Perf Bot is not set up yet');
    const [projectId, testId] = readUrlToken(secrets, 'horreum', event.pathParameters?.['token'] ?? '') ?? [];
    if (projectId === undefined || testId === undefined) {
      deps.countForged();
      return reply(401, REMEDY);
    }
    const name = (event.pathParameters?.['event'] ?? '').slice(0, 60);
    const body = rawBody(event);
    const horreumRunId = body.byteLength <= MAX_PARSED_BYTES ? horreumRunIdIn(name, body) : undefined;
    try {
      await deps.runs.send(
        withoutUndefined({ version: 1, kind: 'horreum', projectId, testId, event: name, horreumRunId }),
      );
    } catch (error) {
      deps.log.error('a hint could not be queued; the sweeper will look', { error, projectId });
      return reply(503, 'the queue does not answer');
    }
    deps.log.info('hint queued', {
      from: 'horreum',
      event: name,
      projectId,
      testId,
      horreumRunId,
      type: header(event, 'content-type'),
    });
    return reply(202, 'noted');
  };
}

export const handler = onLambda(() => createHandler(horreumDoorDeps(lambdaEnvironment())));
