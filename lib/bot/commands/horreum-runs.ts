/** Finds the upload that `get` and `compare` are asked for, and reads it by the same rules as a run's own report. */
import type { Datastore } from '../../horreum/datastore.ts';
import { UserError } from '../record/errors.ts';
import type { JobDef } from '../projects/project-config.ts';
import { code } from '../text/markdown.ts';
import type { Report } from '../record/report.ts';
import { mainValues } from '../reports/main-history.ts';
import { fetchUpload } from '../runs/look-at-upload.ts';
import { readUpload } from '../runs/read-upload.ts';
import type { Upload } from '../runs/match-upload.ts';
import type { CommandContext } from './command-context.ts';
import { runNamed, runsOfPullRequest } from './find-named.ts';

const RECENT_DATASETS = 100;

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
  if (ofMain) {
    const recent = await datastore.testLabelValues(testId, RECENT_DATASETS);
    const newest = mainValues(recent, job.history)[0];
    if (!newest)
      throw new UserError(
        `Horreum test ${testId} has no recognizable run of main. The job’s ${code('history')} says which runs are main’s.`,
      );
    return newest.runId;
  }
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

export async function reportOf(
  { repository }: CommandContext,
  datastore: Datastore,
  job: JobDef,
  upload: Upload,
): Promise<Report> {
  const rules = {
    repositoryIsPrivate: repository.private,
    testId: upload.run.testId,
    viewId: job.datastoreConfig?.viewId == null ? undefined : Number(job.datastoreConfig.viewId),
    job,
  };
  const seen = await readUpload(datastore, rules, upload);
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
