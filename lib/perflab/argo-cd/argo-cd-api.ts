/** Calls Argo CD for one application: reads its resources by name and runs actions on them. */
import type { OutsideAnswer } from '../../http/outside-call.ts';
import { parseJson, textAt, withoutUndefined } from '../../json.ts';
import type { LabConnection, PlatformRef } from '../job-executor.ts';
import { createLabClient, type LabClient, type LabDeps } from '../lab-client.ts';

const GROUP = 'argoproj.io';
const VERSION = 'v1alpha1';
/** Exactly this: with a charset behind it Argo CD answers 415. */
const JSON_BODY = { 'content-type': 'application/json' };

export type Kind = 'Workflow' | 'WorkflowTemplate';

export interface ArgoCdPlace {
  readonly application: string;
  readonly project: string;
  readonly appNamespace: string | undefined;
  readonly namespace: string;
}

export interface ArgoCdApi {
  readonly client: LabClient;
  readonly place: ArgoCdPlace;
  readonly resourcePath: (kind: Kind, name: string, below?: string) => string;
  /** Undefined: not in the application's tree (not yet, or no more). */
  readWorkflow(name: string): Promise<unknown>;
  /** Runs the action that creates a workflow from a template. */
  create(template: string, parameters: Readonly<Record<string, string>>): Promise<OutsideAnswer>;
  /** Runs the action that ends a workflow. */
  stop(name: string, strategy: 'Stop' | 'Terminate'): Promise<void>;
  /** Undefined where Argo CD shows none: more pods than it streams, or none left. */
  readLog(name: string, lines: number): Promise<string | undefined>;
  /** Where people see a workflow. */
  refTo(name: string): PlatformRef;
}

export function createArgoCdApi(deps: LabDeps, { baseUrl, token, settings }: LabConnection): ArgoCdApi {
  const bearer = token?.replace(/^Bearer\s+/i, '');
  const client = createLabClient(deps, {
    product: 'Argo CD',
    baseUrl,
    headers: bearer === undefined ? {} : { authorization: `Bearer ${bearer}` },
    secrets: [bearer],
  });
  const place: ArgoCdPlace = {
    application: settings['application'] ?? '',
    project: settings['project'] ?? 'default',
    appNamespace: settings['appNamespace'],
    namespace: settings['namespace'] ?? 'default',
  };
  const { application: _name, ...inProject } = place;
  const scope: Record<string, string> = withoutUndefined(inProject);
  const name = encodeURIComponent(place.application);
  const actionsPath = `/api/v1/applications/${name}/resource/actions/v2`;

  const resourcePath: ArgoCdApi['resourcePath'] = (kind, resourceName, below = '') => {
    const query = new URLSearchParams({ ...scope, group: GROUP, version: VERSION, kind, resourceName });
    return `/api/v1/applications/${name}/resource${below}?${query.toString()}`;
  };

  const runAction = (
    kind: Kind,
    resourceName: string,
    action: string,
    parameters: Readonly<Record<string, string>>,
  ) => {
    const body = JSON.stringify({
      name: place.application,
      ...scope,
      group: GROUP,
      version: VERSION,
      kind,
      resourceName,
      action,
      resourceActionParameters: Object.entries(parameters).map(([name, value]) => ({ name, value })),
    });
    return client.send('POST', actionsPath, { headers: JSON_BODY, body });
  };

  return {
    client,
    place,
    resourcePath,

    async readWorkflow(resourceName) {
      const path = resourcePath('Workflow', resourceName);
      const answer = await client.send('GET', path, { headers: { accept: 'application/json' } });
      if (isOutsideTree(answer.status, client.said(answer))) return undefined;
      const manifest = answer.status === 200 ? textAt(parseJson(answer.text), 'manifest') : undefined;
      if (manifest === undefined) throw client.failure(answer, 'GET', path);
      return parseJson(manifest);
    },

    create: (template, parameters) => runAction('WorkflowTemplate', template, 'perf-bot-run', parameters),

    async stop(resourceName, strategy) {
      const answer = await runAction('Workflow', resourceName, 'perf-bot-stop', { strategy });
      if (answer.status !== 200) throw client.failure(answer, 'POST', actionsPath);
    },

    async readLog(resourceName, lines) {
      const query = new URLSearchParams({
        ...scope,
        group: GROUP,
        kind: 'Workflow',
        resourceName,
        container: 'main',
        tailLines: String(lines),
      });
      const path = `/api/v1/applications/${name}/logs?${query.toString()}`;
      const answer = await client.send('GET', path);
      if (answer.status === 400 || answer.status === 404) return undefined;
      if (answer.status !== 200) throw client.failure(answer, 'GET', path);
      return answer.text;
    },

    refTo(resourceName) {
      const home = settings['uiUrl'] ?? baseUrl;
      const node = `${GROUP}/Workflow/${place.namespace}/${resourceName}/0`;
      const page = `${home}/applications/${place.appNamespace ?? 'argocd'}/${name}`;
      return { runId: resourceName, url: `${page}?node=${encodeURIComponent(node)}` };
    },
  };
}

/** The application has no such resource: not yet, as its tree is cached, or no more. */
export function isOutsideTree(status: number, said: string): boolean {
  return status === 400 && said.includes('not found as part of application');
}
