/** Makes the record of a run, or joins the open run of the same request; nothing is sent anywhere before the record is written. */
import { claimKeys } from '../record/table-keys.ts';
import type { RepositoryRef } from '../../github/github.ts';
import { onUpstreamError, UpstreamError } from '../../http/upstream-error.ts';
import type { BotDeps } from './bot-deps.ts';
import { platformOf, type JobDef, type ProjectConfig } from '../projects/project-config.ts';
import { RUN_PARAMETER } from '../../perflab/job-executor.ts';
import { type JobRun, type RunSubject, type RunTrigger } from '../record/job-run.ts';
import { leaseFor } from './hold-run.ts';
import { runKeyFor, shortHash } from '../record/run-key.ts';
import { decidedElsewhere, runToJoin, type WhoAsks } from './join-run.ts';

export interface RunRequest extends WhoAsks {
  readonly project: ProjectConfig;
  readonly jobId: string;
  readonly job: JobDef;
  readonly repository: RepositoryRef & { readonly private: boolean };
  readonly installationId: number;
  readonly subject: RunSubject;
  readonly headSha: string;
  readonly baseRef: string;
  readonly baseSha?: string;
  /** As the lab gets them, without the run's own key. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly arguments: Readonly<Record<string, string>>;
  readonly automatic: boolean;
  readonly trigger: RunTrigger;
  /** Position among the runs that the trigger asks for. */
  readonly ordinal: number;
}

export type CreatedRun =
  /** `fresh`: this call wrote the record and holds its lease. `repeated`: an earlier try of the same request did. */
  | { readonly kind: 'fresh' | 'repeated'; readonly run: JobRun }
  /** Somebody had asked for the very same and it is still open: the person is added to it. */
  | { readonly kind: 'joined'; readonly run: JobRun };

const ATTEMPTS = 4;

/** `charge` is called once it is certain that a new run is wanted, and may refuse it. */
export async function createRun(
  deps: BotDeps,
  request: RunRequest,
  charge: () => Promise<void>,
): Promise<CreatedRun> {
  const newest = newestUpload(deps, request);
  const wanted = newRun(deps, request);
  let isCharged = false;
  // More than once only where several deliveries of the same request are handled at the same time.
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const decided = await deps.runs.decided(wanted.runKey);
    if (decided?.kind === 'run') return { kind: 'repeated', run: decided.run };
    const other = await runToJoin(deps, wanted, request, decided?.note);
    if (other.kind === 'joined') {
      if (isCharged) await deps.runs.releaseClaim(wanted.claimKey, wanted.runKey);
      return other;
    }
    if (!isCharged) await chargeOrRelease(deps, wanted, charge);
    isCharged = true;
    const run = withFloor(wanted, await newest);
    if (await deps.runs.create(run, other.insteadOf)) return { kind: 'fresh', run };
  }
  throw decidedElsewhere(wanted.runKey);
}

async function chargeOrRelease(deps: BotDeps, wanted: JobRun, charge: () => Promise<void>): Promise<void> {
  try {
    await charge();
  } catch (refusal) {
    await deps.runs.releaseClaim(wanted.claimKey, wanted.runKey);
    throw refusal;
  }
}

/**
 * The newest upload that is there before the job can have started, so that an older one of the same pull request is never
 * taken for this run's. Asked while the record is being made; without an answer the run does without.
 */
async function newestUpload(
  deps: BotDeps,
  { project, job, repository }: RunRequest,
): Promise<number | undefined> {
  if (!job.datastoreConfig) return undefined;
  try {
    const datastore = await deps.datastoreOf(project, repository);
    const ask = () => datastore.listRuns(Number(job.datastoreConfig?.testId), 1);
    const [newest] = await ask().catch(onUpstreamError(ask));
    return newest?.id ?? 0;
  } catch (error) {
    if (error instanceof UpstreamError) return undefined;
    throw error;
  }
}

function withFloor(run: JobRun, newestBefore: number | undefined): JobRun {
  return run.horreum && newestBefore !== undefined
    ? { ...run, horreum: { ...run.horreum, newestBefore } }
    : run;
}

function newRun(deps: BotDeps, request: RunRequest): JobRun {
  const nowMs = deps.nowMs();
  const { project, job, repository, subject, trigger, headSha } = request;
  const runKey = runKeyFor({
    repositoryId: repository.id,
    kind: trigger.kind,
    triggerId: trigger.id,
    jobId: request.jobId,
    ordinal: request.ordinal,
  });
  const { runTimeoutMs, resultsTimeoutMs } = deps.settings;
  const where = subject.kind === 'pull-request' ? String(subject.number) : subject.branch;
  const sortedParameters = JSON.stringify(Object.entries(request.parameters).sort());
  const whatIsAsked = shortHash([request.jobId, sortedParameters, headSha], 20);
  return {
    runKey,
    version: 1,
    projectId: project.projectId,
    repository: { id: repository.id, fullName: repository.fullName, private: repository.private },
    installationId: request.installationId,
    subject,
    jobId: request.jobId,
    platform: platformOf(project, job),
    headSha,
    baseRef: request.baseRef,
    ...(request.baseSha === undefined ? {} : { baseSha: request.baseSha }),
    parameters: { ...request.parameters, [RUN_PARAMETER]: runKey },
    arguments: request.arguments,
    requestedBy: [{ id: request.requestedBy.id, login: request.requestedBy.login }],
    automatic: request.automatic,
    trigger,
    claimKey: claimKeys.sameRequest(repository.id, where, whatIsAsked),
    state: 'requested',
    history: [{ state: 'requested', atMs: nowMs }],
    createdAtMs: nowMs,
    deadlineAtMs: nowMs + fromMinutes(job.timeoutMinutes, runTimeoutMs),
    resultsTimeoutMs: fromMinutes(job.resultsTimeoutMinutes, resultsTimeoutMs),
    platformRun: { attempt: 1, requestedAtMs: nowMs, unknownStarts: 1, misses: 0 },
    ...(job.datastoreConfig
      ? {
          horreum: {
            testId: job.datastoreConfig.testId,
            ...(job.datastoreConfig.viewId == null ? {} : { viewId: job.datastoreConfig.viewId }),
          },
        }
      : {}),
    published: {},
    lookNumber: 1,
    leaseUntilMs: leaseFor(nowMs),
    dueAtMs: leaseFor(nowMs) + 5_000,
  };
}

function fromMinutes(minutes: number | undefined, otherwiseMs: number): number {
  return minutes === undefined ? otherwiseMs : minutes * 60_000;
}
