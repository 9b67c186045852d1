/** Takes a message of [runs] and finds the runs that it may be about. What it says is a hint, never a fact. */
import { UpstreamError } from '../../http/upstream-error.ts';
import type { BotDeps } from './bot-deps.ts';
import { unreachable } from '../record/errors.ts';
import type { RunMessage, WhyLook } from '../record/messages.ts';
import type { ProjectConfig } from '../projects/project-config.ts';
import { readProjectsOnce } from '../projects/project-store.ts';
import { hasEnded } from '../record/job-run.ts';
import { keys } from '../record/table-keys.ts';
import { reconcileRun } from './reconcile.ts';
import { labelTexts, RUN_KEY_LABEL } from './match-upload.ts';

/** Open runs of one job that one hint may wake. */
const MOST_RUNS_A_HINT_WAKES = 25;
/** 2, 4, 8 and 16 s: an upload's labels tell whose it is, and come a moment after it. */
const MOST_WAITS_FOR_LABELS = 4;

export async function takeRunMessage(given: BotDeps, message: RunMessage, sentAtMs: number): Promise<void> {
  const deps = { ...given, projects: readProjectsOnce(given.projects) };
  switch (message.kind) {
    case 'look': {
      const { version: _version, kind: _kind, runKey, ...why } = message;
      return reconcileRun(deps, runKey, why);
    }
    case 'horreum': {
      const project = await deps.projects.getById(message.projectId);
      if (!project)
        return deps.log.info('Horreum told of a project that is not there', { projectId: message.projectId });
      const jobs = Object.entries(project.jobs)
        .filter(([, job]) => job.datastoreConfig?.testId === message.testId)
        .map(([jobId]) => jobId);
      const hint = message.horreumRunId === undefined ? {} : { horreumRunId: message.horreumRunId };
      const echo = message.event === 'experiment_result/new' ? { onlyIfUnmatched: true } : {};
      const why = { hintedAtMs: sentAtMs, ...hint, ...echo };
      const open = await openRuns(deps, project, jobs);
      if (message.horreumRunId === undefined || open.length < 2) return wake(deps, open, why);
      const owner = await runOfUpload(deps, project, message.horreumRunId);
      if (owner.kind === 'named') {
        const named = await deps.runs.get(owner.runKey);
        return named?.projectId === project.projectId ? reconcileRun(deps, owner.runKey, why) : undefined;
      }
      const times = message.postponed ?? 0;
      if (owner.kind === 'unnamed' || times >= MOST_WAITS_FOR_LABELS) return wake(deps, open, why);
      return deps.runQueue.send({ ...message, postponed: times + 1 }, 2 ** (times + 1));
    }
    case 'perflab': {
      if (message.runKey !== undefined)
        return reconcileRun(deps, message.runKey.replace(/-\d+$/, ''), {
          hintedAtMs: sentAtMs,
          ofProject: message.projectId,
        });
      const project = await deps.projects.getById(message.projectId);
      if (!project)
        return deps.log.info('a lab told of a project that is not there', { projectId: message.projectId });
      const jobs =
        message.jobId !== undefined && Object.hasOwn(project.jobs, message.jobId)
          ? [message.jobId]
          : Object.keys(project.jobs);
      const open =
        message.pullRequestNumber === undefined || project.repositoryId === undefined
          ? await openRuns(deps, project, jobs)
          : await openRunsOfPullRequest(deps, project.repositoryId, message.pullRequestNumber, jobs);
      return wake(deps, open, { hintedAtMs: sentAtMs });
    }
    default:
      return unreachable(message);
  }
}

/** One run is looked at here; more get a message each, so that one slow system does not hold up the others. */
async function wake(
  deps: BotDeps,
  [first, ...others]: readonly string[],
  why: Pick<WhyLook, 'hintedAtMs' | 'horreumRunId' | 'onlyIfUnmatched'>,
): Promise<void> {
  await Promise.all(others.map((runKey) => deps.runQueue.send({ version: 1, kind: 'look', runKey, ...why })));
  if (first !== undefined) await reconcileRun(deps, first, why);
}

async function openRuns(
  deps: BotDeps,
  { projectId }: ProjectConfig,
  jobIds: readonly string[],
): Promise<readonly string[]> {
  const keys = await Promise.all(
    jobIds.map((jobId) => deps.runs.listOpen(projectId, jobId, MOST_RUNS_A_HINT_WAKES)),
  );
  return keys.flat();
}

async function openRunsOfPullRequest(
  deps: BotDeps,
  repositoryId: number,
  number: number,
  jobIds: readonly string[],
): Promise<readonly string[]> {
  const runs = await deps.runs.listBySubject(keys.pullRequest(repositoryId, number), MOST_RUNS_A_HINT_WAKES);
  return runs.flatMap((run) => (jobIds.includes(run.jobId) && !hasEnded(run) ? [run.runKey] : []));
}

type RunOfUpload =
  | { readonly kind: 'named'; readonly runKey: string }
  /** Its labels are not computed, or Horreum does not answer. */
  | { readonly kind: 'not-yet' }
  /** It bears no run's name: anybody's. */
  | { readonly kind: 'unnamed' };

/** Whose an upload is, read from Horreum itself: of many open runs only that one need be looked at. */
async function runOfUpload(
  deps: BotDeps,
  project: ProjectConfig,
  horreumRunId: number,
): Promise<RunOfUpload> {
  try {
    const labels = await (await deps.datastoreOf(project)).getLabelValues(horreumRunId);
    if (!labels?.some(({ values }) => Object.keys(values).length > 0)) return { kind: 'not-yet' };
    const [attemptKey] = labelTexts({ labels }, RUN_KEY_LABEL);
    if (attemptKey === undefined) return { kind: 'unnamed' };
    return { kind: 'named', runKey: attemptKey.replace(/-\d+$/, '') };
  } catch (error) {
    if (error instanceof UpstreamError) return { kind: 'not-yet' };
    throw error;
  }
}
