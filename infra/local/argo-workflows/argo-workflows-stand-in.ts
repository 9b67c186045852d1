/** Stands in for the Argo Workflows server over HTTP; every answer says so in `x-stand-in`. */
import { createRealClock, type StandInClock } from '../stand-in/clock.ts';
import { startStandInServer, wholeCall, type StandInServer } from '../stand-in/server.ts';
import { html, json, type StandInAnswer, type StandInCall } from '../stand-in/calls.ts';
import { at, listAt, parseJson, textAt } from '../../../lib/json.ts';
import { logStream, manifestOf, pickFields, podLog } from './workflow-manifest.ts';
import { podsOf } from './workflow-nodes.ts';
import { createWorkflowEngine, type WorkflowEngine } from './workflow-engine.ts';
import type { Workflow, WorkflowTemplate } from './workflow.ts';

export interface ArgoWorkflowsStandInOptions {
  readonly templates: readonly WorkflowTemplate[];
  readonly namespace?: string;
  readonly port?: number;
  readonly token?: string;
  readonly clock?: StandInClock | undefined;
  readonly speed?: number;
  /** What the ServiceAccount may do. */
  readonly rights?: { readonly create?: boolean };
  /** Versions before 3.5 answered 200 to a stop that came after the end. */
  readonly stopAfterEndIsOk?: boolean;
}

export interface ArgoWorkflowsStandIn extends StandInServer {
  readonly engine: WorkflowEngine;
}

export async function startArgoWorkflowsStandIn(
  options: ArgoWorkflowsStandInOptions,
): Promise<ArgoWorkflowsStandIn> {
  const { templates, namespace = 'perf', token = 'argo-token' } = options;
  const clock = options.clock ?? createRealClock(options.speed);
  const engine = createWorkflowEngine({ clock, namespace, uiUrl: () => server.url });

  function handle(call: StandInCall): StandInAnswer {
    const path = decodeURIComponent(call.path);
    if (!path.startsWith('/api/') && !path.startsWith('/artifact-files/')) {
      return html(200, `${path} (stand-in for Argo Workflows)`);
    }
    if (call.headers['authorization'] !== `Bearer ${token}`) return failure(401, 16, 'token not valid');
    const [, template] =
      /^\/api\/v1\/(?:cluster-workflow-templates|workflow-templates\/[^/]+)\/([^/]+)$/.exec(path) ?? [];
    if (template !== undefined) return showTemplate(template, path.includes('/cluster-'));
    const [, ofNamespace, name, verb] =
      /^\/api\/v1\/workflows\/([^/]+)(?:\/([^/]+)(?:\/(stop|terminate|log))?)?$/.exec(path) ?? [];
    if (ofNamespace !== undefined && ofNamespace !== namespace) {
      return failure(403, 7, `workflows.argoproj.io is forbidden in the namespace "${ofNamespace}"`);
    }
    if (ofNamespace !== undefined && name === undefined)
      return call.method === 'POST' ? create(call) : list(call);
    if (name !== undefined) return ofWorkflow(call, name, verb);
    const log = artifactLog(path);
    return log === undefined
      ? failure(404, 5, 'Not Found')
      : { status: 200, headers: { 'content-type': 'text/plain' }, body: log };
  }

  /** A live workflow's logs lie under its name, an archived one's under its uid. */
  function artifactLog(path: string): string | undefined {
    const [, place, key, nodeId] =
      /^\/artifact-files\/[^/]+\/(workflows|archived-workflows)\/([^/]+)\/([^/]+)\/outputs\/main-logs$/.exec(
        path,
      ) ?? [];
    const workflow =
      place === 'workflows'
        ? engine.all().find(({ name }) => name === key)
        : engine.archived().find(({ uid }) => uid === key);
    const node = workflow && podsOf(workflow).find(({ id }) => id === nodeId);
    return workflow && node && podLog(workflow, node);
  }

  function showTemplate(name: string, cluster: boolean): StandInAnswer {
    const template = templates.find((one) => one.name === name && (one.cluster ?? false) === cluster);
    if (!template) return failure(404, 5, `workflowtemplates.argoproj.io "${name}" not found`);
    return json(200, {
      metadata: { name, namespace },
      spec: { arguments: { parameters: template.parameters } },
    });
  }

  function create(call: StandInCall): StandInAnswer {
    if (options.rights?.create === false) {
      return failure(
        403,
        7,
        `workflows.argoproj.io is forbidden: User "system:serviceaccount:perf:bot" cannot create resource "workflows"`,
      );
    }
    const workflow = at(parseJson(call.body), 'workflow');
    const ref = at(workflow, 'spec', 'workflowTemplateRef');
    const cluster = at(ref, 'clusterScope') === true;
    const template = templates.find(
      (one) => one.name === textAt(ref, 'name') && (one.cluster ?? false) === cluster,
    );
    if (!template)
      return failure(400, 3, `workflowtemplates.argoproj.io "${textAt(ref, 'name') ?? ''}" not found`);
    const parameters = Object.fromEntries([
      ...template.parameters
        .filter(({ value }) => value !== undefined)
        .map(({ name, value }) => [name, value ?? '']),
      ...listAt(workflow, 'spec', 'arguments', 'parameters').map((one) => [
        textAt(one, 'name') ?? '',
        textAt(one, 'value') ?? '',
      ]),
    ]) as Record<string, string>;
    const missing = template.parameters.find(({ name }) => parameters[name] === undefined);
    if (missing)
      return failure(
        400,
        3,
        `spec.arguments.${missing.name}.value or spec.arguments.${missing.name}.valueFrom is required`,
      );
    const name =
      textAt(workflow, 'metadata', 'name') ?? `${textAt(workflow, 'metadata', 'generateName') ?? ''}x1b2c`;
    if (name.length > 63) return failure(400, 3, 'workflow name must not be more than 63 characters long');
    const labels = (at(workflow, 'metadata', 'labels') ?? {}) as Record<string, string>;
    const annotations = (at(workflow, 'metadata', 'annotations') ?? {}) as Record<string, string>;
    if (at(parseJson(call.body), 'serverDryRun') === true)
      return json(200, { metadata: { name, namespace } });
    const created = engine.create({ name, labels, annotations, template, parameters });
    if (created === 'exists') return failure(409, 6, `workflows.argoproj.io "${name}" already exists`);
    return json(200, manifestOf(created, namespace));
  }

  function list(call: StandInCall): StandInAnswer {
    const [key, value] = (call.query.get('listOptions.labelSelector') ?? '').split('=');
    const found = engine.all().filter(({ labels }) => !key || labels[key] === value);
    return json(200, {
      metadata: {},
      items: found.length > 0 ? found.map((one) => manifestOf(one, namespace)) : null,
    });
  }

  function ofWorkflow(call: StandInCall, name: string, verb: string | undefined): StandInAnswer {
    const workflow = engine.get(name);
    if (!workflow) return failure(404, 5, `workflows.argoproj.io "${name}" not found`);
    if (verb === undefined)
      return json(200, pickFields(manifestOf(workflow, namespace), call.query.get('fields')));
    if (verb === 'log') {
      const tail = call.query.get('logOptions.tailLines');
      const body =
        call.query.get('logOptions.container') === 'main'
          ? logStream(workflow, tail ? Number(tail) : undefined)
          : '';
      return { status: 200, headers: { 'content-type': 'text/event-stream' }, body };
    }
    if (call.method !== 'PUT') return failure(405, 12, 'Method Not Allowed');
    if (!engine.isLive(name)) return failure(404, 5, `workflows.argoproj.io "${name}" not found`);
    return shutDown(workflow, verb === 'stop' ? 'Stop' : 'Terminate');
  }

  function shutDown(workflow: Workflow, strategy: 'Stop' | 'Terminate'): StandInAnswer {
    const isDone = engine.shutDown(workflow, strategy) || (options.stopAfterEndIsOk ?? false);
    return isDone
      ? json(200, manifestOf(workflow, namespace))
      : failure(500, 2, 'cannot shutdown a completed workflow');
  }

  const server = await startStandInServer({
    name: 'argo-workflows',
    port: options.port,
    note: wholeCall,
    handle,
  });
  return {
    ...server,
    engine,
    close() {
      engine.stopAll();
      return server.close();
    },
  };
}

/** grpc-gateway's error body. */
export function failure(status: number, code: number, message: string): StandInAnswer {
  return json(status, { error: message, code, message });
}
