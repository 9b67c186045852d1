/** Shows what a run would send to the lab, every parameter whole: nobody approves a value that they did not see. */
import { RUN_PARAMETER } from '../../perflab/job-executor.ts';
import type { JobDef } from '../projects/job-schema.ts';
import { code } from '../text/markdown.ts';

const WHOLE = 20_000;

export function parametersSent(parameters: Readonly<Record<string, string>>): string[] {
  return [
    ...Object.entries(parameters).map(([name, value]) => code(`${name}=${value}`, WHOLE)),
    code(`${RUN_PARAMETER}=…`),
  ];
}

/** As a list under a sentence; a job that is not told the commit may take it from any of them. */
export function whatIsSent(jobId: string, job: JobDef, parameters: Readonly<Record<string, string>>): string {
  const unknown = job.repoCommitParam
    ? ''
    : ' This job is not told the commit, so check that none of these values chooses another one:';
  return `${code(jobId)} gets:${unknown}\n${parametersSent(parameters)
    .map((one) => `- ${one}`)
    .join('\n')}`;
}
