/** Describes the Workflow that is created from a template, and reads the refusal to create it. */
import type { OutsideAnswer } from '../../http/outside-call.ts';
import type { StartRequest, StartResult } from '../job-executor.ts';
import type { LabClient } from '../lab-client.ts';
import { rejected, rejectedByLoginPage, tooManyRequests } from '../outcomes.ts';
import { RUN_LABEL } from '../argo/workflow-state.ts';

export function workflowFor(
  { attemptKey, job, parameters, subject }: StartRequest,
  namespace: string,
  clusterScope: boolean,
): object {
  const about =
    subject &&
    `${subject.repository}${subject.pullRequest === undefined ? '' : `#${subject.pullRequest}`} ${subject.commit}`;
  return {
    metadata: {
      name: attemptKey,
      namespace,
      labels: { [RUN_LABEL]: attemptKey },
      annotations: about === undefined ? undefined : { 'perf-bot/subject': about },
    },
    spec: {
      workflowTemplateRef: { name: job, clusterScope },
      arguments: { parameters: Object.entries(parameters).map(([name, value]) => ({ name, value })) },
    },
  };
}

export function readRefusal(
  client: LabClient,
  answer: OutsideAnswer,
  job: string,
  namespace: string,
  nowMs: number,
): StartResult {
  const { status } = answer;
  const said = client.said(answer);
  if (status === 429) throw tooManyRequests('Argo Workflows', job, answer, nowMs);
  if (status >= 300 && status < 400) return rejectedByLoginPage('Argo Workflows');
  if (status === 401)
    return rejected(
      'Argo Workflows refused the token. Make a new one for the bot’s ServiceAccount and store it for this project.',
    );
  if (status === 403)
    return rejected(`The bot’s ServiceAccount has no right to create workflows in ${namespace}: ${said}`);
  if (status === 404 || (status === 400 && /workflowtemplates?\b.*not found/i.test(said))) {
    return rejected(`Argo Workflows has no template ${job} in ${namespace}: ${said}`);
  }
  if (status === 400) return rejected(`Argo Workflows did not accept ${job}: ${said}`);
  if (status > 400 && status < 500)
    return rejected(`Argo Workflows answered ${status} to the start of ${job}: ${said}`);
  return { kind: 'unknown', message: `Argo Workflows answered ${status} to the start of ${job}: ${said}` };
}
