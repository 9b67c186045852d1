/** Decides whether an upload belongs to a run: by run key, by build URL, or by the original's three labels and the commit. */
import type { DatasetLabels, HorreumRun, Json } from '../../horreum/datastore.ts';
import { attemptKeyOf } from '../../run-name.ts';
import type { JobRun } from '../record/job-run.ts';

export const RUN_KEY_LABEL = 'pb.run_key';
const REPOSITORY_LABEL = 'pb.repo_full_name';
const PULL_REQUEST_LABEL = 'pb.pull_request_number';
const JOB_LABEL = 'pb.job_id';

/** `not-yet`: its labels are not computed, so nothing can be said. */
export type UploadMatch = 'ours' | 'not-ours' | 'not-yet';

export interface Upload {
  readonly run: HorreumRun;
  readonly labels: readonly DatasetLabels[];
  readonly metadata: readonly Json[];
}

export function matchUpload(run: JobRun, upload: Upload, commitLabel: string | undefined): UploadMatch {
  const keys = labelTexts(upload, RUN_KEY_LABEL);
  if (keys.length > 0)
    return keys.includes(attemptKeyOf(run.runKey, run.platformRun.attempt)) ? 'ours' : 'not-ours';
  if (run.horreum?.newestBefore !== undefined && upload.run.id <= run.horreum.newestBefore) return 'not-ours';
  const buildPaths = upload.metadata.flatMap(buildUrlPath);
  const ownPath = run.platformRun.ref?.url === undefined ? undefined : pathOf(run.platformRun.ref.url);
  if (buildPaths.length > 0 && ownPath !== undefined && hasBuildNumber(run))
    return buildPaths.includes(ownPath) ? 'ours' : 'not-ours';
  if (upload.labels.every(({ values }) => Object.keys(values).length === 0)) return 'not-yet';
  return matchesOriginalLabels(run, upload, commitLabel) ? 'ours' : 'not-ours';
}

/** Until the queue item becomes a build, the ref's URL is the job's page. */
function hasBuildNumber(run: JobRun): boolean {
  return run.platformRun.ref?.runId !== undefined;
}

function matchesOriginalLabels(run: JobRun, upload: Upload, commitLabel: string | undefined): boolean {
  if (run.subject.kind !== 'pull-request') return false;
  const repositories = labelTexts(upload, REPOSITORY_LABEL);
  const numbers = labelTexts(upload, PULL_REQUEST_LABEL);
  const jobs = labelTexts(upload, JOB_LABEL);
  const commits = commitLabel === undefined ? [] : labelTexts(upload, commitLabel);
  const sameRepository = repositories.some(
    (name) => name.toLowerCase() === run.repository.fullName.toLowerCase(),
  );
  const sameNumber = numbers.includes(String(run.subject.number));
  const sameJob = jobs.length === 0 || jobs.includes(run.jobId);
  const sameCommit = commits.length === 0 || commits.some((commit) => isSameCommit(commit, run));
  return sameRepository && sameNumber && sameJob && sameCommit;
}

function isSameCommit(commit: string, run: JobRun): boolean {
  const measured = [run.headSha, ...Object.values(run.parameters)];
  return measured.some((value) => value === commit || (commit.length >= 7 && value.startsWith(commit)));
}

/** All non-empty values of a label over the upload's datasets, numbers as text. */
export function labelTexts(upload: Pick<Upload, 'labels'>, label: string): string[] {
  const values = upload.labels.map((dataset) => dataset.values[label]);
  return values
    .filter((value) => typeof value === 'string' || typeof value === 'number')
    .map(String)
    .filter((value) => value !== '');
}

function buildUrlPath(entry: Json): string[] {
  const url =
    typeof entry === 'object' && entry !== null && !Array.isArray(entry)
      ? (entry as Record<string, Json>)['buildUrl']
      : undefined;
  return typeof url === 'string' ? [pathOf(url)] : [];
}

/** Compared without the host: a Jenkins behind a proxy calls itself by another name. */
function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname.replace(/\/(console)?$/, '') : url;
}
