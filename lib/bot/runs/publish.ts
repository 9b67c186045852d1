/** Brings GitHub in line with a run's record: check run, status comment, and at the end the one mention. */
import type { GitHub, Person } from '../../github/github.ts';
import { UpstreamError } from '../../http/upstream-error.ts';
import type { BotDeps } from './bot-deps.ts';
import { checkOfRun } from '../reports/words/check-of-run.ts';
import { deservesMention, mentionComment, mentionMarker } from '../reports/words/mention.ts';
import { drawStatus, newsOf, PROGRESS_EVERY_MS } from './draw-status.ts';
import { hasEnded, type JobRun, type Published } from '../record/job-run.ts';
import { closeJoins } from './joined-people.ts';
import { mustWaitMs } from './order-of-writes.ts';
import { shortHash } from '../record/run-key.ts';
import { saveRun } from './save-run.ts';
import { mayShowProgress } from './write-budget.ts';

/** The comment is where people look; the check run follows at its leisure. */
const CHECK_PROGRESS_EVERY_MS = 5 * 60_000;
/** Somebody else is drawing the status comment right now. */
const BUSY_MS = 2_000;

export interface PublishedRun {
  readonly run: JobRun;
  /** GitHub, or another worker, asked us to wait so long before the next try. */
  readonly retryAfterMs?: number;
}

/** `isFresh`: nothing can be on GitHub yet, so nothing is looked for before it is created. */
export async function publishRun(deps: BotDeps, run: JobRun, isFresh = false): Promise<PublishedRun> {
  const gitHub = deps.gitHubOf(run.installationId);
  const waits: number[] = [];
  const attempt = async <Result>(what: string, act: () => Promise<Result>): Promise<Result | undefined> => {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      deps.log.warn(`${what} could not be published`, { error });
      waits.push(error.retryable ? (error.retryAfterMs ?? 5_000) : Number.POSITIVE_INFINITY);
      return undefined;
    }
  };
  const nowMs = deps.nowMs();
  const news = newsOf(run);
  const drawsStatus = run.subject.kind === 'pull-request' && !isShown(run, news, nowMs);
  if (drawsStatus) {
    const retryAfterMs = await mustWaitMs(gitHub, hasEnded(run) ? 'verdict' : 'status', nowMs, run.runKey);
    if (retryAfterMs > 0) return { run, retryAfterMs };
  }
  const [status, check] = await Promise.all([
    drawsStatus
      ? attempt('the status comment', () => drawStatus(deps, gitHub, run, isFresh))
      : { kind: 'none' as const },
    attempt('the check run', () => publishCheck(deps, gitHub, run, isFresh)),
  ]);
  if (status?.kind === 'busy') waits.push(BUSY_MS);
  const drawn = status?.kind === 'drawn' ? { statusNews: news, statusShownAtMs: nowMs } : {};
  let shown: JobRun = { ...run, published: { ...run.published, ...check, ...drawn } };
  if (status && hasEnded(shown) && status.kind !== 'busy') {
    const statusUrl = status.kind === 'drawn' ? status.url : undefined;
    const mentioned = await attempt('the mention', () => mentionOnce(deps, gitHub, shown, statusUrl));
    if (mentioned?.retryAfterMs !== undefined) waits.push(mentioned.retryAfterMs);
    shown = mentioned?.run ?? shown;
  }
  const retries = waits.filter(Number.isFinite);
  const settled = hasEnded(shown) && retries.length === 0;
  return {
    run: settled ? { ...shown, published: { ...shown.published, settled } } : shown,
    ...(retries.length > 0 ? { retryAfterMs: Math.max(...retries) } : {}),
  };
}

/** A look that brought no news, soon after the comment was seen to: neither the pull request nor its runs are read for it. */
function isShown(run: JobRun, news: string, nowMs: number): boolean {
  const { statusNews, statusShownAtMs = 0 } = run.published;
  return !hasEnded(run) && statusNews === news && nowMs - statusShownAtMs < PROGRESS_EVERY_MS;
}

async function publishCheck(
  deps: BotDeps,
  gitHub: GitHub,
  run: JobRun,
  isFresh: boolean,
): Promise<Partial<Published>> {
  const project = await deps.projects.getById(run.projectId);
  const nowMs = deps.nowMs();
  const check = checkOfRun(run, project, { prompt: deps.settings.prompt, nowMs, durationsMs: [] });
  const digest = shortHash(
    [
      check.status,
      check.conclusion ?? '',
      run.state,
      run.headSha,
      JSON.stringify(run.report ?? null),
      JSON.stringify(run.failure ?? null),
    ],
    20,
  );
  const { checkRunId, checkDigest, checkShownAtMs = 0 } = run.published;
  const isNews = checkDigest !== digest;
  const isRecent = hasEnded(run) || nowMs - checkShownAtMs < CHECK_PROGRESS_EVERY_MS;
  if (checkRunId !== undefined) {
    if ((!isNews && isRecent) || (run.published.checkCompleted && !hasEnded(run))) return {};
    if (!isNews && !(await mayShowProgress(deps.runs, run.installationId, nowMs))) return {};
  }
  const known =
    checkRunId ??
    (isFresh
      ? undefined
      : (await gitHub.findCheckRun(run.repository, run.headSha, check.name, run.runKey))?.id);
  if (known !== undefined) {
    await gitHub.updateCheckRun(run.repository, known, check);
    return { checkRunId: known, checkDigest: digest, checkShownAtMs: nowMs, checkCompleted: hasEnded(run) };
  }
  const created = await gitHub.createCheckRun(run.repository, check);
  return {
    checkRunId: created.id,
    ...(created.url === undefined ? {} : { checkRunUrl: created.url }),
    checkDigest: digest,
    checkShownAtMs: nowMs,
    checkCompleted: hasEnded(run),
  };
}

/** Each person once, in the order in which they asked. */
function everybody(asked: readonly Person[], joined: readonly Person[]): Person[] {
  return [...asked, ...joined.filter(({ id }) => !asked.some((person) => person.id === id))];
}

async function mentionOnce(
  deps: BotDeps,
  gitHub: GitHub,
  run: JobRun,
  statusUrl: string | undefined,
): Promise<PublishedRun> {
  if (run.subject.kind !== 'pull-request' || run.published.mentionId !== undefined) return { run };
  const [project, joined] = await Promise.all([
    deps.projects.getById(run.projectId),
    closeJoins(deps.runs, run.runKey),
  ]);
  const isWanted = deservesMention(run, project?.jobs[run.jobId]?.comment === 'quiet');
  if (!isWanted && joined.length === 0) return { run };
  const nowMs = deps.nowMs();
  const retryAfterMs = await mustWaitMs(gitHub, 'mention', nowMs, run.runKey);
  if (retryAfterMs > 0) return { run, retryAfterMs };
  const { number } = run.subject;
  const done = (id: number, of: JobRun): JobRun => ({ ...of, published: { ...of.published, mentionId: id } });
  if (run.published.mentionAttemptedAtMs !== undefined) {
    const found = await gitHub.findComment(run.repository, number, mentionMarker(run.runKey));
    if (found) return { run: done(found.id, run) };
  }
  const marked = await saveRun(deps.runs, {
    ...run,
    requestedBy: everybody(run.requestedBy, joined),
    published: { ...run.published, mentionAttemptedAtMs: nowMs },
  });
  try {
    const created = await gitHub.createComment(
      run.repository,
      number,
      mentionComment(isWanted ? marked : { ...marked, requestedBy: joined }, statusUrl, nowMs),
    );
    return { run: done(created.id, marked) };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    deps.log.warn('the mention was not confirmed', { error });
    return error.retryable
      ? { run: marked, retryAfterMs: error.retryAfterMs ?? 5_000 }
      : { run: done(0, marked) };
  }
}
