/** /config… and /admin…: what operators do. On AWS the gateway lets only IAM-signed requests through; secrets are masked in every answer. */
import { replayDeadLetter } from '../lib/bot/dead-letters.ts';
import { UserError } from '../lib/bot/errors.ts';
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
} from '../lib/bot/projects/admin.ts';
import { NotThere } from '../lib/bot/projects/not-there.ts';
import { listRuns, retryRun, showRun } from '../lib/bot/runs/operate-runs.ts';
import {
  header,
  rawBody,
  reply,
  replyJson,
  type HttpAnswer,
  type HttpEvent,
} from '../lib/http/api-gateway.ts';
import { UpstreamError } from '../lib/http/upstream-error.ts';
import { adminDeps } from '../lib/wiring/admin.ts';
import { lambdaEnvironment, onLambda } from '../lib/wiring/lambda-environment.ts';

const MAX_BODY_BYTES = 1024 * 1024;
const LETTERS_SHOWN = 1_000;

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
      if (error instanceof UserError)
        return replyJson(/changed/.test(error.message) ? 409 : 400, { error: error.message });
      if (error instanceof UpstreamError) return replyJson(502, { error: error.message });
      log.error('the admin API failed', { error });
      return replyJson(500, { error: 'Perf Bot failed; its log says why' });
    }
  };
}

type Act = (deps: AdminDeps, event: HttpEvent, given: readonly string[]) => Promise<HttpAnswer>;

/** Path → method → what it does; what stands for `*` is given in order. */
const ROUTES: readonly (readonly [path: string, Readonly<Record<string, Act>>])[] = [
  [
    'config',
    {
      GET: async (deps) => replyJson(200, await listProjects(deps)),
      POST: (deps, event) => store(deps, event),
    },
  ],
  [
    'config/*/*',
    {
      async GET(deps, _event, [owner, repo]) {
        const project = await showProject(deps, `${owner}/${repo}`);
        return replyJson(200, project, { etag: `"${Number(project['version'])}"` });
      },
      PUT: (deps, event, [owner, repo]) => store(deps, event, `${owner}/${repo}`),
      async DELETE(deps, _event, [owner, repo]) {
        await removeProjectAndRuns(deps, `${owner}/${repo}`);
        return { statusCode: 204 };
      },
    },
  ],
  [
    'config/*/*/urls',
    {
      GET: async (deps, _event, [owner, repo]) => replyJson(200, await projectUrls(deps, `${owner}/${repo}`)),
    },
  ],
  [
    'config/*/*/check',
    {
      GET: async (deps, _event, [owner, repo]) =>
        replyJson(200, { findings: await checkStored(deps, `${owner}/${repo}`) }),
    },
  ],
  [
    'config/*/*/connect',
    {
      POST: async (deps, event, [owner, repo]) =>
        replyJson(200, {
          connected: await connectProject(deps, `${owner}/${repo}`, event.queryStringParameters?.['job']),
        }),
    },
  ],
  ['admin/check', { GET: async (deps) => replyJson(200, { findings: await deps.checkSystem() }) }],
  ['admin/runs', { GET: (deps, event) => runs(deps, event) }],
  [
    'admin/runs/*',
    { GET: async (deps, _event, [runKey = '']) => replyJson(200, await showRun(deps, runKey)) },
  ],
  [
    'admin/runs/*/retry',
    { POST: async (deps, _event, [runKey = '']) => replyJson(202, await retryRun(deps, runKey)) },
  ],
  ['admin/dead-letters', { GET: async (deps) => replyJson(200, await deps.letters.list(LETTERS_SHOWN)) }],
  [
    'admin/dead-letters/*/replay',
    {
      async POST(deps, _event, [messageId = '']) {
        if (await replayDeadLetter(deps, deps.letters, messageId)) return replyJson(202, { messageId });
        throw new NotThere(`There is no dead letter ${messageId.slice(0, 100)} that could be sent again.`);
      },
    },
  ],
];

async function answer(deps: AdminDeps, event: HttpEvent): Promise<HttpAnswer> {
  const { method } = event.requestContext.http;
  for (const [path, acts] of ROUTES) {
    const given = match(path, event.rawPath);
    if (!given) continue;
    const act = Object.hasOwn(acts, method) ? acts[method] : undefined;
    const allowed = Object.keys(acts).join(', ');
    return act ? act(deps, event, given) : reply(405, `only ${allowed} here`, { allow: allowed });
  }
  return reply(404, 'there is nothing here');
}

function match(path: string, rawPath: string): string[] | undefined {
  const wanted = path.split('/');
  const given = rawPath.split('/').slice(1);
  if (given.at(-1) === '') given.pop();
  const fits =
    given.length === wanted.length &&
    wanted.every((part, index) => (part === '*' ? given[index] !== '' : part === given[index]));
  return fits ? given.filter((_, index) => wanted[index] === '*') : undefined;
}

async function runs(deps: AdminDeps, event: HttpEvent): Promise<HttpAnswer> {
  const { repository, pull } = event.queryStringParameters ?? {};
  if (pull !== undefined && !/^[1-9]\d{0,9}$/.test(pull))
    return replyJson(400, { error: 'pull must be the number of a pull request' });
  return replyJson(
    200,
    await listRuns(deps, {
      ...(repository === undefined ? {} : { repoFullName: repository }),
      ...(pull === undefined ? {} : { pullRequest: Number(pull) }),
    }),
  );
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
