/** Answers POST /github: proves that a delivery is GitHub's, queues what it asks for, and answers well within GitHub's 10 s. */
import { pickEvent } from '../lib/github/pick-event.ts';
import { isSignedByGitHub } from '../lib/github/signature.ts';
import { header, rawBody, reply, type HttpAnswer, type HttpEvent } from '../lib/http/api-gateway.ts';
import { parseJson } from '../lib/json.ts';
import { lambdaEnvironment, onLambda } from '../lib/wiring/lambda-environment.ts';
import { gitHubDoorDeps, type GitHubDoorDeps } from '../lib/wiring/doors.ts';

/** What Lambda takes at most; API Gateway refuses more before us. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_BODY_BYTES = 6 * 1024 * 1024;

export function createHandler(deps: GitHubDoorDeps) {
  return async (event: HttpEvent): Promise<HttpAnswer> => {
    if (event.requestContext.http.method !== 'POST')
      return reply(405, 'only POST is answered here', { allow: 'POST' });
    if (!/^application\/json\b/i.test(header(event, 'content-type') ?? ''))
      return reply(415, 'the webhook must send application/json');
    const eventName = header(event, 'x-github-event');
    const deliveryId = header(event, 'x-github-delivery');
    if (!eventName || !deliveryId) return reply(400, 'X-GitHub-Event or X-GitHub-Delivery is missing');
    const body = rawBody(event);
    if (body.byteLength > MAX_BODY_BYTES) return reply(413, 'the delivery is larger than 6 MB');
    const secrets = await deps.gitHubSecrets().catch((error: unknown): readonly string[] => {
      deps.log.error('the secret store does not answer', { error });
      return [];
    });
    if (secrets.length === 0) {
      deps.log.error('the webhook secret is not set: put it into the secret store', { delivery: deliveryId });
      return reply(503, 'Perf Bot is not set up yet');
    }
    if (!(await isSignedByGitHub(secrets, body, header(event, 'x-hub-signature-256') ?? ''))) {
      deps.countForged();
      return reply(401, 'the signature is missing or does not match');
    }
    if (eventName === 'ping') return reply(200, 'pong');
    const payload = parseJson(body);
    if (payload === undefined) return reply(400, 'the body is not JSON');
    const picked = pickEvent(eventName, payload, deps.prompt);
    if (picked.kind === 'ignore') return reply(200, `ignored: ${picked.reason}`);
    const { delivery } = picked;
    try {
      await deps.commands.send({ version: 1, deliveryId, delivery });
    } catch (error) {
      deps.log.error('a delivery could not be queued', { error, delivery: deliveryId });
      return reply(503, 'the queue does not answer; redeliver this later');
    }
    deps.log.info('queued', { event: eventName, kind: delivery.kind, delivery: deliveryId });
    return reply(202, 'queued');
  };
}

export const handler = onLambda(() => createHandler(gitHubDoorDeps(lambdaEnvironment())));
