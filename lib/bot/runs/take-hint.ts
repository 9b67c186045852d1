/** Takes a message of [runs] and finds the runs that it may be about. What it says is a hint, never a fact. */
import type { BotDeps } from '../bot-deps.ts';
import { unreachable } from '../errors.ts';
import type { RunMessage, WhyLook } from '../messages.ts';
import type { ProjectConfig } from '../projects/project-config.ts';
import { readProjectsOnce } from '../projects/read-once.ts';
import { reconcileRun } from './reconcile.ts';

/** Open runs of one job that one hint may wake. */
const MOST_RUNS_A_HINT_WAKES = 25;

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
      return wake(deps, project, jobs, { hintedAtMs: sentAtMs, ...hint, ...echo });
    }
    case 'perflab': {
      if (message.runKey !== undefined)
        return reconcileRun(deps, message.runKey.replace(/-\d+$/, ''), { hintedAtMs: sentAtMs });
      const project = await deps.projects.getById(message.projectId);
      if (!project)
        return deps.log.info('a lab told of a project that is not there', { projectId: message.projectId });
      const jobs =
        message.jobId !== undefined && Object.hasOwn(project.jobs, message.jobId)
          ? [message.jobId]
          : Object.keys(project.jobs);
      return wake(deps, project, jobs, { hintedAtMs: sentAtMs }, message.pullRequestNumber);
    }
    default:
      return unreachable(message);
  }
}

/** One run is looked at here; more get a message each, so that one slow system does not hold up the others. */
async function wake(
  deps: BotDeps,
  project: ProjectConfig,
  jobIds: readonly string[],
  why: Pick<WhyLook, 'hintedAtMs' | 'horreumRunId' | 'onlyIfUnmatched'>,
  pullRequestNumber?: number,
): Promise<void> {
  const keys = (
    await Promise.all(
      jobIds.map((jobId) => deps.runs.listOpen(project.projectId, jobId, MOST_RUNS_A_HINT_WAKES)),
    )
  ).flat();
  const wanted =
    pullRequestNumber === undefined ? keys : await onlyOfPullRequest(deps, keys, pullRequestNumber);
  const [first, ...others] = wanted;
  await Promise.all(others.map((runKey) => deps.runQueue.send({ version: 1, kind: 'look', runKey, ...why })));
  if (first !== undefined) await reconcileRun(deps, first, why);
}

async function onlyOfPullRequest(deps: BotDeps, keys: readonly string[], number: number): Promise<string[]> {
  const runs = await Promise.all(keys.map((runKey) => deps.runs.get(runKey)));
  return runs.flatMap((run) =>
    run?.subject.kind === 'pull-request' && run.subject.number === number ? [run.runKey] : [],
  );
}
