/** The time that bot, stand-ins and queues share in the harness: it moves only when nothing is left to do, from one due task to the next. */
import type { StandInClock } from '../../infra/local/stand-in/clock.ts';

export interface VirtualClock extends StandInClock {
  /** When the next task is due; undefined when nothing is planned. */
  nextDueMs(): number | undefined;
  /** Moves to `toMs` and runs what has fallen due, in its order. Never back. */
  moveTo(toMs: number): void;
  /** Lets time pass without running anything: somebody waited in vain. */
  skip(ms: number): void;
}

interface Task {
  readonly dueMs: number;
  readonly run: () => void;
}

export function createVirtualClock(startMs: number): VirtualClock {
  let nowMs = startMs;
  let tasks: Task[] = [];
  const next = () => tasks.reduce<Task | undefined>((a, b) => (a && a.dueMs <= b.dueMs ? a : b), undefined);
  const after = (delayMs: number, run: () => void) => {
    const task = { dueMs: nowMs + Math.max(0, delayMs), run };
    tasks.push(task);
    return () => void (tasks = tasks.filter((other) => other !== task));
  };
  return {
    nowMs: () => nowMs,
    after,
    nextDueMs: () => next()?.dueMs,
    moveTo(toMs) {
      nowMs = Math.max(nowMs, toMs);
      for (let task = next(); task && task.dueMs <= nowMs; task = next()) {
        const due = task;
        tasks = tasks.filter((other) => other !== due);
        due.run();
      }
    },
    skip: (ms) => void (nowMs += ms),
  };
}
