/** Queues work between Horreum's uploads and its workers, with their usual delays; the queue can die while all else looks healthy. */

export interface WorkQueue {
  add(task: () => Promise<void>): void;
  /** While it does not run, tasks wait. */
  setRunning(running: boolean): void;
}

export function createWorkQueue(): WorkQueue {
  let isRunning = true;
  const held: (() => Promise<void>)[] = [];
  const start = (task: () => Promise<void>) => {
    task().catch((error: unknown) => console.error('Horreum stand-in:', error));
  };
  return {
    add(task) {
      if (isRunning) start(task);
      else held.push(task);
    },
    setRunning(running) {
      isRunning = running;
      if (running) for (const task of held.splice(0)) start(task);
    },
  };
}

/** Gaps between the steps, in ms. The defaults are those of a quiet, warm Horreum. */
export interface PipelineDelays {
  /** From the run/new hook to the commit of the run and the answer to the uploader. */
  readonly commitMs: number;
  readonly labelsMs: number;
  readonly datapointsMs: number;
  /** From the experiment and change hooks to the commit of what they speak of. */
  readonly resultsCommitMs: number;
  readonly labelsEventMs: number;
  /** Between two runs while a whole test is computed anew. */
  readonly recalculateMs: number;
  /** Between two attempts at a dataset whose evaluation fails. */
  readonly redeliverMs: number;
  /** Of one evaluation, for each dataset of the test: Horreum 0.19.3 makes a JavaScript engine for every one of them. */
  readonly evaluationMs: number;
}

export const USUAL_DELAYS: PipelineDelays = {
  commitMs: 50,
  labelsMs: 40,
  datapointsMs: 80,
  resultsCommitMs: 10,
  labelsEventMs: 20,
  recalculateMs: 160,
  redeliverMs: 500,
  evaluationMs: 4,
};

/** What goes wrong with the next upload. */
export interface UploadTrouble {
  /** The upload fails after its hook was sent: 500, and the run never exists. */
  readonly ghost?: boolean;
  /** Labels are never computed for it. */
  readonly labelsNever?: boolean;
  readonly delays?: Partial<PipelineDelays>;
}
