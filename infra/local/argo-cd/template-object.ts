/** A WorkflowTemplate as the Kubernetes object that Argo CD shows and hands to its actions. */
import type { WorkflowTemplate } from '../argo-workflows/workflow-engine.ts';
import type { KubernetesObject } from './resource-actions.ts';

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
