/** Names the parameters that only the bot sets: commit, repository, pull request number and run key. What is measured is what was checked. */
import { warning, type Finding } from '../../finding.ts';
import { own } from '../../json.ts';
import { RUN_PARAMETER } from '../../perflab/job-executor.ts';
import type { JobDef } from './job-schema.ts';

type Mapping = Pick<JobDef, 'repoCommitParam' | 'repoFullNameParam' | 'pullRequestNumberParam'>;

/** What the bot puts into the lab's parameter of this name; undefined if people may set it. Some labs ignore the case of a name. */
function setByBot(job: Mapping, labName: string): string | undefined {
  const meanings = [
    [job.repoCommitParam, 'the commit'],
    [job.repoFullNameParam, 'the repository'],
    [job.pullRequestNumberParam, 'the number of the pull request'],
    [RUN_PARAMETER, 'the key of the run'],
  ] as const;
  return meanings.find(([name]) => name?.toLowerCase() === labName.toLowerCase())?.[1];
}

/** The same for a name as people write it, declared or not. */
export function keySetByBot(job: JobDef, key: string): string | undefined {
  return setByBot(job, own(job.configurableParams ?? {}, key)?.name ?? key);
}

/** What is left of declared or given parameters for people and rules to set. */
export function withoutBotsOwn<Value>(
  job: JobDef,
  given: Readonly<Record<string, Value>>,
): [key: string, value: Value][] {
  return Object.entries(given).filter(([key]) => keySetByBot(job, key) === undefined);
}

/** A file from before this rule still applies; what it declares in vain is named. */
export function idleParameters({ jobs }: { readonly jobs: Readonly<Record<string, JobDef>> }): Finding[] {
  return Object.entries(jobs).flatMap(([jobId, job]) =>
    Object.keys(job.configurableParams ?? {}).flatMap((key) => {
      const meaning = keySetByBot(job, key);
      return meaning === undefined
        ? []
        : [
            warning(
              `job ${jobId}`,
              `configurableParams.${key} has no effect: only Perf Bot sets ${meaning}, so that a run measures what its check stands on`,
              `Remove ${key} from configurableParams, and from the parameters of automatic rules`,
            ),
          ];
    }),
  );
}
