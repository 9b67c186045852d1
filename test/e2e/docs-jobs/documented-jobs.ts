/** The jobs that the pages show, ready to be put into the stand-in of their platform. */
import type { SceneJob } from '../../../infra/local/scene/scene-project.ts';
import type { Platform } from '../../../lib/perflab/job-executor.ts';
import { declaredParameters, jenkinsfileJob } from './jenkinsfile-job.ts';
import type { LabMachine } from './lab-machine.ts';
import { block } from '../../../infra/local/stand-in/lab-pages.ts';
import { workflowFileJob } from './workflow-file-job.ts';
import { workflowTemplateJob } from './workflow-template-job.ts';

/** What an operator has put into the platform's store of secrets. */
export interface Secrets {
  readonly callbackUrl: string;
  readonly horreumKey: string;
}

type DocumentedJob = (machine: LabMachine, secrets: () => Secrets) => Omit<SceneJob, 'id'>;

const jenkinsJob: DocumentedJob = (machine, secrets) => {
  const jenkinsfile = block('jenkins.md', 'groovy', 'pipeline {');
  const credentials = () => ({
    'perf-bot-callback': secrets().callbackUrl,
    'horreum-api-key': secrets().horreumKey,
  });
  return {
    jenkins: { parameters: declaredParameters(jenkinsfile) },
    body: () => jenkinsfileJob(jenkinsfile, machine, credentials),
  };
};

const argoJob: DocumentedJob = (machine, secrets) => {
  const { template, body } = templateJob(machine, secrets);
  return { workflowTemplate: template, body: () => body };
};

export function templateJob(machine: LabMachine, secrets: () => Secrets) {
  const text = block('argo-workflows.md', 'yaml', 'kind: WorkflowTemplate\nmetadata:');
  return workflowTemplateJob(text, machine, () => ({
    'perf-bot/callback-url': secrets().callbackUrl,
    'horreum/api-key': secrets().horreumKey,
  }));
}

const actionsJob: DocumentedJob = (machine, secrets) => {
  const text = block('github-actions.md', 'yaml', 'run-name');
  const { file, body } = workflowFileJob(text, machine, () => ({
    PERF_BOT_CALLBACK: secrets().callbackUrl,
    HORREUM_API_KEY: secrets().horreumKey,
  }));
  return { workflowFile: file, body: () => body };
};

export const JOBS: Readonly<Record<Exclude<Platform, 'webhook'>, DocumentedJob>> = {
  jenkins: jenkinsJob,
  'argo-workflows': argoJob,
  'argo-cd': argoJob,
  'github-actions': actionsJob,
};
