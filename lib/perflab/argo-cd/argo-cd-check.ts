/** Checks that Argo CD shows the WorkflowTemplate, has the bot's action for it, and that the template takes what the bot sends. */
import { fine, problem, type Finding } from '../../finding.ts';
import { listAt, parseJson, textAt } from '../../json.ts';
import { parameterFindings } from '../argo/template-check.ts';
import type { JobToCheck } from '../job-executor.ts';
import type { LabClient } from '../lab-client.ts';
import { isOutsideTree, type ArgoCdApi } from './argo-cd-api.ts';

export async function checkTemplate(
  { client, place, resourcePath }: ArgoCdApi,
  job: JobToCheck,
): Promise<Finding[]> {
  const application = `${place.project}/${place.application}`;
  const subject = `WorkflowTemplate ${job.job}`;
  const path = resourcePath('WorkflowTemplate', job.job);
  const answer = await client.send('GET', path, { headers: { accept: 'application/json' } });
  const said = client.said(answer);
  if (answer.status === 401)
    return [
      problem('Argo CD', 'refuses the token', 'Make a new project role token and store it for this project.'),
    ];
  if (answer.status === 403)
    return [
      problem(
        `Application ${application}`,
        `can’t be read with this token: ${said}`,
        'Check the application’s and project’s names, and give the role "applications, get".',
      ),
    ];
  if (answer.status === 404)
    return [
      problem(
        `Application ${application}`,
        'does not exist',
        'Check the settings application, project and appNamespace.',
      ),
    ];
  if (isOutsideTree(answer.status, said)) {
    return [
      problem(
        subject,
        `is not part of the application ${application} in the namespace ${place.namespace}`,
        'Check the name and the namespace, and that the application has been synced.',
      ),
    ];
  }
  const manifest = answer.status === 200 ? textAt(parseJson(answer.text), 'manifest') : undefined;
  if (manifest === undefined)
    return [
      problem(
        'Argo CD',
        client.failure(answer, 'GET', path).message,
        'Check the base URL and what stands in front of it.',
      ),
    ];
  return [
    fine('Argo CD', 'the token is accepted'),
    await actionFinding(client, resourcePath('WorkflowTemplate', job.job, '/actions')),
    ...parameterFindings(subject, parseJson(manifest), job),
  ];
}

async function actionFinding(client: LabClient, path: string): Promise<Finding> {
  const answer = await client.send('GET', path);
  const names = listAt(parseJson(answer.text), 'actions').map((action) => textAt(action, 'name'));
  return answer.status === 200 && names.includes('perf-bot-run')
    ? fine('Argo CD', 'has the action perf-bot-run')
    : problem(
        'Argo CD',
        'lacks the action perf-bot-run for WorkflowTemplates',
        'Add the actions of docs/perflab/argo-cd.md to argocd-cm.',
      );
}
