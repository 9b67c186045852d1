/** Finds the upload that `get` and `compare` are asked for, and reads it by the same rules as a run's own report. */
import type { Datastore } from '../../horreum/datastore.ts';
import { UserError } from '../record/errors.ts';
import type { JobDef } from '../projects/project-config.ts';
import { code } from '../text/markdown.ts';
import type { Report } from '../record/report.ts';
import { staysPrivate } from '../projects/project-config.ts';
import { fetchUpload } from '../runs/look-at-upload.ts';
import { readUpload, type ReadingRules } from '../runs/read-upload.ts';
import type { Upload } from '../runs/match-upload.ts';
import type { CommandContext } from './command-context.ts';
import { runNamed, runsOfPullRequest } from './find-named.ts';
import { newestOfMain } from './runs-of-main.ts';

/** `latest` is this pull request's; with `ofMain` it is main's. A number is a Horreum run, anything else one of our runs. */
export async function horreumRunId(
  context: CommandContext,
  datastore: Datastore,
  jobId: string,
  job: JobDef,
  name: string,
  ofMain: boolean,
): Promise<number> {
  const testId = Number(job.datastoreConfig?.testId);
  if (ofMain) return newestOfMain(datastore, testId, job);
  if (/^\d{1,10}$/.test(name)) return Number(name);
  const runs = (await runsOfPullRequest(context)).filter((run) => run.jobId === jobId);
  const run =
    name.toLowerCase() === 'latest'
      ? runs.find(({ horreum }) => horreum?.runId !== undefined)
      : runNamed(runs, name);
  if (run?.horreum?.runId === undefined) {
    throw new UserError(
      `${code(jobId)} has no results on this pull request yet. Copy: ${code(`${context.deps.settings.prompt} run ${jobId}`)}`,
    );
  }
  return run.horreum.runId;
}

export async function uploadOf(datastore: Datastore, testId: number, runId: number): Promise<Upload> {
  const upload = await fetchUpload(datastore, runId);
  if (!upload || upload.run.testId !== testId)
    throw new UserError(`Horreum test ${testId} has no run ${runId}.`);
  return upload;
}

export function rulesFor(
  { project, repository }: CommandContext,
  job: JobDef,
  { run }: Upload,
): ReadingRules {
  return {
    repositoryIsPrivate: staysPrivate(project, repository),
    testId: run.testId,
    viewId: job.datastoreConfig?.viewId == null ? undefined : Number(job.datastoreConfig.viewId),
    job,
  };
}

export async function reportOf(
  context: CommandContext,
  datastore: Datastore,
  job: JobDef,
  upload: Upload,
): Promise<Report> {
  const seen = await readUpload(datastore, rulesFor(context, job, upload), upload);
  if (seen.kind === 'refused') throw new UserError(`${seen.why}.`);
  if (!seen.report)
    throw new UserError(
      `Horreum is still computing the labels of run ${upload.run.id}. Ask again in a moment.`,
    );
  return seen.report;
}

export function testIdOf(jobId: string, job: JobDef): number {
  if (!job.datastoreConfig)
    throw new UserError(
      `${code(jobId)} has no results store, so there is nothing to show. The operator can set ${code('datastoreConfig')} in the project file.`,
    );
  return Number(job.datastoreConfig.testId);
}
