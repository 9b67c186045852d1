/** Draws the one status comment of a pull request from all of its runs: one worker at a time, at once for news, now and then for progress. */
import type { CommentRef, GitHub } from '../../github/github.ts';
import { onUpstreamError, UpstreamError } from '../../http/upstream-error.ts';
import type { BotDeps } from './bot-deps.ts';
import { STATUS_MARKER, statusComment } from '../reports/words/status-comment.ts';
import { subjectKeyOf, type JobRun } from '../record/job-run.ts';
import { shortHash } from '../record/run-key.ts';
import type { SubjectRecord } from '../record/run-store.ts';
import { waitsOf } from '../record/table-keys.ts';
import { mayShowProgress } from './write-budget.ts';

/** How often the comment is edited while nothing but time has passed. */
export const STATUS_PROGRESS_EVERY_MS = 60_000;
const DRAW_LEASE_MS = 20_000;
const RUNS_SHOWN = 40;
/** Refused for good: locked, not permitted, or gone. Any other refusal may be about this one text. */
const REFUSALS = [403, 404, 410];

export type Drawn =
  | { readonly kind: 'drawn'; readonly url: string | undefined }
  /** Another worker is drawing; its comment may lack this run's news. */
  | { readonly kind: 'busy' }
  /** GitHub did not take this text, or there was nothing to draw: the check run has to do for now. */
  | { readonly kind: 'left' }
  /** GitHub takes no comments here: the check run has to do. */
  | { readonly kind: 'refused' };

export async function drawStatus(
  deps: BotDeps,
  gitHub: GitHub,
  run: JobRun,
  { isNews, isFresh }: { readonly isNews: boolean; readonly isFresh: boolean },
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
  const statusTextDigest = shortHash([body], 20);
  if (subject.statusCommentId !== undefined) {
    const shown = { kind: 'drawn', url: subject.statusCommentUrl } as const;
    if (subject.statusTextDigest === statusTextDigest) return shown;
    const isRecent = nowMs - (subject.drawnAtMs ?? 0) < STATUS_PROGRESS_EVERY_MS;
    if (!isNews && (isRecent || !(await mayShowProgress(deps.runs, run.installationId, nowMs)))) return shown;
  }
  const leased = await deps.runs.saveSubject({
    ...subject,
    drawLeaseUntilMs: nowMs + DRAW_LEASE_MS,
    statusAttemptedAtMs: subject.statusAttemptedAtMs ?? nowMs,
  });
  if (!leased) return { kind: 'busy' };
  const mayBeThere = subject.statusAttemptedAtMs !== undefined || (!isFresh && stored === undefined);
  const written = await writeComment(gitHub, run, subject, body, mayBeThere).catch(
    onUpstreamError((error) => error),
  );
  if (written instanceof UpstreamError) {
    // A refusal has created nothing; after an unknown outcome the next look searches for the comment.
    await deps.runs.saveSubject({
      ...(written.retryable ? unleased(leased) : subject),
      version: leased.version,
    });
    if (written.retryable) throw written;
    deps.log.warn('GitHub takes no comment here; the check run has to do', { error: written });
    return { kind: REFUSALS.includes(written.status ?? 0) ? 'refused' : 'left' };
  }
  const { id: statusCommentId, url: statusCommentUrl } = written;
  await deps.runs.saveSubject({
    ...unleased(leased),
    statusCommentId,
    statusCommentUrl,
    statusTextDigest,
    drawnAtMs: nowMs,
  });
  return { kind: 'drawn', url: statusCommentUrl };
}

function unleased({ drawLeaseUntilMs: _lease, ...subject }: SubjectRecord): SubjectRecord {
  return subject;
}

async function bodyOf(
  deps: BotDeps,
  runs: readonly JobRun[],
  subject: SubjectRecord,
  nowMs: number,
): Promise<string> {
  const [durations, waits] = await Promise.all([
    pastOf(deps, runs, (jobId) => jobId),
    // Only a run that is still waiting says how long that usually takes.
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

/** Edits the comment that is there, and makes one where there is none. */
async function writeComment(
  gitHub: GitHub,
  run: JobRun,
  { statusCommentId, statusCommentUrl = '' }: SubjectRecord,
  body: string,
  mayBeThere: boolean,
): Promise<CommentRef> {
  const { repository } = run;
  const number = run.subject.kind === 'pull-request' ? run.subject.number : 0;
  const known =
    statusCommentId !== undefined
      ? { id: statusCommentId, url: statusCommentUrl }
      : mayBeThere
        ? await gitHub.findComment(repository, number, STATUS_MARKER)
        : undefined;
  if (known && (await gitHub.updateComment(repository, known.id, body))) return known;
  return gitHub.createComment(repository, number, body);
}
