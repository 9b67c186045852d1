/** Checks that a workflow can be dispatched, is active, takes the inputs that are sent, and shows the attempt's name in its title. */
import { fine, problem, warning, type Finding } from '../../finding.ts';
import { RUN_PARAMETER, type JobToCheck } from '../job-executor.ts';
import type { LabClient } from '../lab-client.ts';
import { parseJson, textAt, withoutUndefined } from '../../json.ts';

export interface WorkflowPlace {
  readonly repository: string;
  readonly repositoryPath: string;
  readonly workflow: string;
  readonly workflowPath: string;
}

export async function checkWorkflow(
  client: LabClient,
  place: WorkflowPlace,
  job: JobToCheck,
): Promise<Finding[]> {
  const { findings, file } = await lookAtWorkflow(client, place);
  return file === undefined ? [...findings] : [...findings, ...(await lookAtFile(client, place, file, job))];
}

async function lookAtWorkflow(
  client: LabClient,
  place: WorkflowPlace,
): Promise<{ findings: readonly Finding[]; file?: string }> {
  const subject = `workflow ${place.workflow} of ${place.repository}`;
  const answer = await client.send('GET', place.workflowPath);
  const workflow = answer.status === 200 ? parseJson(answer.text) : undefined;
  switch (answer.status) {
    case 401:
      return {
        findings: [problem('GitHub', 'refuses the App’s token', 'Check the App’s id and private key.')],
      };
    case 403:
      return {
        findings: [
          problem(
            subject,
            `can’t be read by the App: ${client.said(answer)}`,
            'Give the App "Actions: write" and accept the new permission where it is installed.',
          ),
        ],
      };
    case 404:
      return {
        findings: [
          problem(
            subject,
            'does not exist, or the App is not installed there',
            'Put the file on the default branch under .github/workflows, and install the App on that repository.',
          ),
        ],
      };
  }
  if (workflow === undefined) {
    const { message } = client.failure(answer, 'GET', place.workflowPath);
    return {
      findings: [problem('GitHub', message, 'Check the API’s address and what stands in front of it.')],
    };
  }
  const state = textAt(workflow, 'state');
  if (state !== 'active')
    return { findings: [problem(subject, `is ${state ?? 'not active'}`, 'Enable it in GitHub Actions.')] };
  const file = textAt(workflow, 'path');
  return withoutUndefined({ findings: [fine(subject, 'is active')], file });
}

async function lookAtFile(
  client: LabClient,
  place: WorkflowPlace,
  path: string,
  { parameterNames }: JobToCheck,
): Promise<Finding[]> {
  const subject = `${path} of ${place.repository}`;
  const url = `${place.repositoryPath}/contents/${path.split('/').map(encodeURIComponent).join('/')}`;
  const answer = await client.send('GET', url, { headers: { accept: 'application/vnd.github.raw+json' } });
  if (answer.status !== 200) {
    return [
      warning(
        subject,
        'could not be read, so its inputs and run-name were not checked',
        'Give the App "Contents: read" there, or check them yourself.',
      ),
    ];
  }
  const text = answer.text;
  if (
    !/^[ \t]*(-[ \t]*)?["']?workflow_dispatch\b/m.test(text) &&
    !/^on:.*\bworkflow_dispatch\b/m.test(text)
  ) {
    return [
      problem(subject, 'has no workflow_dispatch trigger', 'Add on: workflow_dispatch with its inputs.'),
    ];
  }
  const missing = parameterNames.filter((name) => !declaresKey(text, name));
  const findings: Finding[] = [];
  if (missing.length > 0) {
    findings.push(
      problem(
        subject,
        `declares no input ${missing.join(', ')}; GitHub refuses inputs that it does not know`,
        'Declare it under on.workflow_dispatch.inputs.',
      ),
    );
  }
  if (!new RegExp(`^run-name:.*\\b${RUN_PARAMETER}\\b`, 'm').test(text)) {
    findings.push(
      warning(
        subject,
        `has no run-name with ${RUN_PARAMETER}: a run whose start was not answered can’t be found again`,
        `Add: run-name: "perf \${{ inputs.${RUN_PARAMETER} }}"`,
      ),
    );
  }
  return findings.length > 0
    ? findings
    : [fine(subject, `declares all ${parameterNames.length} inputs and a run-name`)];
}

/** A line that begins with this key: enough for a check, without a YAML parser. */
function declaresKey(yaml: string, name: string): boolean {
  return yaml.split('\n').some((line) =>
    line
      .trim()
      .replace(/^["']|["'](?=:)/g, '')
      .startsWith(`${name}:`),
  );
}
