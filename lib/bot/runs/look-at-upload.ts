/** Looks at Horreum for the upload of one run: finds it among the candidates, and has it read. */
import type { Datastore } from '../../horreum/datastore.ts';
import { onUpstreamError, UpstreamError } from '../../http/upstream-error.ts';
import type { JobDef } from '../projects/project-config.ts';
import type { UploadSeen } from './after-upload.ts';
import { attemptKey, type JobRun } from '../record/job-run.ts';
import { matchUpload, RUN_KEY_LABEL, type Upload } from './match-upload.ts';
import type { MeasuredRun } from './read-history.ts';
import { placeOf, readUpload } from './read-upload.ts';
import { unreadReport } from '../reports/build-report.ts';

/** How many uploads of a test are searched when Horreum announced none. */
const RECENT_UPLOADS = 20;

export interface UploadDeps {
  readonly datastore: Datastore;
  /** Horreum runs that already belong to another run. */
  readonly takenHorreumRuns: ReadonlySet<number>;
  readonly measured: MeasuredRun;
  readonly repositoryIsPrivate: boolean;
  readonly nowMs: number;
}

export async function lookAtUpload(deps: UploadDeps, run: JobRun, job: JobDef): Promise<UploadSeen> {
  const { datastore, measured, repositoryIsPrivate, nowMs } = deps;
  let found: Found | undefined;
  try {
    found = await findUpload(deps, run, job);
    if (found.kind === 'none') return found;
    const rules = {
      repositoryIsPrivate,
      testId: Number(run.horreum?.testId),
      viewId: run.horreum?.viewId === undefined ? undefined : Number(run.horreum.viewId),
      job,
      earlier: {
        evaluationTries: run.horreum?.evaluationTries ?? 0,
        labelsAgeMs: nowMs - (run.horreum?.foundAtMs ?? nowMs),
      },
    };
    return await readUpload(datastore, rules, found.upload, measured);
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    const why = error.message;
    if (found?.kind !== 'upload') return { kind: 'unreachable', why };
    const report = unreadReport(job, found.upload.labels, why);
    return { kind: 'pending', ...placeOf(datastore, found.upload), waitingFor: 'answers', why, report };
  }
}

type Found = Extract<UploadSeen, { kind: 'none' }> | { readonly kind: 'upload'; readonly upload: Upload };

async function findUpload(
  { datastore, takenHorreumRuns }: UploadDeps,
  run: JobRun,
  job: JobDef,
): Promise<Found> {
  const leg = run.horreum;
  if (!leg) return { kind: 'none', undecided: [] };
  if (leg.runId !== undefined) {
    const upload = await fetchUpload(datastore, leg.runId);
    return upload ? { kind: 'upload', upload } : { kind: 'none', undecided: [] };
  }
  const undecided: number[] = [];
  for (const runId of await candidatesOf(datastore, run)) {
    if (takenHorreumRuns.has(runId)) continue;
    const upload = await fetchUpload(datastore, runId);
    if (!upload) {
      undecided.push(runId);
      continue;
    }
    if (upload.run.trashed || String(upload.run.testId) !== leg.testId) continue;
    const match = matchUpload(run, upload, job.history?.commitLabel);
    if (match === 'ours') return { kind: 'upload', upload };
    if (match === 'not-yet') undecided.push(runId);
  }
  return { kind: 'none', undecided };
}

/** Those that Horreum announced, newest first; then, once the job is over or without any, the test's newest uploads. */
async function candidatesOf(datastore: Datastore, run: JobRun): Promise<number[]> {
  const leg = run.horreum;
  if (!leg) return [];
  const told = (leg.candidates ?? []).map(({ runId }) => runId).reverse();
  const jobIsOver = run.platformRun.endedAtMs !== undefined;
  if (told.length > 0 && !jobIsOver) return told;
  const recent = await datastore.listRuns(Number(leg.testId), RECENT_UPLOADS).catch(
    onUpstreamError((error) => {
      // What Horreum announced can be read without the list.
      if (told.length > 0) return [];
      throw error;
    }),
  );
  const newer = recent
    .filter(({ id, trashed }) => !trashed && id > (leg.newestBefore ?? 0))
    .map(({ id }) => id);
  if (recent.length >= RECENT_UPLOADS && newer.length === recent.length) {
    // More came meanwhile than are listed, as where many runs end at once: ask for ours by its name.
    const named = await datastore.runsLabelled(Number(leg.testId), RUN_KEY_LABEL, attemptKey(run));
    if (named.length > 0) return [...named];
  }
  return [...new Set([...told, ...newer])];
}

export async function fetchUpload(datastore: Datastore, runId: number): Promise<Upload | undefined> {
  const [horreumRun, labels] = await Promise.all([datastore.getRun(runId), datastore.getLabelValues(runId)]);
  if (!horreumRun || !labels) return undefined;
  const metadata = horreumRun.hasMetadata ? await datastore.getMetadata(runId) : [];
  // A summary may lack its datasets: then the label values name them.
  const datasetIds =
    horreumRun.datasetIds.length > 0 ? horreumRun.datasetIds : labels.map(({ datasetId }) => datasetId);
  return { run: { ...horreumRun, datasetIds }, labels, metadata };
}
