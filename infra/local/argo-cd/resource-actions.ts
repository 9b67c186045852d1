/** Runs custom resource actions as Argo CD does: the Lua of a ConfigMap `argocd-cm`, in a fresh machine each time, on the resource as it stands. */
import { LuaFactory, type LuaEngine } from 'wasmoon';
import { parse } from 'yaml';
import { at, listAt, textAt } from '../../../lib/json.ts';
import type { WorkflowTemplate } from '../argo-workflows/workflow.ts';

export interface ResourceActions {
  /** What `discovery.lua` offers for a resource. */
  list(resource: KubernetesObject): Promise<string[]>;
  /** What the action wants created or stored. Throws an `ActionError` as Argo CD words it. */
  run(
    resource: KubernetesObject,
    action: string,
    parameters: Readonly<Record<string, string>>,
  ): Promise<ActionEffect>;
}

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly spec: Readonly<Record<string, unknown>>;
}

export interface ActionEffect {
  readonly operation: 'create' | 'patch';
  readonly resource: unknown;
}

export class ActionError extends Error {}

const PREFIX = 'resource.customizations.actions.';
const lua = new LuaFactory();

/** `configMap`: YAML. Argo CD documents the format under "Resource Actions" of its operator manual. */
export function readResourceActions(configMap: string): ResourceActions {
  const data: unknown = at(parse(configMap), 'data') ?? {};

  function definitionsFor({ apiVersion, kind }: KubernetesObject): unknown {
    const group = apiVersion.split('/')[0] ?? '';
    const text = textAt(data, `${PREFIX}${group}_${kind}`);
    return text === undefined ? {} : parse(text);
  }

  async function list(resource: KubernetesObject): Promise<string[]> {
    const discovery = textAt(definitionsFor(resource), 'discovery.lua');
    if (discovery === undefined) return [];
    const found = await runLua(discovery, { obj: resource });
    return Object.keys(found as object);
  }

  async function run(
    resource: KubernetesObject,
    action: string,
    parameters: Readonly<Record<string, string>>,
  ): Promise<ActionEffect> {
    const definition = listAt(definitionsFor(resource), 'definitions').find(
      (one) => textAt(one, 'name') === action,
    );
    const script = textAt(definition, 'action.lua');
    if (script === undefined)
      throw new ActionError(`error getting Lua resource action: action ${action} not found`);
    const result = await runLua(script, { obj: resource, actionParams: parameters }).catch(
      (error: unknown) => {
        const said = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
        throw new ActionError(`error executing Lua resource action: ${said}`);
      },
    );
    // A list says what is to be done with each; a bare object is the resource as it is from now on.
    if (!Array.isArray(result)) return { operation: 'patch', resource: result };
    const operation = textAt(result[0], 'operation');
    if (result.length !== 1 || (operation !== 'create' && operation !== 'patch'))
      throw new ActionError('this stand-in knows actions with one create or one patch');
    return { operation, resource: at(result[0], 'resource') };
  }

  return { list, run };
}

async function runLua(script: string, globals: Readonly<Record<string, unknown>>): Promise<unknown> {
  const engine: LuaEngine = await lua.createEngine({ enableProxy: false });
  try {
    for (const [name, value] of Object.entries(globals)) engine.global.set(name, withoutNulls(value));
    return (await engine.doString(script)) as unknown;
  } finally {
    engine.global.close();
  }
}

/** Lua has no null: such a field is not there. */
function withoutNulls(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, field: unknown) => (field === null ? undefined : field));
}

export const API_VERSION = 'argoproj.io/v1alpha1';

export const uidOf = (templateName: string) => `uid-of-${templateName}`;

export function templateObject({ name, parameters }: WorkflowTemplate, namespace: string): KubernetesObject {
  const metadata = { name, namespace, uid: uidOf(name) };
  return { apiVersion: API_VERSION, kind: 'WorkflowTemplate', metadata, spec: { arguments: { parameters } } };
}

export function defaultsOf({ parameters }: WorkflowTemplate): Record<string, string> {
  return Object.fromEntries(
    parameters.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])),
  );
}
