/** Takes a message of [runs] and finds the runs that it may be about. What it says is a hint, never a fact. */
import { UpstreamError } from '../../http/upstream-error.ts';
import type { BotDeps } from './bot-deps.ts';
import { unreachable } from '../record/errors.ts';
import type { RunMessage, WhyLook } from '../record/messages.ts';
import { runKeyOfAttempt } from '../../run-name.ts';
import { openRunKeys } from './open-runs.ts';
import type { JobDef, ProjectConfig } from '../projects/project-config.ts';
import { readProjectsOnce } from '../projects/project-store.ts';
import { hasEnded } from '../record/job-run.ts';
import { keys } from '../record/table-keys.ts';
import { reconcileRun } from './reconcile.ts';
import { labelTexts, RUN_KEY_LABEL } from './match-upload.ts';

/** Open runs of one job that one hint may wake. */
const MOST_RUNS_A_HINT_WAKES = 25;
/** 2, 4, 8 and 16 s: an upload's labels name its run, and come a moment after it. */
const MOST_WAITS_FOR_LABELS = 4;

export async function takeRunMessage(given: BotDeps, message: RunMessage, sentAtMs: number): Promise<void> {
  const deps = { ...given, projects: readProjectsOnce(given.projects) };
  switch (message.kind) {
    case 'look': {
      const { version: _version, kind: _kind, runKey, ...why } = message;
      return reconcileRun(deps, runKey, why);
    }
    case 'horreum':
      return takeHorreumHint(deps, message, sentAtMs);
    case 'perflab':
      return takeLabHint(deps, message, sentAtMs);
    default:
      return unreachable(message);
  }
}

type Hint<Kind> = RunMessage & { readonly kind: Kind };

/** Horreum posted something about a test: wakes the open runs of the jobs that upload to it, or the one that the upload names. */
async function takeHorreumHint(deps: BotDeps, message: Hint<'horreum'>, sentAtMs: number): Promise<void> {
  const { projectId, testId, event, horreumRunId } = message;
  const project = await deps.projects.getById(projectId);
  if (!project) return deps.log.info('Horreum told of a project that is not there', { projectId });
  const jobs = jobsOf(project, (_, job) => job.datastoreConfig?.testId === testId);
  const why = {
    hintedAtMs: sentAtMs,
    ...(horreumRunId === undefined ? {} : { horreumRunId }),
    ...(event === 'experiment_result/new' ? { onlyIfUnmatched: true } : {}),
  };
  const open = await openRunKeys(deps.runs, { projectId, jobs }, MOST_RUNS_A_HINT_WAKES);
  if (horreumRunId === undefined || open.length < 2) return wake(deps, open, why);
  const owner = await runOfUpload(deps, project, horreumRunId);
  if (owner.kind === 'named') {
    const named = await deps.runs.get(owner.runKey);
    return named?.projectId === projectId ? reconcileRun(deps, owner.runKey, why) : undefined;
  }
  const times = message.postponed ?? 0;
  if (owner.kind === 'unnamed' || times >= MOST_WAITS_FOR_LABELS) return wake(deps, open, why);
  return deps.runQueue.send({ ...message, postponed: times + 1 }, 2 ** (times + 1));
}

/** A job ended: wakes the run that the lab names, else the open runs of the job or the project, on the pull request if it names one. */
async function takeLabHint(deps: BotDeps, message: Hint<'perflab'>, sentAtMs: number): Promise<void> {
  const { projectId, jobId, pullRequestNumber } = message;
  const why = { hintedAtMs: sentAtMs };
  if (message.runKey !== undefined) {
    const runKey = runKeyOfAttempt(message.runKey) ?? message.runKey;
    return reconcileRun(deps, runKey, { ...why, ofProject: projectId });
  }
  const project = await deps.projects.getById(projectId);
  if (!project) return deps.log.info('a lab told of a project that is not there', { projectId });
  const isKnown = jobId !== undefined && Object.hasOwn(project.jobs, jobId);
  const jobs = jobsOf(project, (id) => !isKnown || id === jobId);
  if (pullRequestNumber === undefined || project.repositoryId === undefined)
    return wake(deps, await openRunKeys(deps.runs, { projectId, jobs }, MOST_RUNS_A_HINT_WAKES), why);
  const subjectKey = keys.pullRequest(project.repositoryId, pullRequestNumber);
  const runs = await deps.runs.listBySubject(subjectKey, MOST_RUNS_A_HINT_WAKES);
  const open = runs.filter((run) => Object.hasOwn(jobs, run.jobId) && !hasEnded(run));
  return wake(
    deps,
    open.map(({ runKey }) => runKey),
    why,
  );
}

function jobsOf(
  { jobs }: ProjectConfig,
  isMeant: (jobId: string, job: JobDef) => boolean,
): ProjectConfig['jobs'] {
  return Object.fromEntries(Object.entries(jobs).filter(([jobId, job]) => isMeant(jobId, job)));
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

type RunOfUpload =
  | { readonly kind: 'named'; readonly runKey: string }
  /** Its labels are not computed yet, or Horreum does not answer. */
  | { readonly kind: 'not-yet' }
  /** It names no run: it can be anybody's. */
  | { readonly kind: 'unnamed' };

/** Asks Horreum whose an upload is: of many open runs only that one need be looked at. */
async function runOfUpload(
  deps: BotDeps,
  project: ProjectConfig,
  horreumRunId: number,
): Promise<RunOfUpload> {
  try {
    const labels = await (await deps.datastoreOf(project, { private: false })).getLabelValues(horreumRunId);
    if (!labels?.some(({ values }) => Object.keys(values).length > 0)) return { kind: 'not-yet' };
    const [attemptKey] = labelTexts({ labels }, RUN_KEY_LABEL);
    if (attemptKey === undefined) return { kind: 'unnamed' };
    return { kind: 'named', runKey: runKeyOfAttempt(attemptKey) ?? attemptKey };
  } catch (error) {
    if (error instanceof UpstreamError) return { kind: 'not-yet' };
    throw error;
  }
}
