/** Answers POST /job and /job/{token}, by which a PerfLab says that a job ended: signed, or with a token in the URL; either way only a hint. */
import { header, rawBody, reply, type HttpAnswer, type HttpEvent } from '../lib/http/api-gateway.ts';
import { lambdaEnvironment, onLambda } from '../lib/wiring/lambda-environment.ts';
import { projectIdOf } from '../lib/bot/projects/project-config.ts';
import { callbackSecret, readUrlToken } from '../lib/http/url-token.ts';
import { isSignedWith, readCallback } from '../lib/perflab/callback.ts';
import { perflabDoorDeps, tokenSecretsOrNone, type PerfLabDoorDeps } from '../lib/wiring/doors.ts';

const REMEDY =
  'unsigned callbacks are not accepted: post to the URL that `perf-bot perflab url OWNER/REPO` prints, or sign the body';

const MAX_BODY_BYTES = 64 * 1024;

export function createHandler(deps: PerfLabDoorDeps) {
  return async (event: HttpEvent): Promise<HttpAnswer> => {
    if (event.requestContext.http.method !== 'POST')
      return reply(405, 'only POST is answered here', { allow: 'POST' });
    const body = rawBody(event);
    if (body.byteLength > MAX_BODY_BYTES) return reply(413, 'a callback has at most 64 KB');
    const secrets = await tokenSecretsOrNone(deps);
    if (secrets.length === 0) return reply(503, 'Perf Bot is not set up yet');
    const callback = readCallback(body);
    const named = callback?.repoFullName === undefined ? undefined : projectIdOf(callback.repoFullName);
    const projectId =
      provenProject(event, secrets, body, named) ??
      (deps.acceptUnsigned && isBare(event) ? named : undefined);
    if (projectId === undefined) {
      deps.countForged();
      return reply(401, REMEDY);
    }
    if (!callback) return reply(400, 'the body must be a JSON object');
    const { repoFullName: _named, ...hint } = callback;
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

/** The project of the URL's token, or the one named in the body if its secret signed the body. */
function provenProject(
  event: HttpEvent,
  secrets: readonly string[],
  body: Buffer,
  named: string | undefined,
): string | undefined {
  const token = event.pathParameters?.['token'];
  if (token !== undefined) return readUrlToken(secrets, 'perflab', token)?.[0];
  const signature = header(event, 'x-hub-signature-256');
  if (named === undefined || signature === undefined) return undefined;
  const signed = secrets.map((secret) => isSignedWith(callbackSecret(secret, named), body, signature));
  return signed.includes(true) ? named : undefined;
}

function isBare(event: HttpEvent): boolean {
  return event.pathParameters?.['token'] === undefined && header(event, 'x-hub-signature-256') === undefined;
}

export const handler = onLambda(() => createHandler(perflabDoorDeps(lambdaEnvironment())));
