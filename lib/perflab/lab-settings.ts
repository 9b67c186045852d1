/** Lists the settings that each platform takes in a project file, beside its address and credentials. Unknown ones are refused there. */
import type { Platform } from './job-executor.ts';

export interface LabSetting {
  readonly name: string;
  readonly required: boolean;
  readonly description: string;
  /** The values that are allowed, where they are few; the first is the default. */
  readonly values?: readonly string[];
}

export const LAB_SETTINGS: Readonly<Record<Platform, readonly LabSetting[]>> = {
  jenkins: [],
  'argo-workflows': [
    {
      name: 'namespace',
      required: true,
      description: 'The Kubernetes namespace in which the workflows run.',
    },
    {
      name: 'templateKind',
      required: false,
      values: ['WorkflowTemplate', 'ClusterWorkflowTemplate'],
      description: 'What the job names.',
    },
    {
      name: 'uiUrl',
      required: false,
      description: 'Where people see workflows, if not at the address of the API.',
    },
  ],
  'argo-cd': [
    { name: 'application', required: true, description: 'The Application that holds the WorkflowTemplate.' },
    { name: 'project', required: true, description: 'The AppProject of that Application.' },
    {
      name: 'appNamespace',
      required: false,
      description: 'The namespace of the Application itself, if it is not Argo CD’s own.',
    },
    { name: 'namespace', required: true, description: 'The namespace in which the workflows run.' },
    {
      name: 'uiUrl',
      required: false,
      description: 'Where people see Argo CD, if not at the address of the API.',
    },
  ],
  'github-actions': [
    {
      name: 'repository',
      required: true,
      description: 'owner/name of the repository that holds the workflow file.',
    },
    {
      name: 'workflow',
      required: false,
      description: 'The workflow’s file name, if it is not the job’s platformJobId.',
    },
    {
      name: 'ref',
      required: false,
      description: 'The branch whose workflow file runs; the default branch if absent.',
    },
  ],
  webhook: [
    {
      name: 'answersStatus',
      required: false,
      values: ['no', 'yes'],
      description:
        'Whether the receiver answers the event run.status, so that a lost callback can be made good.',
    },
    {
      name: 'uiUrl',
      required: false,
      description:
        'Where people see its runs: a link that it gives must begin with this, or lie on its own host.',
    },
  ],
};
