/** Serves the App's check runs. */
import { ApiError, notFound } from '../api/api-error.ts';
import { idFrom, requiredString, type ApiRequest } from '../api/request.ts';
import { fireRun, rerequestRun, suiteFor } from '../acts/checks.ts';
import { readCheckRun, type CheckRunInput } from './check-run-input.ts';
import { findCommit } from '../state/commit-graph.ts';
import { pageOf } from '../api/paging.ts';
import { checkRunPayload } from '../payloads/check.ts';
import type { Route } from '../api/router.ts';
import type { CheckRun } from '../state/records.ts';
import type { World } from '../webhooks/webhooks.ts';

export const checkRunRoutes: readonly Route[] = [
  { method: 'POST', path: '/repos/{owner}/{repo}/check-runs', needs: ['checks:write'], answer: create },
  { method: 'PATCH', path: '/repos/{owner}/{repo}/check-runs/{id}', needs: ['checks:write'], answer: update },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/check-runs/{id}',
    needs: ['checks:read'],
    answer: (world, request) => ({ status: 200, body: checkRunPayload(world.state, runIn(world, request)) }),
  },
  {
    // Fires the very event that a person's click fires.
    method: 'POST',
    path: '/repos/{owner}/{repo}/check-runs/{id}/rerequest',
    needs: ['checks:write'],
    answer: (world, request) => {
      rerequestRun(world, runIn(world, request), world.state.bot);
      return { status: 201, body: {} };
    },
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/commits/{ref}/check-runs',
    needs: ['checks:read'],
    answer: (world, request) => {
      const commit = findCommit(world.state, request.repository, request.params['ref'] ?? '');
      if (!commit) throw new ApiError(422, `No commit found for SHA: ${request.params['ref']}`);
      return answerList(world, request, (run) => run.headSha === commit.sha);
    },
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/check-suites/{id}/check-runs',
    needs: ['checks:read'],
    answer: (world, request) =>
      answerList(world, request, (run) => run.suite.id === idFrom(request.params, 'id')),
  },
];

function create(world: World, request: ApiRequest) {
  const { state } = world;
  const name = requiredString(request.body, 'name', 'CheckRun');
  const headSha = requiredString(request.body, 'head_sha', 'CheckRun');
  const input = readCheckRun(request.body, 'create');
  if (!findCommit(state, request.repository, headSha))
    throw new ApiError(422, `No commit found for SHA: ${headSha}`);
  const suite = suiteFor(world, request.repository, headSha, state.app.id);
  suite.rerequested = false;
  const run: CheckRun = {
    id: state.nextId('checkRun'),
    repository: request.repository,
    suite,
    appId: state.app.id,
    name,
    headSha,
    externalId: '',
    detailsUrl: `${state.webUrl}/apps/${state.app.slug}`,
    status: 'queued',
    conclusion: null,
    startedAtMs: state.nowMs(),
    completedAtMs: undefined,
    output: { title: null, summary: null, text: null, annotations: 0 },
    actions: [],
  };
  apply(world, run, input);
  state.checkRuns.push(run);
  fireRun(world, run, 'created', state.bot);
  if (run.status === 'completed') fireRun(world, run, 'completed', state.bot);
  const payload = checkRunPayload(state, run);
  return { status: 201, headers: { location: payload.url }, body: payload };
}

function update(world: World, request: ApiRequest) {
  const run = runIn(world, request);
  if (run.appId !== world.state.app.id)
    throw new ApiError(
      403,
      'Invalid app_id `' +
        world.state.app.id +
        '` - check run can only be modified by the GitHub App that created it.',
    );
  const before = { status: run.status, conclusion: run.conclusion };
  apply(world, run, readCheckRun(request.body, 'update'));
  const completed =
    run.status === 'completed' && (before.status !== 'completed' || before.conclusion !== run.conclusion);
  if (completed) fireRun(world, run, 'completed', world.state.bot);
  return { status: 200, body: checkRunPayload(world.state, run) };
}

/** A completed run takes new conclusions and texts, but never goes back to queued or in_progress. */
function apply(world: World, run: CheckRun, input: CheckRunInput): void {
  run.name = input.name ?? run.name;
  run.externalId = input.externalId ?? run.externalId;
  run.detailsUrl = input.detailsUrl ?? run.detailsUrl;
  run.startedAtMs = input.startedAtMs ?? run.startedAtMs;
  if (run.status !== 'completed') run.status = input.status ?? run.status;
  if (input.conclusion !== undefined) {
    run.conclusion = input.conclusion;
    run.completedAtMs = input.completedAtMs ?? world.state.nowMs();
  }
  run.actions = input.actions ?? run.actions;
  if (input.output) {
    const annotations = run.output.annotations + input.output.annotations;
    run.output = { ...input.output, title: input.output.title ?? run.output.title, annotations };
  }
  run.suite.updatedAtMs = world.state.nowMs();
}

function answerList(world: World, request: ApiRequest, inScope: (run: CheckRun) => boolean) {
  const { query, repository } = request;
  const name = query.get('check_name');
  const appId = query.get('app_id');
  const status = query.get('status');
  const matching = world.state.checkRuns
    .filter((run) => run.repository === repository && inScope(run))
    .filter((run) => name === null || run.name === name)
    .filter((run) => appId === null || run.appId === Number(appId))
    .filter((run) => status === null || run.status === status);
  const all = query.get('filter') === 'all' ? matching : latestOfEachName(matching);
  const page = pageOf(world.state, request, all);
  const body = {
    total_count: all.length,
    check_runs: page.items.map((run) => checkRunPayload(world.state, run)),
  };
  return { status: 200, headers: page.headers, body };
}

/** By `completed_at`, so that an unfinished run loses against a finished one of its name. */
function latestOfEachName(runs: readonly CheckRun[]): CheckRun[] {
  const latest = new Map<string, CheckRun>();
  for (const run of runs) {
    const key = `${run.appId} ${run.name}`;
    const known = latest.get(key);
    if (!known || (run.completedAtMs ?? 0) >= (known.completedAtMs ?? 0)) latest.set(key, run);
  }
  return [...latest.values()];
}

function runIn(world: World, request: ApiRequest): CheckRun {
  const id = idFrom(request.params, 'id');
  const run = world.state.checkRuns.find((one) => one.id === id && one.repository === request.repository);
  if (!run) throw notFound();
  return run;
}
