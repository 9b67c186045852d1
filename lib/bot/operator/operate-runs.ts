/** An operator's use cases for runs: list them, show one, have it looked at again, and stop those of a project that is removed. */
import { UserError, NotThere } from '../record/errors.ts';
import type { Queue, RunMessage } from '../record/messages.ts';
import type { ProjectConfig } from '../projects/project-config.ts';
import type { BotDeps } from '../runs/bot-deps.ts';
import { cancelOpenRuns, openRuns } from '../runs/open-runs.ts';
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
    if (pullRequest !== undefined)
      throw new UserError('To list the runs of a pull request, name its repository: OWNER/REPO.');
    const projects = await deps.projects.list();
    const lists = await Promise.all(projects.map((project) => openRuns(deps.runs, project, MOST_RUNS)));
    return summaries(deps, lists.flat());
  }
  const project = await deps.projects.getByName(repoFullName);
  if (!project) throw new NotThere(`There is no project ${repoFullName}.`);
  if (pullRequest === undefined) return summaries(deps, await openRuns(deps.runs, project, MOST_RUNS));
  // Learnt from the first delivery; before that nothing can have run.
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

/** Has a run looked at now. It starts no job: an ended run is repeated on the pull request, where the person's right is checked. */
export async function retryRun(deps: OperateRunsDeps, runKey: string): Promise<RunSummary> {
  const run = await showRun(deps, runKey);
  const canMove = !hasEnded(run) || run.state === 'reported' || run.state === 'results-missing';
  if (!canMove && run.published.settled)
    throw new UserError(
      `Run ${runKey} has ended as ${run.state}, and GitHub shows that. To measure again, write \`rerun ${runKey.slice(0, 11)}\` on the pull request.`,
    );
  await deps.runQueue.send({ version: 1, kind: 'look', runKey, change: { kind: 'recheck' } });
  return summary(deps, run);
}

/** A worker may be holding a run, and a lab takes a moment to stop. A lab that can't be reached does not keep a project. */
const ATTEMPTS = 12;
const PAUSE_MS = 500;

/**
 * Stops what is open before a project is removed, while the lab can still be reached with its configuration. Throws UserError while a
 * worker holds a run; one that has died holds it for less than a minute.
 */
export async function stopRunsOf(
  deps: BotDeps,
  project: ProjectConfig,
  pause: (ms: number) => Promise<void>,
): Promise<void> {
  let open: readonly JobRun[] = [];
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    await cancelOpenRuns(deps, project);
    open = await openRuns(deps.runs, project, MOST_RUNS);
    if (open.length === 0) return;
    await pause(PAUSE_MS);
  }
  if (open.some(({ leaseUntilMs = 0 }) => leaseUntilMs > deps.nowMs()))
    throw new UserError(
      'The project was not removed: a worker is holding one of its runs. Try again in a minute.',
    );
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
