/** An operator's view of runs: which are open, what one of them is, and having it looked at again. */
import { UserError, NotThere } from '../record/errors.ts';
import type { Queue, RunMessage } from '../record/messages.ts';
import type { ProjectConfig } from '../projects/project-config.ts';
import type { ProjectStore } from '../projects/project-store.ts';
import { hasEnded, type JobRun } from '../record/job-run.ts';
import { keys } from '../record/table-keys.ts';
import type { RunStore } from '../record/run-store.ts';

export interface OperateRunsDeps {
  readonly projects: ProjectStore;
  readonly runs: Pick<RunStore, 'get' | 'listBySubject' | 'listOpen'>;
  readonly runQueue: Queue<RunMessage>;
  readonly nowMs: () => number;
}

export interface RunSummary {
  readonly runKey: string;
  readonly state: string;
  readonly repository: string;
  readonly job: string;
  readonly subject: string;
  readonly headSha: string;
  readonly requestedBy: readonly string[];
  readonly ageSeconds: number;
  readonly platformUrl?: string;
  readonly horreumUrl?: string;
  readonly reason?: string;
}

const MOST_RUNS = 100;

/** Open runs, of one project or all; with a pull request all of its runs, ended ones too. Newest first. */
export async function listRuns(
  deps: OperateRunsDeps,
  wanted: { readonly repoFullName?: string; readonly pullRequest?: number },
): Promise<RunSummary[]> {
  const { repoFullName, pullRequest } = wanted;
  if (repoFullName === undefined) {
    if (pullRequest !== undefined) throw new UserError('A pull request needs its repository: OWNER/REPO.');
    const lists = await Promise.all((await deps.projects.list()).map((project) => openRuns(deps, project)));
    return summaries(deps, lists.flat());
  }
  const project = await deps.projects.getByName(repoFullName);
  if (!project) throw new NotThere(`There is no project ${repoFullName}.`);
  if (pullRequest === undefined) return summaries(deps, await openRuns(deps, project));
  // Learnt from the first delivery: before that nothing can have run.
  if (project.repositoryId === undefined) return [];
  const subjectKey = keys.pullRequest(project.repositoryId, pullRequest);
  return summaries(deps, await deps.runs.listBySubject(subjectKey, MOST_RUNS));
}

export async function showRun({ runs }: OperateRunsDeps, runKey: string): Promise<JobRun> {
  const run = await runs.get(runKey);
  if (!run)
    throw new NotThere(`There is no run ${runKey.slice(0, 60)}. \`perf-bot runs list\` shows the open ones.`);
  return run;
}

/** Has a run looked at now. It starts no job: what ended is run again by people, who are asked for their right to. */
export async function retryRun(deps: OperateRunsDeps, runKey: string): Promise<RunSummary> {
  const run = await showRun(deps, runKey);
  const canMove = !hasEnded(run) || run.state === 'reported' || run.state === 'results-missing';
  if (!canMove && run.published.settled)
    throw new UserError(
      `Run ${runKey} ended as ${run.state}, and GitHub shows that. To measure again, write \`rerun ${runKey.slice(0, 11)}\` on the pull request.`,
    );
  await deps.runQueue.send({ version: 1, kind: 'look', runKey, change: { kind: 'recheck' } });
  return summary(deps, run);
}

async function openRuns(deps: OperateRunsDeps, { projectId, jobs }: ProjectConfig): Promise<JobRun[]> {
  const keys = await Promise.all(
    Object.keys(jobs).map((jobId) => deps.runs.listOpen(projectId, jobId, MOST_RUNS)),
  );
  const runs = await Promise.all(keys.flat().map((runKey) => deps.runs.get(runKey)));
  return runs.filter((run): run is JobRun => run !== undefined && !hasEnded(run));
}

function summaries(deps: OperateRunsDeps, runs: readonly JobRun[]): RunSummary[] {
  return [...runs].sort((one, other) => other.createdAtMs - one.createdAtMs).map((run) => summary(deps, run));
}

function summary({ nowMs }: OperateRunsDeps, run: JobRun): RunSummary {
  const { subject, platformRun, horreum, failure } = run;
  return {
    runKey: run.runKey,
    state: run.state,
    repository: run.repository.fullName,
    job: run.jobId,
    subject: subject.kind === 'pull-request' ? `#${subject.number}` : subject.branch,
    headSha: run.headSha,
    requestedBy: run.requestedBy.map(({ login }) => login),
    ageSeconds: Math.round((nowMs() - run.createdAtMs) / 1000),
    ...(platformRun.ref?.url === undefined ? {} : { platformUrl: platformRun.ref.url }),
    ...(horreum?.url === undefined ? {} : { horreumUrl: horreum.url }),
    ...(failure === undefined ? {} : { reason: failure.reason }),
  };
}
