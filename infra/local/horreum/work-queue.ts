/** The queue between Horreum's uploads and its workers. It can die and leave all else looking healthy. */

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
