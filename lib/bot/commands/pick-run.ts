/** Which run of a pull request somebody means: its key or the beginning of it, or the one that makes sense. */
import { UserError } from '../record/errors.ts';
import { code } from '../text/markdown.ts';
import type { JobRun } from '../record/job-run.ts';
import { keys } from '../record/table-keys.ts';
import { shortKey } from '../record/run-key.ts';
import type { CommandContext } from './command-context.ts';

const RUNS_READ = 100;

/** Newest first. */
export function runsOfPullRequest({ deps, repository, number }: CommandContext): Promise<readonly JobRun[]> {
  return deps.runs.listBySubject(keys.pullRequest(repository.id, number), RUNS_READ);
}

/** By key, by the key's beginning (with or without `pb-`), by Horreum run id or by build number. */
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
  const known = runs.slice(0, 5).map(({ runKey, jobId }) => `${code(shortKey(runKey))} (${code(jobId)})`);
  throw new UserError(
    `### ❓ ${only ? `${code(name, 60)} fits more than one run` : `No run ${code(name, 60)} on this pull request`}\n${known.length === 0 ? 'Nothing was run here yet.' : `Newest: ${known.join(' · ')}`}`,
  );
}
