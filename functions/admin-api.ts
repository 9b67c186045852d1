/** Answers operators at /config… and /admin…. On AWS the gateway lets only IAM-signed requests through; secrets are masked in every answer. */
import { replayDeadLetter } from '../lib/bot/operator/dead-letters.ts';
import { ChangedMeanwhile, UserError, NotThere } from '../lib/bot/record/errors.ts';
import {
  checkStored,
  connectProject,
  listProjects,
  ProjectRefused,
  projectUrls,
  removeProjectAndRuns,
  showProject,
  storeProject,
  type AdminDeps,
} from '../lib/bot/operator/admin.ts';
import { listRuns, retryRun, showRun } from '../lib/bot/operator/operate-runs.ts';
import {
  header,
  rawBody,
  reply,
  replyJson,
  type HttpAnswer,
  type HttpEvent,
} from '../lib/http/api-gateway.ts';
import { type PathParameters, routed } from '../lib/http/route-table.ts';
import { UpstreamError } from '../lib/http/upstream-error.ts';
import { parseJson, textAt, withoutUndefined } from '../lib/json.ts';
import { adminDeps } from '../lib/wiring/admin.ts';
import { lambdaEnvironment, onLambda } from '../lib/wiring/lambda-environment.ts';

const MAX_BODY_BYTES = 1024 * 1024;
const LETTERS_SHOWN = 1_000;

const answer = routed<AdminDeps>({
  'GET /config': async (deps) => replyJson(200, await listProjects(deps)),
  'POST /config': store,
  'GET /config/{owner}/{repo}': async (deps, _, repository) => {
    const project = await showProject(deps, nameOf(repository));
    return replyJson(200, project, { etag: `"${Number(project['version'])}"` });
  },
  'PUT /config/{owner}/{repo}': store,
  'DELETE /config/{owner}/{repo}': async (deps, _, repository) => {
    await removeProjectAndRuns(deps, nameOf(repository));
    return { statusCode: 204 };
  },
  'GET /config/{owner}/{repo}/urls': async (deps, _, repository) =>
    replyJson(200, await projectUrls(deps, nameOf(repository))),
  'GET /config/{owner}/{repo}/check': async (deps, _, repository) =>
    replyJson(200, { findings: await checkStored(deps, nameOf(repository)) }),
  'POST /config/{owner}/{repo}/connect': async (deps, { queryStringParameters: query }, repository) =>
    replyJson(200, { connected: await connectProject(deps, nameOf(repository), query?.['job']) }),
  'GET /admin/check': async (deps) => replyJson(200, { findings: await deps.checkSystem() }),
  'GET /admin/runs': runs,
  'GET /admin/runs/{runKey}': async (deps, _, { runKey = '' }) => replyJson(200, await showRun(deps, runKey)),
  'POST /admin/runs/{runKey}/retry': async (deps, _, { runKey = '' }) =>
    replyJson(202, await retryRun(deps, runKey)),
  'GET /admin/dead-letters': async (deps) => replyJson(200, await deps.letters.list(LETTERS_SHOWN)),
  'POST /admin/dead-letters/{messageId}/replay': async (deps, _, { messageId = '' }) => {
    if (await replayDeadLetter(deps, deps.letters, messageId)) return replyJson(202, { messageId });
    throw new NotThere(`There is no dead letter ${messageId.slice(0, 100)} that could be sent again.`);
  },
});

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
      if (error instanceof NotThere) return replyJson(404, { error: error.message });
      if (error instanceof ChangedMeanwhile) return replyJson(409, { error: error.message });
      if (error instanceof UserError) return replyJson(400, { error: error.message });
      if (error instanceof UpstreamError) return replyJson(502, { error: error.message });
      log.error('the admin API failed', { error });
      return replyJson(500, { error: 'Perf Bot failed; its log says why' });
    }
  };
}

async function runs(deps: AdminDeps, { queryStringParameters: query }: HttpEvent): Promise<HttpAnswer> {
  const { repository, pull } = query ?? {};
  if (pull !== undefined && !/^[1-9]\d{0,9}$/.test(pull))
    return replyJson(400, { error: 'pull must be the number of a pull request' });
  const pullRequest = pull === undefined ? undefined : Number(pull);
  const found = await listRuns(deps, withoutUndefined({ repoFullName: repository, pullRequest }));
  return replyJson(200, found);
}

/** The path may name the project, and then the body must not name another. */
async function store(deps: AdminDeps, event: HttpEvent, repository: PathParameters): Promise<HttpAnswer> {
  const body = rawBody(event);
  if (body.byteLength > MAX_BODY_BYTES) return reply(413, 'a project file has at most 1 MB');
  const content = parseJson(body);
  if (content === undefined) return replyJson(400, { error: 'the body is not JSON' });
  const said = textAt(content, 'repoFullName');
  const name = 'repo' in repository ? nameOf(repository) : undefined;
  if (name !== undefined && said !== undefined && said.toLowerCase() !== name.toLowerCase())
    return replyJson(400, { error: `the body is about ${said}, the path about ${name}` });
  const version = /^"?(\d+)"?$/.exec(header(event, 'if-match') ?? '')?.[1];
  const skipChecks = event.queryStringParameters?.['skip-checks'] === 'true';
  const expectedVersion = version === undefined ? undefined : Number(version);
  const stored = await storeProject(deps, content, withoutUndefined({ skipChecks, expectedVersion }));
  return replyJson(200, stored);
}

function nameOf({ owner, repo }: PathParameters): string {
  return `${owner}/${repo}`;
}

export const handler = onLambda(() => createHandler(adminDeps(lambdaEnvironment())));
