/** What a refusal of the action that starts a workflow means. */
import type { OutsideAnswer } from '../../http/outside-call.ts';
import { isOutsideTree, type ArgoCdPlace } from './argo-cd-paths.ts';
import type { StartResult } from '../job-executor.ts';
import type { LabClient } from '../lab-client.ts';
import { rejected, rejectedByLoginPage, tooManyRequests } from '../start-result.ts';

/** Argo CD answers 500 to a script that fails, an action it does not have and a kind that the project forbids: for good, all three. */
const FOR_GOOD = /lua|script|action|not permitted/i;

export function readRefusal(
  client: LabClient,
  answer: OutsideAnswer,
  job: string,
  place: ArgoCdPlace,
  nowMs: number,
): StartResult {
  const { status } = answer;
  const said = client.said(answer);
  if (status === 429) throw tooManyRequests('Argo CD', job, answer, nowMs);
  if (status >= 300 && status < 400) return rejectedByLoginPage('Argo CD');
  if (status === 401)
    return rejected(
      'credentials',
      'Argo CD refused the token (wrong or expired). Make a new project role token and store it for this project.',
    );
  if (status === 403)
    return rejected(
      'forbidden',
      `The bot's role may not run the action perf-bot-run in ${place.project}/${place.application}: ${said}`,
    );
  if (status === 404 || (status === 400 && isOutsideTree(said))) {
    return rejected(
      'no-such-job',
      `Argo CD has no WorkflowTemplate ${job} in the application ${place.application}: ${said}`,
    );
  }
  if (status === 400) return rejected('parameters', `Argo CD did not accept ${job}: ${said}`);
  if (status === 500 && FOR_GOOD.test(said))
    return rejected('other', `The action perf-bot-run failed in Argo CD: ${said}`);
  if (status > 400 && status < 500)
    return rejected('other', `Argo CD answered ${status} to the start of ${job}: ${said}`);
  return { kind: 'unknown', message: `Argo CD answered ${status} to the start of ${job}: ${said}` };
}
