/** Answers the calls of GitHub Actions' API, on whatever server it is mounted. */
import { at, parseJson, textAt } from '../../../lib/json.ts';
import { createRealClock, type StandInClock } from '../stand-in/clock.ts';
import { json, type StandInAnswer, type StandInCall } from '../stand-in/calls.ts';
import {
  createActionsState,
  exportJob,
  exportRun,
  type ActionsRun,
  type ActionsState,
  type ActionsWorkflow,
} from './actions-state.ts';

export interface ActionsRoutesOptions {
  readonly workflows: readonly ActionsWorkflow[];
  /** `ghes`: answers 204 without the run's id, and refuses the key that asks for it. */
  readonly server?: 'github.com' | 'ghes';
  readonly clock?: StandInClock | undefined;
  readonly speed?: number;
  readonly runners?: number;
  readonly listLagMs?: number;
  /** Whether a call may pass; a stand-in for GitHub that has checked already leaves it out. */
  readonly mayPass?: (call: StandInCall) => boolean;
  /** Called as GitHub sends the webhook `workflow_run`; `payload` is its `workflow_run`. */
  readonly onEvent?: (action: string, payload: Record<string, unknown>, run: ActionsRun) => void;
}

export interface ActionsRoutes {
  readonly state: ActionsState;
  /** Undefined: not a route of GitHub Actions. */
  handle(call: StandInCall): StandInAnswer | undefined;
}

const SIGNED_URL_LIVES_MS = 60_000;

export function createActionsRoutes(options: ActionsRoutesOptions): ActionsRoutes {
  const clock = options.clock ?? createRealClock(options.speed);
  let origin = 'http://127.0.0.1';
  const state = createActionsState({
    clock,
    runners: options.runners ?? 2,
    listLagMs: options.listLagMs ?? 2_000,
    webUrl: () => origin,
    onEvent: (action, run) => options.onEvent?.(action, exportRun(run, origin), run),
  });

  function handle(call: StandInCall): StandInAnswer | undefined {
    origin = call.origin;
    const signed = /^\/signed-logs\/(\d+)$/.exec(call.path)?.[1];
    if (signed !== undefined) return signedLog(call, Number(signed));
    const [, repository = '', rest = ''] =
      /^(?:\/api\/v3)?\/repos\/([^/]+\/[^/]+)(\/(?:actions|contents)\/.*)?$/.exec(call.path) ?? [];
    const workflows = options.workflows.filter((one) => one.repository === decodeURIComponent(repository));
    const isOurs =
      /^\/(actions\/(workflows|runs|jobs)\/|contents\/\.github\/workflows\/)/.test(rest) ||
      (options.mayPass && rest === '');
    if (!isOurs) return undefined;
    if (options.mayPass && !options.mayPass(call)) return error(401, 'Bad credentials');
    if (workflows.length === 0) return error(404, 'Not Found');
    if (rest === '') return json(200, { full_name: repository, default_branch: 'main' });
    return (
      workflowRoute(call, rest, workflows) ?? runRoute(call, rest, repository) ?? error(404, 'Not Found')
    );
  }

  function workflowRoute(
    call: StandInCall,
    rest: string,
    workflows: readonly ActionsWorkflow[],
  ): StandInAnswer | undefined {
    const [, file = '', verb] =
      /^\/actions\/workflows\/([^/]+)(?:\/(dispatches|runs))?$/.exec(rest) ??
      /^\/contents\/\.github\/workflows\/([^/]+)()$/.exec(rest) ??
      [];
    const workflow = workflows.find((one) => one.file === decodeURIComponent(file));
    if (!workflow) return undefined;
    if (rest.startsWith('/contents/'))
      return {
        status: 200,
        headers: { 'content-type': 'application/vnd.github.raw+json' },
        body: workflow.text ?? '',
      };
    if (verb === 'dispatches' && call.method === 'POST') return dispatch(call, workflow);
    if (verb === 'runs') return listRuns(call, workflow);
    return json(200, {
      id: 1,
      name: 'perf',
      path: `.github/workflows/${workflow.file}`,
      state: workflow.state ?? 'active',
    });
  }

  function dispatch(call: StandInCall, workflow: ActionsWorkflow): StandInAnswer {
    const body = parseJson(call.body);
    const asksForDetails = at(body, 'return_run_details') !== undefined;
    const isGhes = options.server === 'ghes';
    const isNewApi = call.headers['x-github-api-version'] === '2026-03-10';
    if (asksForDetails && (isGhes || isNewApi))
      return error(422, 'Invalid request.\n\n"return_run_details" is not a permitted key.');
    if (workflow.dispatchable === false)
      return error(422, "Workflow does not have 'workflow_dispatch' trigger");
    if (workflow.state === 'disabled_manually')
      return error(422, "Cannot trigger a 'workflow_dispatch' on a disabled workflow");
    const ref = textAt(body, 'ref') ?? '';
    if (ref !== 'main') return error(422, `No ref found for: ${ref}`);
    const inputs = (at(body, 'inputs') ?? {}) as Record<string, string>;
    const unknown = Object.keys(inputs).filter(
      (name) => !workflow.inputs.some((input) => input.name === name),
    );
    if (unknown.length > 0) return error(422, `Unexpected inputs provided: ${JSON.stringify(unknown)}`);
    const missing = workflow.inputs.find(({ name, required }) => required && inputs[name] === undefined);
    if (missing) return error(422, `Required input '${missing.name}' not provided`);
    const run = state.dispatch(workflow, inputs);
    if (isGhes || !(asksForDetails || isNewApi)) return { status: 204 };
    const path = `/repos/${workflow.repository}/actions/runs/${run.id}`;
    return json(200, {
      workflow_run_id: run.id,
      run_url: `${origin}${path}`,
      html_url: `${origin}/${workflow.repository}/actions/runs/${run.id}`,
    });
  }

  function listRuns(call: StandInCall, workflow: ActionsWorkflow): StandInAnswer {
    const sinceMs = Date.parse((call.query.get('created') ?? '').replace(/^>=/, ''));
    const found = state
      .list(workflow)
      .filter(({ createdAtMs }) => Number.isNaN(sinceMs) || createdAtMs >= sinceMs);
    const perPage = Math.min(100, Number(call.query.get('per_page') ?? 30));
    const from = (Number(call.query.get('page') ?? 1) - 1) * perPage;
    return json(200, {
      total_count: found.length,
      workflow_runs: found.slice(from, from + perPage).map((run) => exportRun(run, origin)),
    });
  }

  function runRoute(call: StandInCall, rest: string, repository: string): StandInAnswer | undefined {
    const job = /^\/actions\/jobs\/(\d+)\/logs$/.exec(rest)?.[1];
    if (job !== undefined) return redirectToLog(Number(job));
    const [, id = '', verb] = /^\/actions\/runs\/(\d+)(?:\/(cancel|force-cancel|jobs))?$/.exec(rest) ?? [];
    const run = state.get(Number(id));
    if (run?.workflow.repository !== decodeURIComponent(repository)) return undefined;
    if (verb === undefined) return json(200, exportRun(run, origin));
    if (verb === 'jobs') return json(200, { total_count: 1, jobs: [exportJob(run)] });
    if (call.method !== 'POST') return undefined;
    return state.cancel(run, verb === 'force-cancel')
      ? json(202, {})
      : error(409, 'Cannot cancel a workflow run that is completed.');
  }

  function redirectToLog(jobId: number): StandInAnswer {
    const run = state.get(jobId / 10);
    if (run?.status !== 'completed') return error(404, 'Not Found');
    return {
      status: 302,
      headers: { location: `${origin}/signed-logs/${jobId}?until=${clock.nowMs() + SIGNED_URL_LIVES_MS}` },
    };
  }

  /** The store behind the signed address: refuses an Authorization header, knows ranges from a start only. */
  function signedLog(call: StandInCall, jobId: number): StandInAnswer {
    const run = state.get(jobId / 10);
    if (!run?.run || Number(call.query.get('until')) < clock.nowMs()) return { status: 403 };
    if (call.headers['authorization'] !== undefined)
      return { status: 400, body: 'InvalidAuthenticationInfo' };
    const stamp = `${new Date(run.startedAtMs).toISOString().slice(0, -1)}0000Z `;
    const whole = Buffer.from(run.run.log.replace(/^(?=.)/gm, stamp));
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(call.headers['range'] ?? '') ?? [];
    if (from === undefined) return { status: 200, headers: { 'content-type': 'text/plain' }, body: whole };
    if (Number(from) >= whole.byteLength) return { status: 416 };
    const end = to === '' ? whole.byteLength : Math.min(whole.byteLength, Number(to) + 1);
    const headers = {
      'content-type': 'text/plain',
      'content-range': `bytes ${from}-${end - 1}/${whole.byteLength}`,
    };
    return { status: 206, headers, body: whole.subarray(Number(from), end) };
  }

  return { state, handle };
}

export function error(status: number, message: string): StandInAnswer {
  return json(status, { message, documentation_url: 'https://docs.github.com/rest', status: String(status) });
}
