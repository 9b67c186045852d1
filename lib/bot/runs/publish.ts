/** Brings GitHub in line with a run's record: the status comment, the check run, and at the end the one mention. */
import type { GitHub } from '../../github/github.ts';
import { onUpstreamError } from '../../http/upstream-error.ts';
import type { ProjectConfig } from '../projects/project-config.ts';
import { hasEnded, type JobRun, type Published } from '../record/job-run.ts';
import { shortHash } from '../record/run-key.ts';
import { checkOfRun, conclusionOf } from '../reports/words/check-of-run.ts';
import type { BotDeps } from './bot-deps.ts';
import { drawStatus, STATUS_PROGRESS_EVERY_MS } from './draw-status.ts';
import { mentionOnce } from './mention-once.ts';
import { saveRun } from './hold-run.ts';
import { mayShowProgress, mustWaitMs } from './write-budget.ts';

/** The comment is where people look; the check run follows at its leisure. */
const CHECK_PROGRESS_EVERY_MS = 5 * 60_000;
/** Somebody else is drawing the status comment right now. */
const BUSY_MS = 2_000;

export interface ToPublish {
  readonly project: ProjectConfig | undefined;
  readonly run: JobRun;
  /** The record as it is stored. */
  readonly stored: JobRun;
  /** Nothing can be on GitHub yet, so nothing is looked for before it is created. */
  readonly isFresh?: boolean;
}

export interface PublishedRun {
  readonly run: JobRun;
  /** How long GitHub, or another worker, asked us to wait before the next try. */
  readonly retryAfterMs?: number;
}

export async function publishRun(
  deps: BotDeps,
  { project, run: looked, stored, isFresh = false }: ToPublish,
): Promise<PublishedRun> {
  const gitHub = deps.gitHubOf(looked.installationId);
  const news = newsOf(looked, project);
  // Written down before it is shown: whoever draws the comment next, for another run of the pull request, reads it there.
  const run = news === newsOf(stored, project) ? looked : await saveRun(deps.runs, looked);
  const nowMs = deps.nowMs();
  const drawsStatus = wantsDrawing(run, news, nowMs);
  if (drawsStatus) {
    const retryAfterMs = await mustWaitMs(gitHub, hasEnded(run) ? 'verdict' : 'status', nowMs, run.runKey);
    if (retryAfterMs > 0) return { run, retryAfterMs };
  }
  const waits: number[] = [];
  const attempt = async <Result>(what: string, act: () => Promise<Result>): Promise<Result | undefined> => {
    return act().catch(
      onUpstreamError((error) => {
        deps.log.warn(`${what} could not be published`, { error });
        if (error.retryable) waits.push(error.retryAfterMs ?? 5_000);
        return undefined;
      }),
    );
  };
  const isNews = run.published.statusNews !== news;
  const [status, check] = await Promise.all([
    drawsStatus
      ? attempt('the status comment', () => drawStatus(deps, gitHub, run, { isNews, isFresh }))
      : { kind: 'left' as const },
    attempt('the check run', () => publishCheck(deps, gitHub, { project, run, news, isFresh })),
  ]);
  if (status?.kind === 'busy') waits.push(BUSY_MS);
  const drawn = status?.kind === 'drawn' ? { statusNews: news, statusShownAtMs: nowMs } : {};
  const refused = status?.kind === 'refused' ? { commentsRefused: true } : {};
  let shown: JobRun = { ...run, published: { ...run.published, ...check, ...drawn, ...refused } };
  if (hasEnded(shown) && status && status.kind !== 'busy') {
    const statusUrl = status.kind === 'drawn' ? status.url : undefined;
    const mentioned = await attempt('the mention', () =>
      mentionOnce(deps, gitHub, { project, run: shown, statusUrl }),
    );
    if (mentioned?.retryAfterMs !== undefined) waits.push(mentioned.retryAfterMs);
    shown = mentioned?.run ?? shown;
  }
  if (waits.length > 0) return { run: shown, retryAfterMs: Math.max(...waits) };
  return { run: hasEnded(shown) ? { ...shown, published: { ...shown.published, settled: true } } : shown };
}

/** A digest of everything that is shown at once: not the minutes that have passed, nor a place further up in the queue. */
function newsOf(run: JobRun, project: ProjectConfig | undefined): string {
  const { horreum, platformRun } = run;
  const news = [
    run.runKey,
    run.state,
    conclusionOf(run, project),
    run.report ?? null,
    run.failure ?? null,
    horreum?.runId ?? null,
    horreum?.waitingFor ?? null,
    horreum?.refused ?? null,
    platformRun.ref ?? null,
    platformRun.endedAtMs ?? null,
    run.requestedBy.length,
  ];
  return shortHash([JSON.stringify(news)], 20);
}

/** Without news, soon after the last drawing, not even the pull request and its runs are read. */
function wantsDrawing(run: JobRun, news: string, nowMs: number): boolean {
  const { statusNews, statusShownAtMs = 0, commentsRefused } = run.published;
  if (run.subject.kind !== 'pull-request' || commentsRefused) return false;
  return hasEnded(run) || statusNews !== news || nowMs - statusShownAtMs >= STATUS_PROGRESS_EVERY_MS;
}

interface CheckToPublish {
  readonly project: ProjectConfig | undefined;
  readonly run: JobRun;
  readonly news: string;
  readonly isFresh: boolean;
}

async function publishCheck(
  deps: BotDeps,
  gitHub: GitHub,
  { project, run, news, isFresh }: CheckToPublish,
): Promise<Partial<Published>> {
  const nowMs = deps.nowMs();
  const { checkRunId, checkDigest, checkShownAtMs = 0, checkCompleted } = run.published;
  // While a run is open its check follows the state alone.
  const said = hasEnded(run) ? news : run.state;
  if (checkRunId !== undefined) {
    const isNews = checkDigest !== said;
    const isRecent = hasEnded(run) || nowMs - checkShownAtMs < CHECK_PROGRESS_EVERY_MS;
    if ((!isNews && isRecent) || (checkCompleted && !hasEnded(run))) return {};
    if (!isNews && !(await mayShowProgress(deps.runs, run.installationId, nowMs))) return {};
  }
  const check = checkOfRun(run, project, { prompt: deps.settings.prompt, nowMs, durationsMs: [] });
  const now = { checkDigest: said, checkShownAtMs: nowMs, checkCompleted: hasEnded(run) };
  const knownId =
    checkRunId ??
    (isFresh
      ? undefined
      : (await gitHub.findCheckRun(run.repository, run.headSha, check.name, run.runKey))?.id);
  if (knownId !== undefined) {
    await gitHub.updateCheckRun(run.repository, knownId, check);
    return { checkRunId: knownId, ...now };
  }
  const { id, url } = await gitHub.createCheckRun(run.repository, check);
  return { checkRunId: id, ...(url === undefined ? {} : { checkRunUrl: url }), ...now };
}
