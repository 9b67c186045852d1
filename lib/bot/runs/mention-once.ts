/** Writes the one comment of a run that mentions people: at its end, naming everybody who asked or joined, once whatever happens. */
import type { GitHub, Person } from '../../github/github.ts';
import { UpstreamError } from '../../http/upstream-error.ts';
import type { ProjectConfig } from '../projects/project-config.ts';
import type { JobRun } from '../record/job-run.ts';
import { deservesMention, mentionComment, mentionMarker } from '../reports/words/mention.ts';
import type { BotDeps } from './bot-deps.ts';
import { closeJoins } from './join-run.ts';
import { saveRun } from './hold-run.ts';
import { mustWaitMs } from './write-budget.ts';

export interface ToMention {
  readonly project: ProjectConfig | undefined;
  readonly run: JobRun;
  readonly statusUrl: string | undefined;
}

export async function mentionOnce(
  deps: BotDeps,
  gitHub: GitHub,
  { project, run, statusUrl }: ToMention,
): Promise<{ readonly run: JobRun; readonly retryAfterMs?: number }> {
  const { subject, published } = run;
  if (subject.kind !== 'pull-request' || published.mentionId !== undefined || published.commentsRefused)
    return { run };
  const joined = await closeJoins(deps.runs, run.runKey);
  const isWanted = deservesMention(run, project?.jobs[run.jobId]?.comment === 'quiet');
  if (!isWanted && joined.length === 0) return { run };
  const nowMs = deps.nowMs();
  const retryAfterMs = await mustWaitMs(gitHub, 'mention', nowMs, run.runKey);
  if (retryAfterMs > 0) return { run, retryAfterMs };
  if (published.mentionAttemptedAtMs !== undefined) {
    const found = await gitHub.findComment(run.repository, subject.number, mentionMarker(run.runKey));
    if (found) return { run: mentioned(run, found.id) };
  }
  const marked = await saveRun(deps.runs, {
    ...run,
    requestedBy: everybody(run.requestedBy, joined),
    published: { ...run.published, mentionAttemptedAtMs: nowMs },
  });
  const text = mentionComment(isWanted ? marked : { ...marked, requestedBy: joined }, statusUrl, nowMs);
  try {
    const created = await gitHub.createComment(run.repository, subject.number, text);
    return { run: mentioned(marked, created.id) };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    deps.log.warn('the mention was not confirmed', { error });
    return error.retryable
      ? { run: marked, retryAfterMs: error.retryAfterMs ?? 5_000 }
      : { run: mentioned(marked, 0) };
  }
}

function mentioned(run: JobRun, mentionId: number): JobRun {
  return { ...run, published: { ...run.published, mentionId } };
}

/** Each person once, in the order in which they asked. */
function everybody(asked: readonly Person[], joined: readonly Person[]): Person[] {
  return [...asked, ...joined.filter(({ id }) => !asked.some((person) => person.id === id))];
}
