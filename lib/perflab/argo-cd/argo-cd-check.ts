/** Looks whether Argo CD shows the WorkflowTemplate, has the bot's action for it, and the template takes what the bot sends. */
import { UpstreamError } from '../../http/upstream-error.ts';
import { isOutsideTree, resourcePath, type ArgoCdPlace } from './argo-cd-paths.ts';
import { parameterFindings } from '../argo-workflows/argo-workflows-check.ts';
import { fine, problem, unreachable, type Finding } from '../../finding.ts';
import type { JobToCheck } from '../job-executor.ts';
import type { LabClient } from '../lab-client.ts';
import { listAt, parseJson, textAt } from '../../json.ts';

export async function checkArgoCd(
  client: LabClient,
  place: ArgoCdPlace,
  job: JobToCheck,
): Promise<Finding[]> {
  try {
    return await lookAtTemplate(client, place, job);
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return [unreachable('Argo CD', error)];
  }
}

async function lookAtTemplate(client: LabClient, place: ArgoCdPlace, job: JobToCheck): Promise<Finding[]> {
  const application = `${place.project}/${place.application}`;
  const subject = `WorkflowTemplate ${job.job}`;
  const path = resourcePath(place, 'WorkflowTemplate', job.job);
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
        `may not be read: ${said}`,
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
  if (answer.status === 400 && isOutsideTree(said)) {
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
    await actionFinding(client, place, job.job),
    ...parameterFindings(subject, parseJson(manifest), job),
  ];
}

async function actionFinding(client: LabClient, place: ArgoCdPlace, job: string): Promise<Finding> {
  const answer = await client.send('GET', resourcePath(place, 'WorkflowTemplate', job, '/actions'));
  const names = listAt(parseJson(answer.text), 'actions').map((action) => textAt(action, 'name'));
  return answer.status === 200 && names.includes('perf-bot-run')
    ? fine('Argo CD', 'has the action perf-bot-run')
    : problem(
        'Argo CD',
        'lacks the action perf-bot-run for WorkflowTemplates',
        'Add the actions of docs/perflab/argo-cd.md to argocd-cm.',
      );
}
