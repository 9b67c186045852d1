/** Draws the one status comment of a pull request from all of its runs; one worker at a time, by a short lease. */
import type { CommentRef, GitHub } from '../../github/github.ts';
import { UpstreamError } from '../../http/upstream-error.ts';
import type { BotDeps } from './bot-deps.ts';
import { STATUS_MARKER, statusComment } from '../reports/words/status-comment.ts';
import { subjectKeyOf, type JobRun } from '../record/job-run.ts';
import { shortHash } from '../record/run-key.ts';
import type { SubjectRecord } from '../record/run-store.ts';
import { waitsOf } from '../record/table-keys.ts';
import { mayShowProgress } from './write-budget.ts';

/** Only the clock has moved on: GitHub is told at most so often. */
export const PROGRESS_EVERY_MS = 60_000;
const DRAW_LEASE_MS = 20_000;
const RUNS_SHOWN = 40;

export type Drawn =
  | { readonly kind: 'drawn'; readonly url: string | undefined }
  /** Another worker draws now; its picture may lack this run's news. */
  | { readonly kind: 'busy' }
  /** GitHub takes no comments here (locked): the check run has to do. */
  | { readonly kind: 'refused' };

export async function drawStatus(
  deps: BotDeps,
  gitHub: GitHub,
  run: JobRun,
  isFresh: boolean,
): Promise<Drawn> {
  const subjectKey = subjectKeyOf(run);
  const [stored, listed] = await Promise.all([
    deps.runs.getSubject(subjectKey),
    deps.runs.listBySubject(subjectKey, RUNS_SHOWN),
  ]);
  const subject: SubjectRecord = stored ?? { subjectKey, version: 0 };
  const nowMs = deps.nowMs();
  if ((subject.drawLeaseUntilMs ?? 0) > nowMs) return { kind: 'busy' };
  const runs = [run, ...listed.filter(({ runKey }) => runKey !== run.runKey)].sort(
    (one, other) => other.createdAtMs - one.createdAtMs,
  );
  const body = await bodyOf(deps, runs, subject, nowMs);
  const digest = digestOf(runs, subject);
  const textDigest = shortHash([body], 20);
  const isRecent = nowMs - (subject.drawnAtMs ?? 0) < PROGRESS_EVERY_MS;
  const isSame = subject.statusTextDigest === textDigest || (subject.statusDigest === digest && isRecent);
  const shown = { kind: 'drawn', url: subject.statusCommentUrl } as const;
  if (subject.statusCommentId !== undefined && isSame) return shown;
  const isProgress = subject.statusCommentId !== undefined && subject.statusDigest === digest;
  if (isProgress && !(await mayShowProgress(deps.runs, run.installationId, nowMs))) return shown;
  const leased = await deps.runs.saveSubject({
    ...subject,
    drawLeaseUntilMs: nowMs + DRAW_LEASE_MS,
    statusAttemptedAtMs: subject.statusAttemptedAtMs ?? nowMs,
  });
  if (!leased) return { kind: 'busy' };
  const mayBeThere = subject.statusAttemptedAtMs !== undefined || (!isFresh && stored === undefined);
  const comment = await writeComment(deps, gitHub, run, leased, body, mayBeThere);
  const { drawLeaseUntilMs: _lease, ...rest } = leased;
  const written =
    comment === 'refused'
      ? { commentsRefused: true }
      : { statusCommentId: comment.id, statusCommentUrl: comment.url };
  await deps.runs.saveSubject({
    ...rest,
    ...written,
    statusDigest: digest,
    statusTextDigest: textDigest,
    drawnAtMs: nowMs,
  });
  return comment === 'refused' ? { kind: 'refused' } : { kind: 'drawn', url: comment.url };
}

async function bodyOf(
  deps: BotDeps,
  runs: readonly JobRun[],
  subject: SubjectRecord,
  nowMs: number,
): Promise<string> {
  const [durations, waits] = await Promise.all([
    pastOf(deps, runs, (jobId) => jobId),
    // Only a run that still waits says how long that usually takes.
    pastOf(
      deps,
      runs.filter(({ state }) => state === 'queued'),
      waitsOf,
    ),
  ]);
  return statusComment(runs, {
    prompt: deps.settings.prompt,
    nowMs,
    durationsOf: (run) => durations.get(jobKey(run)) ?? [],
    waitsOf: (run) => waits.get(jobKey(run)) ?? [],
    behindOf: ({ headSha }) => behindOf(subject, headSha),
  });
}

/** Past times of each job among these runs. */
async function pastOf(
  deps: BotDeps,
  runs: readonly JobRun[],
  nameOf: (jobId: string) => string,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const jobs = new Map(runs.map((run) => [jobKey(run), run]));
  return new Map(
    await Promise.all(
      [...jobs].map(
        async ([key, { projectId, jobId }]) =>
          [key, await deps.runs.durations(projectId, nameOf(jobId))] as const,
      ),
    ),
  );
}

function jobKey({ projectId, jobId }: JobRun): string {
  return JSON.stringify([projectId, jobId]);
}

function behindOf(
  subject: SubjectRecord,
  headSha: string,
): { readonly commits: number | undefined } | undefined {
  const commits = subject.behind?.[headSha];
  return commits === undefined ? undefined : { commits: commits ?? undefined };
}

function digestOf(runs: readonly JobRun[], subject: SubjectRecord): string {
  return shortHash([JSON.stringify(runs.map(factsOf)), JSON.stringify(subject.behind ?? null)], 20);
}

/** What the status comment says of one run, as a digest. */
export function newsOf(run: JobRun): string {
  return shortHash([JSON.stringify(factsOf(run))], 20);
}

/** Everything that is news: not the minutes that have passed, nor a place further up in the queue. */
function factsOf(run: JobRun): readonly unknown[] {
  return [
    run.runKey,
    run.state,
    run.report ?? null,
    run.failure ?? null,
    run.horreum?.runId ?? null,
    run.horreum?.waitingFor ?? null,
    run.horreum?.refused ?? null,
    run.platformRun.ref ?? null,
    run.platformRun.endedAtMs ?? null,
    run.requestedBy.length,
  ];
}

async function writeComment(
  deps: BotDeps,
  gitHub: GitHub,
  run: JobRun,
  subject: SubjectRecord,
  body: string,
  mayBeThere: boolean,
): Promise<CommentRef | 'refused'> {
  const { repository } = run;
  const number = run.subject.kind === 'pull-request' ? run.subject.number : 0;
  try {
    if (subject.statusCommentId !== undefined) {
      const ref = { id: subject.statusCommentId, url: subject.statusCommentUrl ?? '' };
      if (await gitHub.updateComment(repository, ref.id, body)) return ref;
    } else if (mayBeThere) {
      const found = await gitHub.findComment(repository, number, STATUS_MARKER);
      if (found && (await gitHub.updateComment(repository, found.id, body))) return found;
    }
    return await gitHub.createComment(repository, number, body);
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    if (!error.retryable) {
      deps.log.warn('GitHub takes no comment here; the check run has to do', { error });
      return 'refused';
    }
    await giveLeaseBack(deps, subject);
    throw error;
  }
}

async function giveLeaseBack(deps: BotDeps, subject: SubjectRecord): Promise<void> {
  const { drawLeaseUntilMs: _lease, ...rest } = subject;
  await deps.runs.saveSubject(rest);
}
