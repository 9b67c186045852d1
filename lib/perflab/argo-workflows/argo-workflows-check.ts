/** Checks that a WorkflowTemplate exists, takes what the bot sends, and can be started by the bot's ServiceAccount. */
import { fine, problem, type Finding } from '../../finding.ts';
import { parseJson } from '../../json.ts';
import { parameterFindings } from '../argo/template-check.ts';
import type { JobToCheck } from '../job-executor.ts';
import type { LabClient } from '../lab-client.ts';

export interface TemplatePlace {
  readonly namespace: string;
  readonly clusterScope: boolean;
}

export async function checkTemplate(
  client: LabClient,
  place: TemplatePlace,
  job: JobToCheck,
): Promise<Finding[]> {
  const findings = await readTemplate(client, place, job);
  return findings.every(({ ok, severity }) => ok || severity === 'warning')
    ? [...findings, await mayCreate(client, place, job)]
    : findings;
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
        `can’t be read with this token: ${client.said(answer)}`,
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
        `the ServiceAccount has no right to create workflows in ${namespace}: ${client.said(answer)}`,
        'Grant the ServiceAccount create, get, list and patch on workflows.',
      )
    : fine('Argo Workflows', `workflows can be created in ${namespace}`);
}
