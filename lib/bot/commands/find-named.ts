/** Finds the job or the run that somebody names; a wrong name is a UserError with the names that there are, never a guess. */
import { own } from '../../json.ts';
import type { JobDef } from '../projects/project-config.ts';
import { UserError } from '../record/errors.ts';
import type { JobRun } from '../record/job-run.ts';
import { shortKey } from '../record/run-key.ts';
import { keys } from '../record/table-keys.ts';
import { code } from '../text/markdown.ts';
import { didYouMean, nearest } from '../text/nearest.ts';
import type { CommandContext } from './command-context.ts';

export function jobNamed(
  { project, deps }: CommandContext,
  name: string,
  command: string,
): { jobId: string; job: JobDef } {
  const job = own(project.jobs, name);
  if (job) return { jobId: name, job };
  const jobIds = Object.keys(project.jobs);
  const near = nearest(name, jobIds);
  const list = jobIds
    .slice(0, 20)
    .map((jobId) => code(jobId))
    .join(' · ');
  const copy = near === undefined ? '' : `\nCopy: ${code(`${deps.settings.prompt} ${command} ${near}`)}`;
  throw new UserError(
    `### ❓ There is no job ${code(name, 60)} here\n${didYouMean(name, jobIds)}Jobs: ${list}${copy}`,
  );
}

const RUNS_READ = 100;

/** Newest first. */
export function runsOfPullRequest({ deps, repository, number }: CommandContext): Promise<readonly JobRun[]> {
  return deps.runs.listBySubject(keys.pullRequest(repository.id, number), RUNS_READ);
}

/** By its key, the beginning of the key (with or without `pb-`), its Horreum run id or its build number. */
export function runNamed(runs: readonly JobRun[], name: string): JobRun {
  const wanted = name.toLowerCase().replace(/^#/, '');
  const matches = runs.filter(
    ({ runKey, horreum, platformRun }) =>
      [runKey, runKey.slice(3)].some((key) => wanted.length >= 4 && key.startsWith(wanted)) ||
      String(horreum?.runId) === wanted ||
      platformRun.ref?.runId === wanted,
  );
  const [only, second] = matches;
  if (only && !second) return only;
  const fact = only
    ? `${code(name, 60)} matches more than one run`
    : `There is no run ${code(name, 60)} on this pull request`;
  const newest = runs.slice(0, 5).map(({ runKey, jobId }) => `${code(shortKey(runKey))} (${code(jobId)})`);
  throw new UserError(
    `### ❓ ${fact}\n${newest.length === 0 ? 'There are no runs yet.' : `Newest runs: ${newest.join(' · ')}`}`,
  );
}

/** Thrown where a command needs a run and there is none. */
export function noRunsYet({ deps }: CommandContext): UserError {
  return new UserError(
    `There are no runs on this pull request yet. To see the jobs, copy: ${code(`${deps.settings.prompt} list`)}`,
  );
}
