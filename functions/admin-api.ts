/** /config: project configuration for operators. On AWS the gateway lets only IAM-signed requests through; secrets are masked in every answer. */
import {
  listProjects,
  ProjectRefused,
  projectUrls,
  removeProjectAndRuns,
  showProject,
  storeProject,
  type AdminDeps,
} from '../lib/bot/projects/admin.ts';
import { UserError } from '../lib/bot/errors.ts';
import {
  header,
  rawBody,
  reply,
  replyJson,
  type HttpAnswer,
  type HttpEvent,
} from '../lib/http/api-gateway.ts';
import { adminDeps } from '../lib/wiring/admin.ts';
import { lambdaEnvironment, onLambda } from '../lib/wiring/lambda-environment.ts';

const MAX_BODY_BYTES = 1024 * 1024;

export function createHandler({
  admin,
  log,
}: {
  readonly admin: () => Promise<AdminDeps>;
  readonly log: { error(sentence: string, fields: Record<string, unknown>): void };
}) {
  return async (event: HttpEvent): Promise<HttpAnswer> => {
    try {
      return await answer(await admin(), event);
    } catch (error) {
      if (error instanceof ProjectRefused)
        return replyJson(422, { error: error.message, findings: error.findings });
      if (error instanceof UserError)
        return replyJson(
          /^There is no project/.test(error.message) ? 404 : /changed/.test(error.message) ? 409 : 400,
          { error: error.message },
        );
      log.error('the admin API failed', { error });
      return replyJson(500, { error: 'Perf Bot failed; its log says why' });
    }
  };
}

/** `/config` is the list; `/config/owner/repo` one project; `/config/owner/repo/urls` its URLs. */
async function answer(deps: AdminDeps, event: HttpEvent): Promise<HttpAnswer> {
  const { method } = event.requestContext.http;
  const [, , owner, repo, extra] = event.rawPath.split('/');
  if (!owner) {
    if (method === 'GET') return replyJson(200, await listProjects(deps));
    if (method === 'POST') return store(deps, event);
    return reply(405, 'GET or POST', { allow: 'GET, POST' });
  }
  const name = `${owner}/${repo ?? ''}`;
  if (extra === 'urls' && method === 'GET') return replyJson(200, await projectUrls(deps, name));
  if (extra !== undefined) return reply(404, 'there is nothing here');
  switch (method) {
    case 'GET': {
      const project = await showProject(deps, name);
      return replyJson(200, project, { etag: `"${Number(project['version'])}"` });
    }
    case 'PUT':
      return store(deps, event, name);
    case 'DELETE':
      await removeProjectAndRuns(deps, name);
      return { statusCode: 204 };
    default:
      return reply(405, 'GET, PUT or DELETE', { allow: 'GET, PUT, DELETE' });
  }
}

async function store(deps: AdminDeps, event: HttpEvent, name?: string): Promise<HttpAnswer> {
  const body = rawBody(event);
  if (body.byteLength > MAX_BODY_BYTES) return reply(413, 'a project file has at most 1 MB');
  const content = parse(body);
  if (content === undefined) return replyJson(400, { error: 'the body is not JSON' });
  const said =
    typeof content === 'object' && content !== null && 'repoFullName' in content
      ? content.repoFullName
      : undefined;
  if (name !== undefined && typeof said === 'string' && said.toLowerCase() !== name.toLowerCase()) {
    return replyJson(400, { error: `the body is about ${said}, the path about ${name}` });
  }
  const version = /^"?(\d+)"?$/.exec(header(event, 'if-match') ?? '')?.[1];
  const skipChecks = event.queryStringParameters?.['skip-checks'] === 'true';
  return replyJson(
    200,
    await storeProject(deps, content, {
      skipChecks,
      ...(version === undefined ? {} : { expectedVersion: Number(version) }),
    }),
  );
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

export const handler = onLambda(() => createHandler(adminDeps(lambdaEnvironment())));
