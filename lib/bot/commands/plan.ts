/** `plan JOB …`: shows what `run` would do, without doing it. */
import { checkAccess } from '../projects/access.ts';
import { jobParameters } from '../projects/job-parameters.ts';
import { platformOf } from '../projects/project-config.ts';
import { lineToCopy } from '../grammar/copyable.ts';
import { code, table, words } from '../text/markdown.ts';
import type { Answer, CommandContext } from './command-context.ts';
import { jobNamed } from './find-named.ts';
import { usualDuration } from './list.ts';
import { parametersSent } from './show-parameters.ts';
import type { Command } from '../grammar/parse-command.ts';
import { isFork } from './checks-before-start.ts';

export async function plan(context: CommandContext, command: Command): Promise<Answer> {
  const { deps, gitHub, project, person, repository, number } = context;
  const { jobId, job } = jobNamed(context, command.words[0] ?? '', 'plan');
  const [pull, access, takes] = await Promise.all([
    context.pull(),
    checkAccess(gitHub, project, job, 'run', person, repository),
    usualDuration(context, jobId),
  ]);
  const parameters = jobParameters(job, command.pairs, {
    repoFullName: repository.fullName,
    pullRequestNumber: number,
    headSha: pull.headSha,
  });
  const rows = [
    ['Job', `${code(jobId)}: ${code(job.platformJobId)} on ${words(platformOf(project, job))}`],
    ['Commit', `${code(pull.headSha)}${isFork(context, pull) ? ' (from a fork)' : ''}`],
    ['Parameters', parametersSent(parameters).join('<br>')],
    [
      'Compared with',
      job.datastoreConfig
        ? `the baseline of Horreum test ${words(job.datastoreConfig.testId)}`
        : 'nothing: the job has no results store',
    ],
    ['Takes', takes],
    [
      'You may',
      access.allowed ? `run it (${words(access.because)})` : `not run it: it needs ${access.missing}`,
    ],
  ];
  const planned = table(
    [
      { title: 'What', align: 'left' },
      { title: 'Would be', align: 'left' },
    ],
    rows,
  );
  return {
    reaction: 'eyes',
    reply: `### Plan for ${code(jobId)}: nothing is started\n\n${planned}\n\nCopy: ${lineToCopy(deps.settings.prompt, { ...command, name: 'run' })}`,
  };
}
