/** Limits what is dispatched to GitHub Actions, and reads each refusal. */
import type { OutsideAnswer } from '../../http/outside-call.ts';
import type { StartRequest, StartResult } from '../job-executor.ts';
import { rejected, rejectedByLoginPage } from '../outcomes.ts';

/** https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax: on.workflow_dispatch.inputs */
const MAX_INPUTS = 25;
const MAX_INPUT_CHARACTERS = 65_535;

export function tooManyInputs({ job, parameters }: StartRequest): StartResult | undefined {
  if (Object.keys(parameters).length > MAX_INPUTS) {
    return rejected(
      `GitHub takes at most ${MAX_INPUTS} inputs, and ${job} would get ${Object.keys(parameters).length}.`,
    );
  }
  return JSON.stringify(parameters).length > MAX_INPUT_CHARACTERS
    ? rejected(
        `The inputs of ${job} are longer than the ${MAX_INPUT_CHARACTERS} characters that GitHub takes.`,
      )
    : undefined;
}

/** GitHub Enterprise Server up to 3.19 does not know the key and refuses the call: it is sent again without. */
export function knowsNoRunDetails({ status, text }: OutsideAnswer): boolean {
  return status === 422 && text.includes('return_run_details');
}

export function readRefusal(answer: OutsideAnswer, place: string, said: string): StartResult {
  const { status } = answer;
  if (status >= 300 && status < 400) return rejectedByLoginPage('GitHub');
  switch (status) {
    case 401:
      return rejected('GitHub refused the App’s installation token. Check the App’s id and private key.');
    case 403:
      return rejected(
        `The App has no right to start ${place}: give it "Actions: write" and accept the new permission there. GitHub says: ${said}`,
      );
    case 404:
      return rejected(
        `GitHub has no ${place}: the file must be on the default branch, and the App installed on that repository.`,
      );
    case 422:
      return /disabled workflow/i.test(said)
        ? rejected(`${place} is disabled in GitHub Actions. Enable it there.`)
        : rejected(`GitHub did not accept the start of ${place}: ${said}`);
  }
  if (status >= 400 && status < 500)
    return rejected(`GitHub answered ${status} to the start of ${place}: ${said}`);
  return { kind: 'unknown', message: `GitHub answered ${status} to the start of ${place}` };
}
