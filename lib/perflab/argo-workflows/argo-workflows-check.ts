/** Looks whether a WorkflowTemplate is there, takes what the bot sends, and may be started by the bot's ServiceAccount. */
import { UpstreamError } from '../../http/upstream-error.ts';
import { fine, problem, unreachable, warning, type Finding } from '../../finding.ts';
import { RUN_PARAMETER, type JobToCheck } from '../job-executor.ts';
import type { LabClient } from '../lab-client.ts';
import { parseJson } from '../../json.ts';
import { templateParameters } from '../argo/workflow-state.ts';

export interface TemplatePlace {
  readonly namespace: string;
  readonly clusterScope: boolean;
}

export async function checkWorkflowTemplate(
  client: LabClient,
  place: TemplatePlace,
  job: JobToCheck,
): Promise<Finding[]> {
  try {
    const findings = await readTemplate(client, place, job);
    return findings.every(({ ok, severity }) => ok || severity === 'warning')
      ? [...findings, await mayCreate(client, place, job)]
      : findings;
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return [unreachable('Argo Workflows', error)];
  }
}

async function readTemplate(
  client: LabClient,
  { namespace, clusterScope }: TemplatePlace,
  job: JobToCheck,
): Promise<Finding[]> {
  const name = encodeURIComponent(job.job);
  const subject = `${clusterScope ? 'ClusterWorkflowTemplate' : 'WorkflowTemplate'} ${job.job}`;
  const path = clusterScope
    ? `/api/v1/cluster-workflow-templates/${name}`
    : `/api/v1/workflow-templates/${encodeURIComponent(namespace)}/${name}`;
  const answer = await client.send('GET', path);
  const template = answer.status === 200 ? parseJson(answer.text) : undefined;
  if (template !== undefined)
    return [fine('Argo Workflows', 'the token is accepted'), ...parameterFindings(subject, template, job)];
  if (answer.status === 401)
    return [
      problem(
        'Argo Workflows',
        'refuses the token',
        'Make a new token for the bot’s ServiceAccount and store it for this project.',
      ),
    ];
  if (answer.status === 403)
    return [
      problem(
        subject,
        `may not be read: ${client.said(answer)}`,
        'Grant the ServiceAccount "get" on workflowtemplates.',
      ),
    ];
  if (answer.status === 404)
    return [
      problem(
        subject,
        `does not exist in ${namespace}`,
        'Check the name, the namespace and the setting templateKind.',
      ),
    ];
  return [
    problem(
      'Argo Workflows',
      client.failure(answer, 'GET', path).message,
      'Check the base URL and what stands in front of it.',
    ),
  ];
}

export function parameterFindings(
  subject: string,
  template: unknown,
  { parameterNames }: JobToCheck,
): Finding[] {
  const { declared, mustBeSent } = templateParameters(template);
  const unsent = mustBeSent.filter((name) => !parameterNames.includes(name));
  const undeclared = parameterNames.filter((name) => !declared.includes(name));
  const findings: Finding[] = [];
  if (unsent.length > 0) {
    findings.push(
      problem(
        subject,
        `requires ${unsent.join(', ')}, which the bot does not send`,
        'Give it a default value, or add it to the job in the project file.',
      ),
    );
  }
  if (undeclared.length > 0) {
    findings.push(
      warning(
        subject,
        `does not declare ${undeclared.join(', ')}`,
        'Add it to spec.arguments.parameters, or correct the name in the project file.',
      ),
    );
  }
  if (undeclared.includes(RUN_PARAMETER)) {
    findings.push(
      warning(
        subject,
        `can't hand ${RUN_PARAMETER} on to Horreum`,
        `Declare ${RUN_PARAMETER} and put it into the uploaded result.`,
      ),
    );
  }
  return findings.length > 0 ? findings : [fine(subject, `declares all ${parameterNames.length} parameters`)];
}

/** A dry run on the server: only what it says about rights counts, as the parameters' values are not known yet. */
async function mayCreate(
  client: LabClient,
  { namespace, clusterScope }: TemplatePlace,
  { job, parameterNames }: JobToCheck,
): Promise<Finding> {
  const parameters = parameterNames.map((name) => ({ name, value: 'check' }));
  const workflow = {
    metadata: { generateName: 'perf-bot-check-', namespace },
    spec: { workflowTemplateRef: { name: job, clusterScope }, arguments: { parameters } },
  };
  const body = JSON.stringify({ namespace, serverDryRun: true, workflow });
  const path = `/api/v1/workflows/${encodeURIComponent(namespace)}`;
  const answer = await client.send('POST', path, { headers: { 'content-type': 'application/json' }, body });
  return answer.status === 403
    ? problem(
        'Argo Workflows',
        `workflows may not be created in ${namespace}: ${client.said(answer)}`,
        'Grant the ServiceAccount create, get, list and patch on workflows.',
      )
    : fine('Argo Workflows', `workflows may be created in ${namespace}`);
}
