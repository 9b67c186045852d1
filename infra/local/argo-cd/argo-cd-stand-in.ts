/** A stand-in for the Argo CD API server with the bot's two resource actions installed. Not Argo CD: it says so in `x-stand-in`. */
import { listAt, parseJson, textAt } from '../../../lib/perflab/read-json.ts';
import { failure } from '../argo-workflows/argo-workflows-stand-in.ts';
import {
  createWorkflowEngine,
  type WorkflowEngine,
  type WorkflowTemplate,
} from '../argo-workflows/workflow-engine.ts';
import { logStream, manifestOf } from '../argo-workflows/workflow-manifest.ts';
import { createRealClock, type StandInClock } from '../perflab/stand-in-clock.ts';
import {
  html,
  json,
  startStandInServer,
  type StandInAnswer,
  type StandInCall,
  type StandInServer,
} from '../perflab/stand-in-server.ts';

export interface ArgoCdStandInOptions {
  readonly templates: readonly WorkflowTemplate[];
  readonly application?: string;
  readonly project?: string;
  readonly namespace?: string;
  readonly port?: number;
  readonly token?: string;
  readonly clock?: StandInClock;
  readonly speed?: number;
  /** Until a new resource is in the cached tree. */
  readonly treeLagMs?: number;
  readonly rights?: { readonly run?: boolean };
  /** False: nobody has put the actions into argocd-cm. */
  readonly hasActions?: boolean;
}

export interface ArgoCdStandIn extends StandInServer {
  readonly engine: WorkflowEngine;
}

export async function startArgoCdStandIn(options: ArgoCdStandInOptions): Promise<ArgoCdStandIn> {
  const {
    templates,
    application = 'lab',
    project = 'perf',
    namespace = 'perf',
    token = 'argo-cd-token',
  } = options;
  const { treeLagMs = 1_000, hasActions = true } = options;
  const clock = options.clock ?? createRealClock(options.speed);
  const engine = createWorkflowEngine({ clock, namespace, uiUrl: () => server.url });
  const inTree = new Set<string>();

  function handle(call: StandInCall): StandInAnswer {
    if (!call.path.startsWith('/api/')) return html(200, `${call.path} (stand-in for Argo CD)`);
    if (call.method !== 'GET' && call.headers['content-type'] !== 'application/json')
      return failure(415, 3, 'Invalid content type');
    if (call.headers['authorization'] !== `Bearer ${token}`) {
      const isMissing = call.headers['authorization'] === undefined;
      return failure(
        401,
        16,
        isMissing ? 'no session information' : 'invalid session: token signature is invalid',
      );
    }
    const [, name = '', rest = ''] = /^\/api\/v1\/applications\/([^/]+)\/(.+)$/.exec(call.path) ?? [];
    const body = parseJson(call.body);
    const asked =
      call.method === 'POST'
        ? (key: string) => textAt(body, key)
        : (key: string) => call.query.get(key) ?? undefined;
    if (name !== application || asked('project') !== project) {
      return asked('project') === undefined
        ? failure(403, 7, 'permission denied')
        : failure(404, 5, `applications.argoproj.io "${name}" not found`);
    }
    const [kind, resourceName = ''] = [asked('kind'), asked('resourceName')];
    if (!isPartOfApplication(kind, resourceName) || asked('namespace') !== namespace) {
      return failure(
        400,
        3,
        `${kind ?? ''} argoproj.io ${resourceName} not found as part of application ${application}`,
      );
    }
    if (rest === 'resource') return showResource(kind, resourceName);
    if (rest === 'resource/actions')
      return json(
        200,
        kind === 'WorkflowTemplate' ? { actions: listActions() } : { actions: [{ name: 'perf-bot-stop' }] },
      );
    if (rest === 'resource/actions/v2') return runAction(body, kind, resourceName);
    return rest === 'logs' ? showLog(call, resourceName) : failure(404, 5, 'Not Found');
  }

  function isPartOfApplication(kind: string | undefined, name: string): boolean {
    if (kind === 'WorkflowTemplate') return templates.some((template) => template.name === name);
    return kind === 'Workflow' && inTree.has(name) && engine.isLive(name);
  }

  function listActions(): unknown[] {
    return [{ name: 'create-workflow' }, ...(hasActions ? [{ name: 'perf-bot-run' }] : [])];
  }

  function showResource(kind: string | undefined, name: string): StandInAnswer {
    const template = templates.find((one) => one.name === name);
    if (kind === 'WorkflowTemplate' && template) {
      return json(200, {
        manifest: JSON.stringify({
          metadata: { name, namespace },
          spec: { arguments: { parameters: template.parameters } },
        }),
      });
    }
    const workflow = engine.get(name);
    return workflow
      ? json(200, { manifest: JSON.stringify(manifestOf(workflow, namespace)) })
      : failure(404, 5, 'Not Found');
  }

  function runAction(body: unknown, kind: string | undefined, resourceName: string): StandInAnswer {
    const action = textAt(body, 'action') ?? '';
    if (options.rights?.run === false) {
      return failure(
        403,
        7,
        `permission denied: applications, action/argoproj.io/${kind ?? ''}/${action}, ${project}/${application}`,
      );
    }
    const sent = listAt(body, 'resourceActionParameters').map(
      (one) => [textAt(one, 'name') ?? '', textAt(one, 'value') ?? ''] as const,
    );
    const parameters = Object.fromEntries(sent);
    if (kind === 'WorkflowTemplate' && action === 'perf-bot-run' && hasActions)
      return create(resourceName, parameters);
    const workflow =
      kind === 'Workflow' && action === 'perf-bot-stop' && hasActions ? engine.get(resourceName) : undefined;
    if (!workflow) return failure(500, 2, `error getting Lua resource action: action ${action} not found`);
    engine.shutDown(workflow, parameters['strategy'] === 'Terminate' ? 'Terminate' : 'Stop'); // a patch of spec.shutdown: no complaint if it has ended
    return json(200, {});
  }

  function create(templateName: string, parameters: Readonly<Record<string, string>>): StandInAnswer {
    const key = parameters['PERF_BOT_RUN'];
    if (key === undefined)
      return failure(500, 2, 'error executing Lua resource action: PERF_BOT_RUN missing');
    const template = templates.find((one) => one.name === templateName);
    if (!template) return failure(404, 5, 'Not Found');
    const created = engine.create({
      name: key,
      labels: { 'perf-bot/run': key },
      annotations: {},
      template,
      parameters,
    });
    if (created === 'exists') return failure(409, 6, `workflows.argoproj.io "${key}" already exists`);
    clock.after(treeLagMs, () => void inTree.add(key));
    return json(200, {});
  }

  function showLog(call: StandInCall, name: string): StandInAnswer {
    const workflow = engine.get(name);
    const tail = call.query.get('tailLines');
    const body = workflow
      ? `${logStream(workflow, tail ? Number(tail) : undefined)}${JSON.stringify({ result: { content: '', last: true } })}\n`
      : '';
    return { status: 200, headers: { 'content-type': 'text/event-stream' }, body };
  }

  const server = await startStandInServer({ name: 'argo-cd', port: options.port, handle });
  return {
    ...server,
    engine,
    close() {
      engine.stopAll();
      return server.close();
    },
  };
}
