/** Stands in for the Argo CD API server and runs the Lua of its resource actions; every answer says so in `x-stand-in`. */
import { at, listAt, parseJson, textAt } from '../../../lib/json.ts';
import { failure } from '../argo-workflows/argo-workflows-stand-in.ts';
import { createWorkflowEngine, type WorkflowEngine } from '../argo-workflows/workflow-engine.ts';
import type { WorkflowTemplate } from '../argo-workflows/workflow.ts';
import { logStream, manifestOf } from '../argo-workflows/workflow-manifest.ts';
import { block } from '../stand-in/lab-pages.ts';
import { createRealClock, type StandInClock } from '../stand-in/clock.ts';
import { startStandInServer, wholeCall, type StandInServer } from '../stand-in/server.ts';
import { html, json, type StandInAnswer, type StandInCall } from '../stand-in/calls.ts';
import {
  API_VERSION,
  ActionError,
  defaultsOf,
  readResourceActions,
  templateObject,
  uidOf,
  type KubernetesObject,
} from './resource-actions.ts';

export interface ArgoCdStandInOptions {
  readonly templates: readonly WorkflowTemplate[];
  readonly application?: string;
  readonly project?: string;
  readonly namespace?: string;
  readonly port?: number;
  readonly token?: string;
  readonly clock?: StandInClock | undefined;
  readonly speed?: number;
  /** Until a new resource is in the cached tree. */
  readonly treeLagMs?: number;
  readonly rights?: { readonly run?: boolean };
  /** The ConfigMap `argocd-cm`, YAML; default: the documented one. */
  readonly configMap?: string;
}

const OBJECT_NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

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
  const { treeLagMs = 1_000 } = options;
  const actions = readResourceActions(options.configMap ?? block('argo-cd.md', 'yaml', 'argocd-cm'));
  const clock = options.clock ?? createRealClock(options.speed);
  const engine = createWorkflowEngine({ clock, namespace, uiUrl: () => server.url });
  const inTree = new Set<string>();

  function handle(call: StandInCall): StandInAnswer | Promise<StandInAnswer> {
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
    const resource = resourceOf(kind, resourceName);
    if (!resource) return failure(404, 5, 'Not Found');
    if (rest === 'resource') return json(200, { manifest: JSON.stringify(resource) });
    if (rest === 'resource/actions') return listActions(resource);
    if (rest === 'resource/actions/v2') return runAction(body, resource, resourceName);
    return rest === 'logs' ? showLog(call, resourceName) : failure(404, 5, 'Not Found');
  }

  function isPartOfApplication(kind: string | undefined, name: string): boolean {
    if (kind === 'WorkflowTemplate') return templates.some((template) => template.name === name);
    return kind === 'Workflow' && inTree.has(name) && engine.isLive(name);
  }

  function resourceOf(kind: string | undefined, name: string): KubernetesObject | undefined {
    const template = templates.find((one) => one.name === name);
    const workflow = engine.get(name);
    if (kind === 'WorkflowTemplate' && template) return templateObject(template, namespace);
    if (kind === 'Workflow' && workflow)
      return { ...manifestOf(workflow, namespace), apiVersion: API_VERSION, kind: 'Workflow' };
    return undefined;
  }

  async function listActions(resource: KubernetesObject): Promise<StandInAnswer> {
    const builtIn = resource.kind === 'WorkflowTemplate' ? ['create-workflow'] : [];
    const own = await actions.list(resource);
    return json(200, { actions: [...builtIn, ...own].map((name) => ({ name })) });
  }

  async function runAction(
    body: unknown,
    resource: KubernetesObject,
    resourceName: string,
  ): Promise<StandInAnswer> {
    const action = textAt(body, 'action') ?? '';
    if (options.rights?.run === false) {
      return failure(
        403,
        7,
        `permission denied: applications, action/argoproj.io/${resource.kind}/${action}, ${project}/${application}`,
      );
    }
    const sent = listAt(body, 'resourceActionParameters').map(
      (one) => [textAt(one, 'name') ?? '', textAt(one, 'value') ?? ''] as const,
    );
    try {
      const effect = await actions.run(resource, action, Object.fromEntries(sent));
      if (effect.operation === 'create') return create(effect.resource);
      const workflow = resource.kind === 'Workflow' ? engine.get(resourceName) : undefined;
      const shutdown = textAt(effect.resource, 'spec', 'shutdown');
      if (workflow && shutdown !== undefined)
        engine.shutDown(workflow, shutdown === 'Terminate' ? 'Terminate' : 'Stop'); // a patch: no complaint if it has ended
      return json(200, {});
    } catch (error) {
      if (error instanceof ActionError) return failure(500, 2, error.message);
      throw error;
    }
  }

  /** What Kubernetes and the controller make of a new Workflow; the tree holds what a resource of the application owns. */
  function create(resource: unknown): StandInAnswer {
    const name = textAt(resource, 'metadata', 'name') ?? '';
    if (textAt(resource, 'apiVersion') !== API_VERSION || textAt(resource, 'kind') !== 'Workflow')
      return failure(500, 2, 'the server could not find the requested resource');
    if (!OBJECT_NAME.test(name)) return failure(500, 2, `Workflow "${name}" is invalid: metadata.name`);
    if (textAt(resource, 'metadata', 'namespace') !== namespace)
      return failure(403, 7, 'the namespace is not permitted in the project');
    const templateName = textAt(resource, 'spec', 'workflowTemplateRef', 'name');
    const template = templates.find((one) => one.name === templateName);
    if (!template) return failure(404, 5, 'Not Found');
    const parameters = listAt(resource, 'spec', 'arguments', 'parameters').map(
      (one) => [textAt(one, 'name') ?? '', textAt(one, 'value') ?? ''] as const,
    );
    const created = engine.create({
      name,
      labels: (at(resource, 'metadata', 'labels') ?? {}) as Record<string, string>,
      annotations: {},
      template,
      parameters: { ...defaultsOf(template), ...Object.fromEntries(parameters) },
    });
    if (created === 'exists') return failure(409, 6, `workflows.argoproj.io "${name}" already exists`);
    const owners = listAt(resource, 'metadata', 'ownerReferences').map((one) => textAt(one, 'uid'));
    if (owners.includes(uidOf(template.name))) clock.after(treeLagMs, () => void inTree.add(name));
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

  const server = await startStandInServer({ name: 'argo-cd', port: options.port, note: wholeCall, handle });
  return {
    ...server,
    engine,
    close() {
      engine.stopAll();
      return server.close();
    },
  };
}
