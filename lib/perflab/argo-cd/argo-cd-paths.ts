/** Where in Argo CD's interface the workflows of one application are read, started and stopped. */

export const GROUP = 'argoproj.io';
export const VERSION = 'v1alpha1';

export interface ArgoCdPlace {
  readonly application: string;
  readonly project: string;
  readonly appNamespace: string | undefined;
  readonly namespace: string;
}

export type Kind = 'Workflow' | 'WorkflowTemplate';

export function resourcePath(place: ArgoCdPlace, kind: Kind, resourceName: string, below = ''): string {
  const query = new URLSearchParams({ ...scope(place), group: GROUP, version: VERSION, kind, resourceName });
  return `/api/v1/applications/${encodeURIComponent(place.application)}/resource${below}?${query.toString()}`;
}

export function actionsPath({ application }: ArgoCdPlace): string {
  return `/api/v1/applications/${encodeURIComponent(application)}/resource/actions/v2`;
}

export function logsPath(place: ArgoCdPlace, resourceName: string, tailLines: number): string {
  const query = new URLSearchParams({
    ...scope(place),
    group: GROUP,
    kind: 'Workflow',
    resourceName,
    container: 'main',
    tailLines: String(tailLines),
  });
  return `/api/v1/applications/${encodeURIComponent(place.application)}/logs?${query.toString()}`;
}

function scope({ project, appNamespace, namespace }: ArgoCdPlace): Record<string, string> {
  return { project, ...(appNamespace === undefined ? {} : { appNamespace }), namespace };
}

export function isOutsideTree(said: string): boolean {
  return said.includes('not found as part of application');
}
