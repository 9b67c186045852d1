/** POST /job and /job/{token}: a PerfLab says that a job ended. Signed, or by a token in the URL; what it says is only a hint. */
import { header, rawBody, reply, type HttpAnswer, type HttpEvent } from '../lib/http/api-gateway.ts';
import { lambdaEnvironment, onLambda } from '../lib/wiring/lambda-environment.ts';
import { readUrlToken } from '../lib/http/url-token.ts';
import { readCallback, signingProject } from '../lib/bot/runs/read-callback.ts';
import { perflabWebhookDeps, tokenSecretsOrNone, type PerfLabHintDeps } from '../lib/wiring/hint-webhooks.ts';

const REMEDY =
  'unsigned callbacks are not accepted: post to the URL that `perf-bot perflab url OWNER/REPO` prints, or sign the body';

const MAX_BODY_BYTES = 64 * 1024;

export function createHandler(deps: PerfLabHintDeps) {
  return async (event: HttpEvent): Promise<HttpAnswer> => {
    if (event.requestContext.http.method !== 'POST')
      return reply(405, 'only POST is answered here', { allow: 'POST' });
    const body = rawBody(event);
    if (body.byteLength > MAX_BODY_BYTES) return reply(413, 'a callback has at most 64 KB');
    const secrets = await tokenSecretsOrNone(deps);
    if (secrets.length === 0) return reply(503, 'Perf Bot is not set up yet');
    const callback = readCallback(body);
    const projectId =
      projectOf(event, secrets, body) ??
      (deps.acceptUnsigned && isBare(event) ? callback?.projectId : undefined);
    if (projectId === undefined) {
      deps.countForged();
      return reply(401, REMEDY);
    }
    if (!callback) return reply(400, 'the body must be a JSON object');
    const { projectId: _said, ...hint } = callback;
    try {
      await deps.runs.send({ version: 1, kind: 'perflab', projectId, ...hint });
    } catch (error) {
      deps.log.error('a hint could not be queued; the sweeper will look', { error, projectId });
      return reply(503, 'the queue does not answer');
    }
    deps.log.info('hint queued', { from: 'perflab', projectId, ...hint });
    return reply(202, 'noted');
  };
}

function projectOf(event: HttpEvent, secrets: readonly string[], body: Buffer): string | undefined {
  const token = event.pathParameters?.['token'];
  if (token !== undefined) return readUrlToken(secrets, 'perflab', token)?.[0];
  return signingProject(secrets, body, header(event, 'x-hub-signature-256'));
}

function isBare(event: HttpEvent): boolean {
  return event.pathParameters?.['token'] === undefined && header(event, 'x-hub-signature-256') === undefined;
}

export const handler = onLambda(() => createHandler(perflabWebhookDeps(lambdaEnvironment())));
