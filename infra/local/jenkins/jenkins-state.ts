/** Keeps the queue, the executors and the builds of a stand-in for Jenkins, and moves them as Jenkins does. */
import { startLabRun, type LabRunHandle } from '../stand-in/lab-run.ts';
import { stoppable, type StandInClock } from '../stand-in/clock.ts';
import { jobPath, type BuildParameter, type JenkinsJob } from './jenkins-jobs.ts';

export interface QueueItem {
  readonly id: number;
  readonly job: JenkinsJob;
  readonly parameters: readonly BuildParameter[];
  readonly inQueueSinceMs: number;
  /** Until then it is in the quiet period. */
  readonly quietUntilMs: number;
  cancelled: boolean;
  leftAtMs: number | undefined;
  /** Set a moment after it left. */
  build: Build | undefined;
}

export interface Build {
  readonly number: number;
  readonly job: JenkinsJob;
  readonly queueId: number;
  readonly run: LabRunHandle;
  readonly parameters: readonly BuildParameter[];
  /** Jenkins attaches the parameters just after it has made the build. */
  parametersShown: boolean;
}

export interface JenkinsStateOptions {
  readonly clock: StandInClock;
  /** The root URL that Jenkins believes to have; the links in its answers start with it. */
  readonly rootUrl: () => string;
  readonly executors: number;
  /** How long a left item shows no `executable`, and a new build no parameters. */
  readonly lagMs: number;
}

const LEFT_ITEMS_STAY_MS = 5 * 60_000;

export type JenkinsState = ReturnType<typeof createJenkinsState>;

export function createJenkinsState({ clock: outer, rootUrl, executors, lagMs }: JenkinsStateOptions) {
  const clock = stoppable(outer);
  let items: QueueItem[] = [];
  const builds = new Map<string, Build[]>();
  const nextNumbers = new Map<string, number>();
  let nextQueueId = 3901;
  let taken = 0;

  const buildsOf = (job: JenkinsJob) => builds.get(job.name) ?? [];
  const isBusy = (job: JenkinsJob) =>
    !job.concurrent &&
    (buildsOf(job).some(({ run }) => !run.end) ||
      items.some((item) => item.job === job && item.leftAtMs !== undefined && !item.build));

  function submit(
    job: JenkinsJob,
    parameters: readonly BuildParameter[],
    quietMs: number,
  ): { item: QueueItem; isNew: boolean } {
    const same = JSON.stringify(parameters);
    const waiting = items.find(
      (item) => isWaiting(item) && item.job === job && JSON.stringify(item.parameters) === same,
    );
    if (waiting) return { item: waiting, isNew: false };
    const nowMs = clock.nowMs();
    const item: QueueItem = {
      id: nextQueueId++,
      job,
      parameters,
      inQueueSinceMs: nowMs,
      quietUntilMs: nowMs + quietMs,
      cancelled: false,
      leftAtMs: undefined,
      build: undefined,
    };
    items.push(item);
    clock.after(quietMs, dispatch);
    return { item, isNew: true };
  }

  /** Lets every item leave that may: out of its quiet period, an executor free, its job not already running. */
  function dispatch(): void {
    for (const item of items.filter(isWaiting)) {
      if (taken >= executors) return;
      if (item.quietUntilMs > clock.nowMs() || isBusy(item.job)) continue;
      taken += 1;
      item.leftAtMs = clock.nowMs();
      clock.after(lagMs, () => begin(item));
    }
  }

  function begin(item: QueueItem): void {
    const { job } = item;
    const number = nextNumbers.get(job.name) ?? 1;
    nextNumbers.set(job.name, number + 1);
    const run = startLabRun({
      clock,
      id: String(number),
      url: `${rootUrl()}/${jobPath(job.name)}/${number}/`,
      parameters: Object.fromEntries(item.parameters.map(({ name, value }) => [name, String(value)])),
      body:
        job.run ??
        ((run) => run.wait(Math.max(0, job.estimatedDurationMs ?? 0)).then(() => 'succeeded' as const)),
      ignoresStop: job.ignoresStop,
      onEnd: () => {
        taken -= 1;
        clock.after(0, dispatch);
      },
    });
    const build: Build = {
      number,
      job,
      queueId: item.id,
      run,
      parameters: item.parameters,
      parametersShown: false,
    };
    builds.set(job.name, [build, ...buildsOf(job)]);
    item.build = build;
    clock.after(lagMs, () => void (build.parametersShown = true));
  }

  return {
    submit,
    buildsOf,
    build: (job: JenkinsJob, number: number) => buildsOf(job).find((build) => build.number === number),
    /** Newest first; what has left is not in it. */
    waiting: () => items.filter(isWaiting).reverse(),
    /** A waiting item, or one that left less than five minutes ago. */
    item: (id: number) =>
      items.find(
        (item) =>
          item.id === id &&
          (item.leftAtMs === undefined || clock.nowMs() - item.leftAtMs < LEFT_ITEMS_STAY_MS),
      ),
    cancel(item: QueueItem): boolean {
      if (!isWaiting(item)) return false;
      item.cancelled = true;
      item.leftAtMs = clock.nowMs();
      return true;
    },
    /** Why an item still waits, in Jenkins' words; null once it left. */
    why(item: QueueItem): string | null {
      if (!isWaiting(item)) return null;
      const quietMs = item.quietUntilMs - clock.nowMs();
      if (quietMs > 0) return `In the quiet period. Expires in ${(quietMs / 1000).toFixed(1)} sec`;
      const running = buildsOf(item.job).find(({ run }) => !run.end);
      if (running && !item.job.concurrent)
        return `Build #${running.number} is already in progress (ETA: N/A)`;
      return 'Waiting for next available executor';
    },
    isBlocked: (item: QueueItem) => isWaiting(item) && isBusy(item.job),
    /** Log rotation. */
    deleteBuild(job: JenkinsJob, number: number): void {
      builds.set(
        job.name,
        buildsOf(job).filter((build) => build.number !== number),
      );
    },
    /** What a restart forgets: the items that left, and, if the queue was not saved, those that wait. */
    restart(keepWaiting: boolean): void {
      items = keepWaiting ? items.filter(isWaiting) : [];
    },
    stopAll(): void {
      clock.stop();
      items.filter(isWaiting).forEach((item) => void (item.cancelled = true));
      [...builds.values()].flat().forEach(({ run }) => run.kill());
    },
  };
}

function isWaiting(item: QueueItem): boolean {
  return item.leftAtMs === undefined && !item.cancelled;
}
